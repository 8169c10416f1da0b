"""Row 48: addresses, ids, hosts and reserved names that fold to others, wherever some are compared."""

from __future__ import annotations

import sys
from typing import Final

from tests.acceptance.scoreboard.row import Finding, Row, Setting
from tests.support.folded_places import PLACES, lookalikes, site_of_places

_MOST: Final = 3


async def measure(setting: Setting) -> Finding:
    """Give each place texts that Unicode folds to the one that is there; in full, every one of them."""
    most = sys.maxunicode if setting.full else _MOST
    wrong, tried = list[str](), 0
    async with site_of_places() as site:
        for place in PLACES:
            if not await place.check(site, place.same):
                wrong.append(f"{place.name}: {place.same!r} is not taken for {place.base!r}")
            tried += len(lookalikes(place.base, most))
            taken = await place.taken(site, most)
            wrong += [f"{place.name}: {text!r} is taken for {place.base!r}" for text in taken]
    return Finding(
        figure=f"{len(wrong)} of {tried:,} texts taken for equal, in {len(PLACES)} places",
        passed=not wrong and tried > len(PLACES),
        details=tuple(wrong[:20]),
    )


ROWS: Final = (
    Row(
        number=48,
        name="folded-names",
        title="addresses, ids and hosts that fold to others (Unicode case, ß, ligatures, Kelvin, dots)",
        target="taken for equal where the service would not 0",
        measure=measure,
        starred=True,
        time_limit=100.0,
        early=True,
    ),
)
