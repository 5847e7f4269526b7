"""Parcels become others, and every right on them goes on."""
