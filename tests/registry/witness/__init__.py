"""Tests of the supervision bureau's own program."""
