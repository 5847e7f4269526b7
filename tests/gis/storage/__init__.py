"""Tests of how geometry lies in a GeoPackage and in PostGIS."""
