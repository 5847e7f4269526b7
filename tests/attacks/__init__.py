"""Attacks on the register: what is refused, and what is named."""
