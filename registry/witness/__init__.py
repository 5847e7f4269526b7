"""Did the register keep the rules, as far as somebody beside it can see? The program of the supervision bureau (监察局).

A *witness* keeps, for each log that it watches, the last head that it cosigned, every entry below it and its own copy of the
state map. It cosigns a new head only if the log grew from that one and P1 to P6 hold for every entry up to it; what it refuses it
keeps as evidence. It has its own key, store and system user, and does not start where it can read the log's private key.

The standard library, `cryptography`, `registry.ledger.verify` and `registry.ledger.signing` only: no other code of the register
runs here. `words` says what a cosignature states, `state` is the copy of the map, `judging` the rules, `material` what a log hands
over, `store` what is kept, `protocol` the answers, `server` HTTP, `stick` files, `receipt` paper, `command` the program.
"""
