"""Is what a clerk asks at the counter readable at every width, in both languages: 成员, a second plot, 附记, 情况说明?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.api.access_people import service
from tests.api.chromium import CHROMIUM, browsing
from tests.api.desk.test_desk import Office, office
from tests.api.desk.test_membership import PURPOSE, number_of
from tests.api.desk.working import address, opened, signed_in
from tests.api.looking import WIDTHS, faults_of, looked_through, pictures

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["address", "office", "service"]
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium")


def test_what_is_asked_at_the_counter_holds_at_every_width(office: Office, address: str, tmp_path: Path) -> None:
    """/desk/membership, the forms of a homestead with what else is held, the parcel's page with 情况说明."""
    village, kept = office.village, pictures(tmp_path)
    plot = village.rights["homestead"]
    pages = [
        ("desk-membership", f"/desk/membership?person={village.people[0]}"),
        ("desk-heirs", f"/desk/new?thing={plot}&kind=inherited"),
        ("desk-second-plot", f"/desk/new?thing={village.holding}&kind=homestead-registered"),
        ("desk-explained", f"/desk/parcels?thing={village.parcels['homestead']}"),
    ]
    with browsing(tmp_path) as tab:
        signed_in(tab, address, office.realty)
        assert faults_of(tab, address, pages if not office.store.on_postgresql else pages[:1], kept) == []
        # The answer is written by a form: it is filled as somebody at the counter does.
        opened(tab, f"{address}/desk/membership")
        tab.evaluate(f"document.getElementById('field-id_number').value = {number_of(0)!r}")
        tab.evaluate(f"document.getElementById('field-purpose').value = {PURPOSE!r}")
        tab.evaluate("document.querySelector('form[action=\"/desk/membership\"]').submit()")
        tab.wait_for("!!document.querySelector('.badge.good')")
        assert looked_through(tab) == []
        for width in WIDTHS:
            (kept / f"desk-member-{width}.jpg").write_bytes(tab.whole_picture(width))
            assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
