"""What bureaus report of whom they serve."""
