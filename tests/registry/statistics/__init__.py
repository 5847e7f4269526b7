"""Figures for the bureaus: counted right, masked so that nobody is recognised, without targets or rankings."""
