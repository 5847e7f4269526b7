"""Tests of geometry: projections, areas, storage, files and topology; no person occurs in them."""
