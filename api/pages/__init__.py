"""What every page looks like: one base, a few parts, one style sheet, one language at a time. `api.plain` writes them."""
