"""Exports, the published copy, and what the browser is shown."""
