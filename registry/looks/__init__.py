"""Who looked at what is kept of a person, who was refused when he would touch a right: a log that only grows.

`keeping.looked` is the one way in, `reading` what the person is told; `registry.audit.looks` asks whether it is whole.
"""
