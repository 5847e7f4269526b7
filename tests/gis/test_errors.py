"""Does every refusal of geography speak both languages and hang in the tree?"""

from __future__ import annotations

from gis.errors import CrsError, FeatureError, FieldError, GeometryError, GisError, LayerError, SourceError


def test_error_shows_chinese_first_then_english() -> None:
    """A message is `中文 / English` (HOUSE rule)."""
    error = GisError("无坐标系", "no CRS")
    assert (error.zh, error.en, str(error)) == ("无坐标系", "no CRS", "无坐标系 / no CRS")


def test_errors_follow_the_data_from_source_to_field() -> None:
    """The tree is source > layer > feature > geometry, field; a CRS belongs to a layer (style.md section 7)."""
    assert issubclass(GeometryError, FeatureError)
    assert issubclass(FieldError, FeatureError)
    assert issubclass(FeatureError, LayerError)
    assert issubclass(CrsError, LayerError)
    assert issubclass(LayerError, SourceError)
