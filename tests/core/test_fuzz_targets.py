"""The fuzz targets hold for their seeds and for earlier findings, without the fuzzer."""

from __future__ import annotations

from typing import Final

import pytest
from quality.fuzz_targets import addresses, bodies, headers, routes, tokens
from quality.fuzz_targets.target import Target

_TARGETS: Final = (headers.TARGET, bodies.TARGET, addresses.TARGET, routes.TARGET, tokens.TARGET)


@pytest.mark.parametrize("target", _TARGETS, ids=lambda target: target.name)
def test_seeds(target: Target) -> None:
    """Every seed keeps to the properties, as do nothing and halves of seeds."""
    seeds = list(target.seeds())
    assert len(seeds) >= 10
    for seed in (b"", *seeds):
        target.run(seed)
        target.run(seed[: len(seed) // 2])
        target.run(seed[::-1])
