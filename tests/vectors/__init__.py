"""Vectors that every verifier of ours must pass, and the scripts that make them."""
