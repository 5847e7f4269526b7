"""What strangers run: is a note signed, does a proof hold, does a log keep the public rules?

Nothing here imports the rest of the registry: the standard library and `cryptography`, public keys only, no network.
`strict` reads bytes that somebody hands in, `note` says who signed a checkpoint, `proofs` folds Merkle paths,
`tiles` knows the files of a published log, `replay` walks a log.
"""
