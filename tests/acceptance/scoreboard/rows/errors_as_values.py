"""Row 19: errors can be pickled and copied, and hold no object of the HTTP stack."""

from __future__ import annotations

import copy
import functools
import gc
import pickle
import types
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any, Final

import frontegg_async.errors
from frontegg_async import AsyncFrontegg, FronteggError, Options
from tests.acceptance.scoreboard.row import Finding, Row, Setting
from tests.acceptance.scoreboard.support.recorder import Seen, answer, recorder, with_token
from tests.support.error_details import full_details, unset_fields

_NOT_OURS: Final = ("aiohttp", "yarl", "multidict", "ssl", "asyncio")
_PASSED_OVER: Final = (type, types.ModuleType, types.FunctionType, types.BuiltinFunctionType, types.FrameType)
_MOMENT: Final = "2026-01-01T00:00:00.000Z"


def _classes(base: type[FronteggError] = FronteggError) -> Iterator[type[FronteggError]]:
    yield base
    for each in base.__subclasses__():
        yield from _classes(each)


def _pickled(protocol: int, error: FronteggError) -> object:
    return pickle.loads(pickle.dumps(error, protocol))


def round_trip(error: FronteggError) -> list[str]:
    """Return what is not equal after it was pickled or copied."""
    ways: dict[str, Callable[[FronteggError], object]] = {
        **{f"pickle {number}": functools.partial(_pickled, number) for number in range(pickle.HIGHEST_PROTOCOL + 1)},
        "copy": copy.copy,
        "deepcopy": copy.deepcopy,
    }
    wrong: list[str] = []
    for name, way in ways.items():
        try:
            again = way(error)
        except Exception as failure:  # noqa: BLE001 - that is what is looked for
            wrong.append(f"{type(error).__name__}, {name}: {type(failure).__name__}")
            continue
        same = type(again) is type(error) and again == error and str(again) == str(error)
        if not same or getattr(again, "__notes__", None) != getattr(error, "__notes__", None):
            wrong.append(f"{type(error).__name__}, {name}: not equal")
    return wrong


def foreign(error: BaseException) -> list[str]:
    """Return the types of the HTTP stack that can be reached from an error, except by the frames of its traceback."""
    found: list[str] = []
    seen: set[int] = set()
    pending: list[Any] = [error]
    while pending:
        each = pending.pop()
        if id(each) in seen or isinstance(each, (*_PASSED_OVER, types.TracebackType)):
            continue
        seen.add(id(each))
        if type(each).__module__.partition(".")[0] in _NOT_OURS:
            found.append(f"{type(error).__name__}: {type(each).__module__}.{type(each).__qualname__}")
            continue
        if isinstance(each, BaseException):
            pending += [each.__cause__, each.__context__, each.args, getattr(each, "__notes__", None)]
        pending += gc.get_referents(each)
    return found


_ROW: Final = {"tenantId": "other", "name": "n", "createdAt": _MOMENT, "updatedAt": _MOMENT}
_LONG: Final = b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n{"


def _raw(data: bytes) -> Callable[[Seen], bytes]:
    return lambda _: data


_ANSWERS: Final[dict[str, Callable[[Seen], bytes]]] = {
    **{f"status {status}": _raw(answer(status, {"errors": ["no"]}, "frontegg-trace-id: t")) for status in (
        *range(400, 420), 421, 422, 423, 425, 428, 429, 431, 451, 500, 501, 502, 503, 504, 520, 599, 100, 204, 205, 304,
    )},
    **{f"redirect {code}": _raw(answer(code, None, "Location: https://evil.example/x")) for code in (301, 307)},
    "HTML": _raw(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>"),
    "another tenant": _raw(answer(200, _ROW)),
    "wrong types": _raw(answer(200, {**_ROW, "tenantId": 5})),
    "gzip that is none": _raw(answer(200, {}, "Content-Encoding: gzip")),
    "brotli": _raw(answer(200, {}, "Content-Encoding: br")),
    "no HTTP": _raw(b"SSH-2.0-x\r\n\r\n"),
    "a broken header": _raw(b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n"),
    "two lengths": _raw(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}"),
    "too long a line": _raw(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000 + b"\r\n\r\n"),
    "broken chunks": _raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"),
    "a gigabyte": _raw(b"HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n{}"),
    "too late": _raw(_LONG),
}  # fmt: skip


async def _failures() -> AsyncIterator[tuple[str, Callable[[], Awaitable[object]]]]:
    """Yield calls that fail, each on real sockets."""
    once = Options(max_retries=0, timeout=0.3, deadline=1.0)
    answering = _raw(b"")
    async with recorder(with_token(lambda seen: answering(seen))) as server:  # noqa: PLW0108 - another each time
        for name, answering in _ANSWERS.items():  # noqa: B007 - the server looks at it
            async with AsyncFrontegg("id", "secret", base_url=server.url, options=once) as client:
                yield f"read, {name}", functools.partial(client.tenants.get, "t")
                yield f"creation, {name}", functools.partial(client.tenants.create, name="n")
                yield f"deletion, {name}", functools.partial(client.tenants.delete_metadata, "t", "k")
        async with AsyncFrontegg("id", "secret", base_url=server.url, options=once) as client:
            yield "a bad argument", lambda: client.tenants.get("..")
        yield "a closed client", lambda: client.tenants.get("t")
    for name, url in (
        ("refused", "http://127.0.0.1:1"),
        ("no TLS", f"https://127.0.0.1:{server.port}"),
        ("no such host", "https://nobody.invalid"),
    ):
        async with AsyncFrontegg("id", "secret", base_url=url, options=once) as client:
            yield name, functools.partial(client.tenants.get, "t")
    async with AsyncFrontegg(
        "id", "secret", base_url="https://127.0.0.1:2", proxy="http://user:pass@127.0.0.1:1", options=once
    ) as client:
        yield "no proxy", lambda: client.tenants.get("t")


async def measure_errors(setting: Setting) -> Finding:
    """Pickle and copy errors of every class with every field set, and those of real failures."""
    del setting  # nothing in it is random
    details = full_details()
    wrong = [f"{name} is not set" for name in unset_fields(details)]
    classes = list(dict.fromkeys(_classes()))
    declared = {each for each in vars(frontegg_async.errors).values() if isinstance(each, type)} & set(classes)
    for kind in classes:
        error = kind("a message", details)
        error.add_note("a note")
        wrong += round_trip(error)
    raised = 0
    async for name, call in _failures():
        try:
            await call()
        except FronteggError as error:
            raised += 1
            wrong += [
                *(f"{name}: {each}" for each in foreign(error)),
                *(f"{name}: {each}" for each in round_trip(error)),
            ]
        except Exception as error:  # noqa: BLE001 - every one is a finding
            wrong.append(f"{name}: {type(error).__name__} came out")
    return Finding(
        figure=f"{len(classes)} classes with every field set and {raised} errors of real failures, "
        f"pickled, copied and equal; {len(wrong)} unequal or with an object of the HTTP stack",
        passed=not wrong and declared == set(classes) and raised > 100,
        details=tuple(wrong[:20]),
    )


ROWS: Final = (
    Row(
        number=19,
        name="errors-as-values",
        title="every class of errors with every field set, and errors of real failures",
        target="pickled and copied, each is equal to the original; objects of the HTTP stack reachable 0",
        measure=measure_errors,
    ),
)
