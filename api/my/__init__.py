"""What is behind `/my`: whose page it is, what stands on it in sentences, and what can be asked from it. It ends nothing."""
