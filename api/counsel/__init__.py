"""What is behind `/counsel`: for whom a lawyer acts, until when, and what they see of that one person and begin for them."""
