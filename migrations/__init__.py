"""The steps from an empty database to today's schema. Guarded tables only ever grow."""
