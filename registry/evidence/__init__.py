"""Papers and photographs as evidence: what may come in, what is taken out of it, what is kept and stated of it.

`keeping.receive` is the way in; `apart` cleans a file in a process that can do no harm; `clean*` is what that process runs.
"""
