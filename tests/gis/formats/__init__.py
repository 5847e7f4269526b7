"""Tests of the files in which geography comes in and goes out."""
