"""Tests of who it is and what they may do."""
