"""Tests of `api/desk`."""
