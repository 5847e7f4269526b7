"""Parcels out of parcels."""
