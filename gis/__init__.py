"""Where is the land, how large is it, and in which files does it travel: geometry without any person."""
