"""What is written down of who looked."""
