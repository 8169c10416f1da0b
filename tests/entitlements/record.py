"""Record the decisions of Frontegg's own evaluator: ``python -m tests.entitlements.record``."""

from __future__ import annotations

import json
from hashlib import sha256

from tests.entitlements.cases import Maker
from tests.entitlements.deciding import decided_by_node
from tests.entitlements.test_reference import RECORDED

SEED = 1
COUNT = 1_000


def main() -> None:
    """Decide the cases and write the table."""
    maker = Maker(SEED)
    cases = [maker.case() for _ in range(COUNT)]
    table = {
        "seed": SEED,
        "cases": sha256(json.dumps(cases).encode()).hexdigest(),
        "decisions": decided_by_node(cases),
    }
    RECORDED.write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
