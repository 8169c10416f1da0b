"""Addresses, ids, hosts and reserved names are compared with regard to everything but the case of ASCII letters."""

from __future__ import annotations

import pytest

from tests.support.folded_places import PLACES, site_of_places

pytestmark = [pytest.mark.anyio, pytest.mark.slow]


async def test_no_text_is_taken_for_another() -> None:
    """In no place; each takes what it should."""
    async with site_of_places() as site:
        assert [place.name for place in PLACES if not await place.check(site, place.same)] == []
        taken = {place.name: await place.taken(site, 1) for place in PLACES}
    assert {name: texts for name, texts in taken.items() if texts} == {}
