"""Disturbs the service while an application uses it: kills, restarts, rate limits, resets and stalls."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final

import attrs

from tests.acceptance.scenarios.judging import Disturbance
from tests.acceptance.scenarios.processes import EmulatorServer

_GET: Final = {"method": "GET", "path": "/tenants/resources/tenants/v2/*"}
_CREATE: Final = {"method": "POST", "path": "/tenants/resources/tenants/v1"}
_RESETS: Final = 2.0
_STALL: Final = 1.5
_WITHHELD: Final = 2.0

USER: Final[dict[str, Any]] = {"id": "ann", "email": "ann@example.com", "tenantId": "t-0", "tenantIds": ["t-1"]}
"""The user whose token goes with requests."""


@attrs.frozen(kw_only=True)
class Ground:
    """The service behind an application, and the file with the token of one of its users."""

    emulator: EmulatorServer
    token: Path

    async def sign_in(self) -> None:
        """Have the user sign in, again when the token was revoked."""
        issued = await self.emulator.ask("POST", "user-tokens", {"user_id": USER["id"], "tenantId": USER["tenantId"]})
        fresh = self.token.with_suffix(".new")
        fresh.write_text(issued["accessToken"])
        fresh.replace(self.token)


Act = Callable[[Ground], Awaitable[float]]
"""Does it, and returns how many seconds after its return it still acts."""


@attrs.frozen(kw_only=True)
class Step:
    """One disturbance; with ``is_short`` it is part of the short form too."""

    name: str
    act: Act
    is_short: bool = False


async def disturb(step: Step, ground: Ground) -> Disturbance:
    """Do it; return from when to when."""
    begun = time.monotonic()
    lasting = await step.act(ground)
    return Disturbance(name=step.name, begun=begun, ended=time.monotonic() + lasting)


async def _terminate(ground: Ground) -> float:
    await ground.emulator.restart(signal.SIGTERM)
    return 0.0


async def _kill(ground: Ground) -> float:
    await ground.emulator.restart(signal.SIGKILL)
    return 0.0


async def _revoke(ground: Ground) -> float:
    await ground.emulator.ask("POST", "revoke-tokens")
    await ground.sign_in()
    return 0.0


async def _withhold(ground: Ground) -> float:
    """Revoke tokens and give none."""
    failing = {"type": "status", "status": 503}
    await ground.emulator.ask(
        "POST", "faults", {"stage": "accept", "action": failing, "match": {"path": "/auth/vendor"}}
    )
    await ground.emulator.ask("POST", "revoke-tokens")
    await asyncio.sleep(_WITHHELD)
    await ground.emulator.ask("DELETE", "faults")
    await ground.sign_in()
    return 0.0


def _limit(match: dict[str, Any], seconds: float) -> Act:
    async def act(ground: Ground) -> float:
        once = {**match, "times": 1}
        action = {"type": "rate_limit", "reset_in": seconds, "with_header": True}
        await ground.emulator.ask("POST", "faults", {"stage": "accept", "action": action, "match": once})
        return seconds

    return act


async def _reset(ground: Ground) -> float:
    for stage in ("accept", "after_commit"):
        match = {"path": "/tenants/*", "probability": 0.1}
        await ground.emulator.ask("POST", "faults", {"stage": stage, "action": {"type": "reset"}, "match": match})
    await asyncio.sleep(_RESETS)
    await ground.emulator.ask("DELETE", "faults")
    return 0.0


async def _stall(ground: Ground) -> float:
    await ground.emulator.ask(
        "POST", "faults", {"stage": "accept", "action": {"type": "delay", "seconds": 60.0}, "match": {}}
    )
    await asyncio.sleep(_STALL)
    await ground.emulator.ask("DELETE", "faults")
    return 0.0


STEPS: Final = (
    Step(name="killed and started again", act=_kill, is_short=True),
    Step(name="tokens revoked", act=_revoke, is_short=True),
    Step(name="connections reset", act=_reset, is_short=True),
    Step(name="ended and started again", act=_terminate),
    Step(name="reads limited for 2 s", act=_limit(_GET, 2.0)),
    Step(name="creations limited for 4 s, longer than calls may wait", act=_limit(_CREATE, 4.0)),
    Step(name="stalled", act=_stall),
    Step(name="tokens revoked and none given", act=_withhold),
)
