"""Tests of the guarantee: π, verdicts, and how they are said."""
