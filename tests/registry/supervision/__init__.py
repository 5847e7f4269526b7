"""Tests of what the supervision bureau looks at."""
