"""Tests of applications, events and who waits."""
