"""The register written back as the delivery folder of NY/T 2539: 汇交, the hand-in."""

from registry.handin.make import HandedIn, hand_in

__all__ = ["HandedIn", "hand_in"]
