"""Decisions about the rights themselves."""
