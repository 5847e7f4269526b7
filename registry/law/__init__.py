"""The law as dated data: the closed list of lawful causes, and what decisions read, each with its source."""
