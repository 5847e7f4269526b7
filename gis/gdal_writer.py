"""How does a flow of rows become layers by GDAL, in a process that reads no file of anybody?

`gis.formats.flowing` starts it. It takes on its standard input, for each layer, one line of JSON (path, layer, driver and
what else pyogrio's `write_arrow` takes) and then an Arrow stream. It is a process of its own because GDAL chooses a reader
by a file's contents: the process that reads deliveries has three drivers and no more (gis/formats/drivers.py), this one
writes and has them all. And GDAL works beside the reading of the next rows, and its memory is gone when it ends.
"""

from __future__ import annotations

import json
import sys
import warnings
from typing import Any

import pyarrow as pa

if __name__ == "__main__":
    # Frames are pyogrio's only for who asks for them, and take longer to load than GDAL.
    sys.modules["pandas"] = sys.modules["geopandas"] = None  # type: ignore[assignment]  # so an import of them fails
import pyogrio

FAILED = 1
UNWRITABLE = (
    pyogrio.errors.DataSourceError,
    pyogrio.errors.DataLayerError,
    pyogrio.errors.FeatureError,
    OSError,
    RuntimeError,
    RuntimeWarning,
)
"""What GDAL cannot write ends as one of these."""
# A GeoPackage's R*Tree made beside the rows is held in memory until its end: 100,000 parcels twice are 200 MB.
pyogrio.set_gdal_config_options({"OGR_GPKG_ALLOW_THREADED_RTREE": False})


def write_layer(rows: Any, order: dict[str, Any]) -> None:  # noqa: ANN401  (an Arrow stream)
    """Write one layer; UNWRITABLE."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)  # what GDAL would lose in silence
        pyogrio.write_arrow(rows, **order)


def main() -> int:
    """Write the layers; the reason on standard error, and 1, where GDAL cannot."""
    given = sys.stdin.buffer
    try:
        while order := given.readline():
            write_layer(pa.ipc.open_stream(given), json.loads(order))
    except UNWRITABLE as error:
        sys.stderr.write(str(error))
        return FAILED
    return 0


if __name__ == "__main__":
    sys.exit(main())
