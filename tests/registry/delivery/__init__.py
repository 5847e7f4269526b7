"""Tests of the import of survey deliveries."""
