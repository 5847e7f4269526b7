"""Keep a golden database of a release, for both engines: what every later version must be able to upgrade.

    python house/golden.py VERSION POSTGIS_ADMIN_URL

Small, made-up people. The embedded one is the GeoPackage itself, the other a plain `pg_dump`; one key file for both
(a key file of made-up people protects nobody).
"""

from __future__ import annotations

import gzip
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from migrations.upgrade import create
from registry.delivery.register import import_delivery
from registry.holding import read as holdings
from registry.holding.model import HOLDING
from registry.ledger.chain import read_chains
from registry.ledger.commit import Officer
from registry.residence import Registration
from registry.settlement import settle_family
from registry.store.copying import drop_copy, new_database
from registry.store.settings import Settings

GOLDEN = Path(__file__).parent.parent / "tests" / "golden"
DELIVERY = Path(__file__).parent.parent / "sample_parcels" / "delivery" / "150626乌审旗"
ROLES = "golden"
HOUSEHOLD = "150626100210000001"
MOVED = "2017-05-08"


def main(version: str, admin_url: str) -> None:
    """Write tests/golden/VERSION."""
    target = GOLDEN / version
    target.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as base:
        folder = Path(base)
        embedded = Settings(folder / "file", "file", "150626", "乌审旗", folder / "file.key", durable=False)
        _fill(embedded)
        shutil.copy(embedded.key_file, target / "file.key")
        with gzip.open(target / "registry.gpkg.gz", "wb") as out:
            out.write(embedded.database.read_bytes())
        url = new_database(admin_url, f"golden_{version.replace('.', '_')}")
        served = Settings(folder / "pg", "postgis", "150626", "乌审旗", folder / "pg.key", url=url, roles=ROLES)
        _fill(served)
        shutil.copy(served.key_file, target / "postgis.key")
        dump = subprocess.run(["pg_dump", "--no-owner", url], check=True, capture_output=True).stdout
        with gzip.open(target / "registry.sql.gz", "wb") as out:
            out.write(dump)
        drop_copy(served)


def _fill(settings: Settings) -> None:
    store = create(settings)
    import_delivery(store, DELIVERY, Officer("张晓梅", "农牧业局"))
    with store.reading() as connection:
        holding = holdings.by_code(connection, HOUSEHOLD) or ""
        chain = read_chains(connection, HOLDING, [holding])[holding]
        family = [m.person_id for m in holdings.members(chain[-1])]
    town = Registration("", MOVED, "G-1", "", "150626100010", "嘎鲁图镇文苑社区", "文苑社区")
    settle_family(store, family, day=MOVED, town=town, officer_name="王警官", key="golden")
    store.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
