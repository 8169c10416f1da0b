"""Row 41: whatever is dropped, deleted, removed or replaced is the package's own."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Final

from tests.acceptance.scoreboard.row import Finding, Row, Setting
from tests.acceptance.scoreboard.rows.foreign_objects import databases
from tests.acceptance.scoreboard.rows.foreign_objects.files import CROWDS, TARGETS, USES, changed
from tests.support.foreign_objects import OBJECTS
from tests.support.postgres import postgres_server


async def measure_foreign_objects(setting: Setting) -> Finding:
    """Run all of it where others have files, and objects in databases."""
    lost: list[str] = []
    cases = [(use, target, crowd) for use in USES for target in TARGETS for crowd in CROWDS]
    setting.rng("files").shuffle(cases)
    for use, target, crowd in cases:
        with tempfile.TemporaryDirectory() as directory:
            found = await changed(Path(directory), use, target, *crowd)
        lost += [f"{use} changed {name}, where there is {target}" for name in found]
    groups = [tuple(OBJECTS), *((kind,) for kind in OBJECTS if setting.full)]
    with postgres_server() as server:
        for kinds in groups:
            lost += await databases.changed_in_place(server, kinds)
            lost += await databases.changed_beside(server, kinds)
        lost += await databases.changed_above(server)
    return Finding(
        figure=f"foreign objects changed {len(lost)}: {len(cases)} directories,"
        f" {len(OBJECTS)} kinds of objects in {3 * len(groups) + 1} databases",
        passed=not lost,
        details=tuple(lost[:12]),
    )


ROWS: Final = (
    Row(
        number=41,
        name="foreign-objects",
        title="ledgers, exports, profiles, records and stores where others have files of such names, and objects in"
        " the schema",
        target="foreign objects changed 0",
        measure=measure_foreign_objects,
        starred=True,
    ),
)
