"""The closed list of lawful causes, pair by pair, against the database and the acts (causes.md, last section)."""
