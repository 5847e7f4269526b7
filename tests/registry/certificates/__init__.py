"""Tests of registry/certificates."""
