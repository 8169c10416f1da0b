"""Row 34: mutated HTTP responses, read with aiohttp's parser in C and with the one in Python.

``python -m tests.acceptance.scoreboard.rows.mutated_answers SEED COUNT`` reads them with the parser that the
environment chooses, and prints what it found as JSON.
"""

from __future__ import annotations

import asyncio
import dataclasses
import gzip
import json
import os
import random
import sys
from pathlib import Path
from typing import Final

from frontegg_async import AsyncFrontegg, FronteggError, Options
from tests.acceptance.scoreboard.row import Finding, Row, Setting
from tests.acceptance.scoreboard.support import tenant_answers
from tests.acceptance.scoreboard.support.own_time import own_time
from tests.support.faults.http import RawRequest, answer_bytes, read_request, serving

_ROOT: Final = Path(__file__).resolve().parents[4]
_COUNT: Final = 10_000
_AT_ONCE: Final = 40
_PATIENCE: Final = 60.0
"""Seconds after which a call that never notices the end is told; far more than a busy machine takes to answer."""
_LONGEST: Final = 1.0
"""Seconds from the end of a connection to the end of the call, without those that others had the processor."""
_INDEX: Final = "x-answer"
_ROW: Final = json.dumps({**tenant_answers.tenant("t", {}), "address": "x" * 3_000}).encode()
_OK: Final = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


def _chunked(body: bytes, size: int) -> bytes:
    parts = [body[start : start + size] for start in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


_ANSWERS: Final = (
    answer_bytes(200, raw=_ROW),
    answer_bytes(200, raw=gzip.compress(_ROW), headers={"Content-Encoding": "gzip"}),
    _OK + b"Transfer-Encoding: chunked\r\n\r\n" + _chunked(_ROW, 700),
    _OK + b"Transfer-Encoding: chunked\r\nTrailer: x\r\n\r\n" + _chunked(_ROW, 3_500)[:-2] + b"x: y\r\n\r\n",
    _OK + b"Connection: close\r\n\r\n" + _ROW,
    answer_bytes(404, {"errors": ["no"]}),
    b"HTTP/1.1 100 Continue\r\n\r\n" + answer_bytes(200, raw=_ROW),
)
_PIECES: Final = (
    b"\r\n",
    b"\r",
    b"\n",
    b"\x00",
    b"0\r\n\r\n",
    b"Content-Length: 5\r\n",
    b"Transfer-Encoding: chunked\r\n",
)


def mutated(rng: random.Random) -> bytes:
    """Return an answer with one to three changes, most of them in its head or between chunks."""
    data = bytearray(rng.choice(_ANSWERS))
    for _ in range(rng.randint(1, 3)):
        place = rng.randrange(min(len(data), 250)) if rng.random() < 0.5 else rng.randrange(len(data))
        match rng.randrange(6):
            case 0:
                data[place] = rng.randrange(256)
            case 1:
                del data[place : place + rng.randint(1, 8)]
            case 2:
                data[place:place] = rng.choice(_PIECES)
            case 3:
                data[place:place] = data[place : place + rng.randint(1, 40)]
            case 4:
                del data[place:]
            case _:
                data[place:place] = rng.randbytes(rng.randint(1, 5))
        data = data or bytearray(b"x")
    return bytes(data)


@dataclasses.dataclass
class Tally:
    """Counts the results of reading the responses."""

    calls: int = 0
    values: int = 0
    foreign: dict[str, int] = dataclasses.field(default_factory=dict)
    wrong: int = 0
    late: int = 0
    slowest: float = 0.0


class _Server:
    """Sends mutated responses in pieces, and closes the connection after each."""

    def __init__(self, answers: list[bytes], rng: random.Random) -> None:
        self._answers = answers
        self._rng = rng
        self.ended: dict[int, float] = {}

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection."""
        request = await read_request(reader, 0)
        while tenant_answers.is_authentication(request):
            writer.write(tenant_answers.answer(request))
            request = await read_request(reader, 0)
        await self._answer(request, writer)

    async def _answer(self, request: RawRequest, writer: asyncio.StreamWriter) -> None:
        index = int(request.headers[_INDEX])
        data = self._answers[index]
        cuts = sorted(self._rng.sample(range(len(data) + 1), min(2, len(data))))
        for start, end in zip((0, *cuts), (*cuts, len(data)), strict=True):
            writer.write(data[start:end])
            await writer.drain()
            await asyncio.sleep(0.002)
        self.ended[index] = own_time()


async def take(seed: str, count: int) -> Tally:
    """Make a call for each answer, some at once."""
    rng = random.Random(seed)
    state = _Server([mutated(rng) for _ in range(count)], rng)
    tally = Tally()
    indexes = iter(range(count))

    async def work() -> None:
        for index in indexes:
            await _call(client, state, index, tally)

    options = Options(timeout=_PATIENCE, deadline=None, max_retries=0)
    async with serving(state.serve) as port:
        url = f"http://127.0.0.1:{port}"
        async with AsyncFrontegg("id", "secret", base_url=url, options=options, max_connections=_AT_ONCE) as client:
            await client.check()
            await asyncio.gather(*(work() for _ in range(_AT_ONCE)))
    return tally


async def _call(client: AsyncFrontegg, state: _Server, index: int, tally: Tally) -> None:
    tally.calls += 1
    try:
        tenant = await client.tenants.get("t", options=Options(headers={_INDEX: str(index)}))
    except FronteggError:
        pass
    except BaseException as error:  # noqa: BLE001 - that is what is looked for
        name = f"{type(error).__module__}.{type(error).__qualname__}"
        tally.foreign[name] = tally.foreign.get(name, 0) + 1
    else:
        tally.values += 1
        tally.wrong += tenant.tenant_id != "t"
    now = own_time()
    waited = now - state.ended.get(index, now)
    tally.slowest = max(tally.slowest, waited)
    tally.late += waited > _LONGEST


async def measure_mutations(setting: Setting) -> Finding:
    """Read the answers with both parsers, each in a process of its own."""
    count = setting.scaled(_COUNT)
    found = await asyncio.gather(_apart(setting, count, {}), _apart(setting, count, _IN_PYTHON))
    figures = [
        f"{name}: {tally.calls:,} answers, {tally.values:,} of them read, "
        f"{sum(tally.foreign.values())} foreign exceptions, {tally.wrong} wrong tenants, "
        f"{tally.late} told later than {_LONGEST:g} s after the end (slowest {tally.slowest:.2f} s)"
        for name, tally in zip(("in C", "in Python"), found, strict=True)
    ]
    return Finding(
        figure="; ".join(figures),
        passed=all(
            tally.calls == count and tally.values and not tally.foreign and not tally.wrong and not tally.late
            for tally in found
        ),
        details=tuple(str(tally) for tally in found),
    )


_IN_PYTHON: Final = {"AIOHTTP_NO_EXTENSIONS": "1"}


async def _apart(setting: Setting, count: int, variables: dict[str, str]) -> Tally:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.acceptance.scoreboard.rows.mutated_answers", str(setting.seed), str(count)),
        cwd=_ROOT,
        env={**os.environ, "PYTHONPATH": str(_ROOT), **variables},
        stdout=asyncio.subprocess.PIPE,
    )
    output, _ = await process.communicate()
    return Tally(**json.loads(output))


ROWS: Final = (
    Row(
        number=34,
        name="mutated-answers",
        title="mutated HTTP answers, 10,000 in full, read with the parser in C and with the one in Python",
        target="foreign exceptions 0; wrong data 0; a call with a broken body fails within 1 s of the connection's end",
        measure=measure_mutations,
        starred=True,
        alone=True,  # it measures how soon a call fails
    ),
)


if __name__ == "__main__":
    print(json.dumps(dataclasses.asdict(asyncio.run(take(sys.argv[1], int(sys.argv[2]))))))
