"""Tests of gis/sheets."""
