"""What does a survey delivery look like? Three villages, sixty made-up households, and their script."""
