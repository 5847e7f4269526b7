"""How is a whole region looked at, on the processors of several machines?

The same functions as for one county, run by Dask: a village's parcels stay with the worker that holds them. What travels
are rims, the faces near a village, and parcels near faces that several may cover. When a worker dies, its villages are
read and looked at again elsewhere. Needs the optional libraries `sanquan[region]`; a clerk's PC does without.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from itertools import accumulate
from operator import getitem
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from gis.errors import GisError
from gis.topology.coverage import by_village, faults_of, part_of
from gis.topology.pairs import TOLERANCE_M2

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from distributed import Client, Future
    from geopandas import GeoDataFrame
    from numpy.typing import NDArray

    from gis.topology.coverage import Faults, Part


class RegionExtraMissing(GisError):
    """Raised when the libraries that spread work over machines are not installed."""

    def __init__(self) -> None:
        """Say how they are."""
        super().__init__(
            "没有装跨机计算用的库；请运行 pip install 'sanquan[region]'",
            "the libraries that spread work over machines are missing: pip install 'sanquan[region]'",
        )


class ClusterUnreachable(GisError):
    """Raised when nobody answers at the cluster's address."""

    def __init__(self, address: str) -> None:
        """Name the address."""
        super().__init__(
            f"连不上计算集群 {address}；请核对地址 (例 tcp://10.0.0.5:8786)，并看 dask scheduler 是否在运行",
            f"no cluster answers at {address}: check the address (such as tcp://10.0.0.5:8786) and that dask scheduler runs",
        )


def coverage_faults_on(
    cluster: str | None,
    parcels: NDArray[Any] | Path,
    villages: NDArray[Any] | Sequence[Any] | str,
    tolerance_m2: float = TOLERANCE_M2,
) -> Faults:
    """What `coverage_faults` says, on a cluster.

    `cluster`: the scheduler's address, or None for processes on this machine. `parcels`: polygons in projected metres with
    `villages` one value each; or a GeoParquet file or folder that every worker can read, with `villages` the name of its
    column: rows then count through its files in the order of their names. A village divided between two row groups is
    two units of work, which changes the answer in nothing but `loose` and `went`.
    """
    with _client(cluster) as client:

        def each(function: Callable[..., Any], *columns: Sequence[Any]) -> list[Any]:
            return list(client.gather(client.map(function, *columns, pure=False)))

        if isinstance(parcels, Path):
            parts = _read(client, parcels, str(villages))
        else:
            geoms = np.asarray(parcels, dtype=object)
            parts = [client.submit(part_of, geoms[rows], rows, pure=False) for rows in by_village(villages)]
        return faults_of(parts, each, tolerance_m2)


def require_cluster(address: str) -> None:
    """Raise `RegionExtraMissing` or `ClusterUnreachable` before anything else is done that would then be in vain."""
    with _client(address):
        pass


def _read(client: Client, path: Path, villages: str) -> list[Future[Any]]:
    """The parts of all villages, each read by a worker and kept there."""
    import dask_geopandas  # noqa: PLC0415  (an extra; `_client` has said so)

    frame = dask_geopandas.read_parquet(path)
    frames = client.compute(frame[[villages, frame.geometry.name]].to_delayed())
    lengths = client.gather(client.map(len, frames))
    groups = client.map(_parts, frames, [*accumulate(lengths, initial=0)][:-1], village=villages)
    counts = client.gather(client.map(len, groups))
    return [
        client.submit(getitem, group, number)
        for group, count in zip(groups, counts, strict=True)
        for number in range(count)
    ]


def _parts(frame: GeoDataFrame, first: int, village: str) -> list[Part]:
    geoms = frame.geometry.to_numpy()
    return [part_of(geoms[rows], first + rows) for rows in by_village(frame[village].to_numpy())]


@contextmanager
def _client(cluster: str | None) -> Iterator[Client]:
    try:
        import dask_geopandas  # noqa: F401, PLC0415  (an extra)
        from distributed import Client, LocalCluster  # noqa: PLC0415  (an extra)
    except ImportError as missing:
        raise RegionExtraMissing from missing
    if cluster is None:
        with LocalCluster(
            n_workers=os.cpu_count(), threads_per_worker=1, dashboard_address=":0"
        ) as here, Client(here) as client:
            yield client
        return
    try:
        client = Client(cluster, timeout="10s")
    except (OSError, ValueError) as silent:
        raise ClusterUnreachable(cluster) from silent
    with client:
        yield client
