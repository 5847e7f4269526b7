"""What becomes of files that come from outside."""
