"""Tests of registry/sheets."""
