"""What is put up, and what is sent."""
