"""What can go wrong with a delivered piece of geography, and how deep in the delivery does it lie?

The tree follows the data: a *source* (file) holds *layers*, a layer holds *features*, a feature holds one
*geometry* and its *fields*, and the layer's *CRS* says where the numbers lie. The refusals themselves stand
beside the rules that raise them and inherit from here. A message is Chinese first, then English: what, where,
what to do.
"""

from __future__ import annotations


class GisError(Exception):
    """Raised when geography is refused; `zh` and `en` say the same thing, `str()` gives both as `zh / en`."""

    def __init__(self, zh: str, en: str) -> None:
        """Keep both sentences; a caller shows one or both and never writes its own."""
        super().__init__(zh, en)
        self.zh = zh
        self.en = en

    def __str__(self) -> str:
        """Give both languages, Chinese first."""
        return f"{self.zh} / {self.en}"


class SourceError(GisError):
    """Raised when a file as a whole cannot be read or written."""


class LayerError(SourceError):
    """Raised when the file can be opened, but a layer in it cannot be used."""


class FeatureError(LayerError):
    """Raised when one row of a layer makes the layer unusable."""


class GeometryError(FeatureError):
    """Raised when the geometry of one row makes the layer unusable."""


class FieldError(FeatureError):
    """Raised when a value of one field makes the layer unusable; the message names row and field."""


class CrsError(LayerError):
    """Raised when it is not certain on which projection the coordinates of a layer were surveyed."""


class AreaError(GisError):
    """Raised when a text or number is not an area."""
