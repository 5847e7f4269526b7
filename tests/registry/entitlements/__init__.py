"""Services follow the status, land or no land."""
