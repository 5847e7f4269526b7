"""Random histories: whatever is done in whatever order, the model, the tables and the log say the same."""
