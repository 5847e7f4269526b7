"""Tests of the law as dated data: the closed list of causes and the parameters."""
