"""Figures for the bureaus on any day: how many people, where they come from, what those who settled still hold."""

from __future__ import annotations

from registry.statistics.figures import Figure, NoSuchFigureError, figures

__all__ = ["Figure", "NoSuchFigureError", "figures"]
