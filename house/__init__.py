"""Scripts that build, judge and write for the house; nothing here ships."""
