"""Tests of the check of subsidy lists."""
