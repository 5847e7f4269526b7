"""A guarded noun: the three rights and the operating right."""
