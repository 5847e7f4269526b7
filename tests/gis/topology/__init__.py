"""Tests of what is found wrong with parcels."""
