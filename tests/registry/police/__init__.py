"""Tests of the import from the police network."""
