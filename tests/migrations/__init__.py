"""Every release's database is upgraded, step by step, and keeps its answers."""
