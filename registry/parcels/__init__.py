"""A guarded noun: pieces of land with one boundary."""
