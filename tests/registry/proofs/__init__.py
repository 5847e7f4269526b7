"""Certificates as the register makes them, on both engines."""
