"""What is the peer of an export? `python -m bench.arrow_peer FORM FLAT.gpkg OUT`: pyogrio's Arrow stream, in and out."""

from __future__ import annotations

import sys
from typing import Any

import pyarrow.parquet as pq
import pyogrio

DRIVERS = {"gpkg": "GPKG", "shp": "ESRI Shapefile", "fgb": "FlatGeobuf", "pmtiles": "PMTiles"}
LAYERS = {"gpkg": ("parcels", "rights"), "pmtiles": ("parcels",)}


def main(form: str, flat: str, out: str) -> None:
    """Write the layers that our export of this format has."""
    for layer in LAYERS.get(form, ("rights",)):
        with pyogrio.open_arrow(flat, layer=layer, use_pyarrow=True) as (about, stream):
            if form == "parquet":
                with pq.ParquetWriter(out, stream.schema) as file:
                    for batch in stream:
                        file.write_batch(batch)
                continue
            how: dict[str, Any] = {"geometry_name": about["geometry_name"] or "wkb_geometry", "crs": about["crs"]}
            if form == "pmtiles":
                how["dataset_options"] = {"MINZOOM": "8", "MAXZOOM": "15", "MAX_SIZE": "2000000"}
            if form == "shp":
                how["encoding"] = "UTF-8"
            kind = "Polygon" if form == "shp" else "Unknown"
            pyogrio.write_arrow(stream, out, layer=layer, driver=DRIVERS[form], geometry_type=kind, **how)


if __name__ == "__main__":
    main(*sys.argv[1:])
