"""Tests of the comparison with authoritative books."""
