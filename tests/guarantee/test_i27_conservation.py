"""I27: do splitting, joining, adjusting and correcting conserve recorded areas, land, rights and lineage, in any order?"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from decimal import Decimal

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from gis.lineage import CutError
from gis.topology import overlaps
from registry.audit import audit
from registry.ledger.act import ActFields, Will
from registry.ledger.chain import read_chains
from registry.ledger.commit import Desk, desk
from registry.ledger.nouns import Version
from registry.parcels.model import PARCEL
from registry.reshaping import Plan, plan_adjustment, plan_correction, plan_join, plan_split, reshape
from registry.reshaping.refusals import WouldOverlap
from registry.rights.acts import Contracted
from registry.rights.model import RIGHT
from registry.store.engines import Store
from tests.registry.made_up import CLERK, register_village
from tests.registry.reshaping.test_burdens import WHOLE, let

# Histories of ten acts each: (embedded file, PostGIS).
_RUNS = {"desk": (3, 2), "ci": (25, 12), "torture": (300, 150)}
_PAPER = "e" * 64
_WEST, _SOUTH, _SIDE = 577_000.0, 4_263_000.0, 2561446.67**0.5
_FIGURES = ("surveyed_area_m2", "surveyed_area_mu")


class Pasture(RuleBasedStateMachine):
    """A pasture of one contract, let to somebody, is cut up, joined and moved about; a model counts only what must not change."""

    make_store: Callable[[], Store]

    @initialize()
    def registered(self) -> None:
        """The made-up village; its pasture is one parcel."""
        self.store = self.make_store()
        self.village = register_village(self.store)
        self.right = self.village.rights["contract-grass"]
        self.lease = let(self.store, self.village, [Contracted(self.village.parcels["grass"], *WHOLE)])
        self.live = [self.village.parcels["grass"]]
        self.ended: list[str] = []
        self.month = 0
        (before,) = self._chains(self.live).values()
        self.land = before[-1].geometry
        self.figures = {name: Decimal(before[-1].columns[name]) for name in _FIGURES}

    @rule(which=st.integers(0, 99), share=st.floats(0.1, 0.9), tilt=st.floats(-0.3, 0.3))
    def split(self, which: int, share: float, tilt: float) -> None:
        """A line from south to north, a little askew."""
        parcel = self.live[which % len(self.live)]
        west, south, east, north = self._shape(parcel).bounds
        at, lean = west + share * (east - west), tilt * (east - west)
        line = shapely.LineString([(at - lean, south - 9), (at + lean, north + 9)])
        made = self._do(lambda desk: plan_split(desk, parcel, line, day=self._day()))
        if made is not None:
            self._replace([parcel], made)

    @rule(which=st.integers(0, 99))
    def join(self, which: int) -> None:
        """Two that adjoin."""
        pair = self._adjoining(which)
        if pair is not None:
            made = self._do(lambda desk: plan_join(desk, pair, day=self._day()))
            assert made is not None
            self._replace(pair, made)

    @rule(which=st.integers(0, 99), lean=st.floats(-0.2, 0.2))
    def adjust(self, which: int, lean: float) -> None:
        """A new boundary between two that adjoin."""
        pair = self._adjoining(which)
        if pair is not None:
            one, other = (self._shape(parcel) for parcel in pair)
            west, south, east, north = shapely.union(one, other).bounds
            at = (one.centroid.x + other.centroid.x) / 2
            line = shapely.LineString([(at - lean * (east - west), south - 9), (at + lean * (east - west), north + 9)])
            self._do(lambda desk: plan_adjustment(desk, pair[0], pair[1], line, day=self._day()))

    @rule(which=st.integers(0, 99), into_neighbour=st.booleans())
    def correct(self, which: int, into_neighbour: bool) -> None:
        """A survey of the same fence with one more vertex; one that reaches into a neighbour is refused."""
        parcel = self.live[which % len(self.live)]
        shape = self._shape(parcel)
        if not into_neighbour:
            self._do(lambda desk: plan_correction(desk, parcel, shapely.segmentize(shape, 900.0), day=self._day()))
        elif len(self.live) > 1:
            with desk(self.store, CLERK) as at, pytest.raises(WouldOverlap):
                plan_correction(at, parcel, shapely.box(_WEST, _SOUTH, _WEST + _SIDE, _SOUTH + _SIDE), day=self._day())

    @invariant()
    def nothing_is_lost(self) -> None:
        """Land, each figure, the contract's list and the lease's with their areas, and where each parcel came from."""
        chains = self._chains([*self.live, *self.ended])
        now = {parcel: chains[parcel][-1] for parcel in self.live}
        shapes = np.array([version.geometry for version in now.values()], dtype=object)
        assert shapely.is_valid(shapes).all()
        assert overlaps(shapes) == []
        assert shapely.area(shapely.symmetric_difference(shapely.union_all(shapes), self.land)) < 0.01
        for name, whole in self.figures.items():
            assert sum(Decimal(version.columns[name]) for version in now.values()) == whole
        with self.store.reading() as connection:
            rights = read_chains(connection, RIGHT, [self.right, self.lease])
        for chain in rights.values():
            lines = chain[-1].children["right_parcel"]
            assert sorted(line["parcel_id"] for line in lines) == sorted(self.live)
            for unit, name in (("m2", "surveyed_area_m2"), ("mu", "surveyed_area_mu")):
                assert sum(Decimal(line[f"contract_area_{unit}"]) for line in lines) == self.figures[name]
        assert rights[self.right][-1].columns["burdens"] == json.dumps([self.lease])
        assert {chains[parcel][-1].status for parcel in self.ended} <= {"ended"}
        for parcel in self.live:
            assert set(json.loads(now[parcel].columns["parents"])) <= set(self.ended)

    def teardown(self) -> None:
        """Whatever was done, every row agrees with the log."""
        if hasattr(self, "store"):
            assert audit(self.store).findings == ()
            self.store.close()

    def _do(self, make: Callable[[Desk], Plan]) -> dict[str, str] | None:
        self.month += 1
        with desk(self.store, CLERK) as at:
            try:
                plan = make(at)
            except CutError:  # a line that leaves a sliver, or more pieces than two
                return None
            wills = tuple(
                Will(person, _PAPER, self.village.people[0] if minor else None) for person, minor in plan.signs.items()
            )
            made = reshape(at, plan, ActFields(sources=(_PAPER,), wills=wills))
            at.commit()
        return made

    def _replace(self, old: list[str], made: dict[str, str]) -> None:
        self.live = [parcel for parcel in self.live if parcel not in old] + list(made.values())
        self.ended += old

    def _adjoining(self, which: int) -> list[str] | None:
        shapes = {parcel: self._shape(parcel) for parcel in self.live}
        pairs = [
            [one, other]
            for at, one in enumerate(self.live)
            for other in self.live[at + 1 :]
            if shapely.length(shapely.intersection(shapes[one], shapes[other])) > 1.0
        ]
        return pairs[which % len(pairs)] if pairs else None

    def _day(self) -> str:
        return f"{2020 + self.month // 12}-{self.month % 12 + 1:02}-01"

    def _shape(self, parcel: str) -> shapely.Polygon:
        shape = self._chains([parcel])[parcel][-1].geometry
        assert isinstance(shape, shapely.Polygon)
        return shape

    def _chains(self, parcels: list[str]) -> dict[str, list[Version]]:
        with self.store.reading() as connection:
            return read_chains(connection, PARCEL, parcels, geometry=True)


@pytest.mark.parametrize("engine_name", ["file", "postgis"])
def test_any_order_of_reshapings_conserves(
    make_store: Callable[[str], Store], engine_name: str, request: pytest.FixtureRequest
) -> None:
    """I27; issue 4, Show: random sequences keep the coverage valid, recorded areas, every right and lineage."""
    if engine_name == "postgis":
        request.getfixturevalue("postgis_admin_url")
    profile = os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "desk")
    runs = _RUNS[profile][engine_name == "postgis"]
    machine = type("Pasture", (Pasture,), {"make_store": staticmethod(lambda: make_store(engine_name))})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=runs, stateful_step_count=10, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
