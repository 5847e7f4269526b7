"""Tests of the house itself: the contracts between rooms, the commands, the wheel."""
