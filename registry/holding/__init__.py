"""A guarded noun: the member list of a contracting household, by which it holds land."""
