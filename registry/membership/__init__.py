"""A guarded noun: who belongs to which collective."""
