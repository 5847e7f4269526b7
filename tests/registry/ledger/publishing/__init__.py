"""The log leaves the house: keys, tiles, head, checkpoint."""
