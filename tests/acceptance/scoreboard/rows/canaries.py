"""A row on secrets and personal data: whatever is called and whatever goes wrong, they are nowhere to be seen."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import inspect
import itertools
import json
import logging
import pickle
import re
import traceback
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping
from types import FrameType, ModuleType
from typing import Any, Final

import anyio
import attrs
import msgspec
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

import frontegg_async
import frontegg_sync
from frontegg_async import ApiToken, Options, RotatingTokens
from frontegg_async.emulator import Emulator
from frontegg_async.integrations.opentelemetry import FronteggInstrumentor
from tests.acceptance.scoreboard.row import Finding, Row, Setting
from tests.acceptance.scoreboard.support.recorder import Seen, answer, recorder, user_token, with_token
from tests.acceptance.scoreboard.support.traceback_frames import chain_of, foreign_frames, frames_of, texts_of

_MANY: Final = ("frames", "logs", "spans")
_LEAST: Final = 500
"""Of each of these places, so that a row that looks at nothing does not pass."""

_MOMENT: Final = "2026-01-01T00:00:00.000Z"
_CLIENT: Final = "canary-client"
_SECRET: Final = "canary-secret"
_PERSON: Final = "canary-person@example.com"
_VALUE: Final = "canary-value"
_PRIVATE: Final = re.compile(r"canary-secret|c2lncanary|eyJ[A-Za-z0-9_-]{8,}\.")
_PERSONAL: Final = re.compile(r"canary-person|canary-value")
_ONCE: Final = Options(max_retries=1, timeout=2.0, deadline=5.0)

_TENANT: Final = {"tenantId": "t", "name": "n", "createdAt": _MOMENT, "updatedAt": _MOMENT}
_FULL: Final = {
    **_TENANT,
    "creatorEmail": _PERSON,
    "email": _PERSON,
    "metadata": json.dumps({"k": _VALUE}),
    "secret": _SECRET,
    "token": _SECRET,
    "oidcSecret": _SECRET,
    "idpClientSecret": _SECRET,
    "accessToken": user_token("canary"),
    "refreshToken": _SECRET,
    "expiresIn": 3600,
    "unknown": _VALUE,
    "id": "t",
    "clientId": "t",
}
_ANSWERS: Final[dict[str, bytes]] = {
    "all fields": answer(200, _FULL),
    "many": answer(200, [_FULL]),
    "page": answer(200, {"items": [_FULL], "_metadata": {"totalItems": 1}}),
    "wrong types": answer(200, {**_FULL, "tenantId": {"a": _SECRET}, "name": [_PERSON], "id": 5}),
    "wrong rows": answer(200, [{**_FULL, "tenantId": 5}]),
    "cut off": b"HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\n"
    + json.dumps({"a": [_SECRET]}).encode().ljust(40)[:39]
    + b"x",
    "text": b"HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\nnot-any-value",
    "400": answer(400, {"errors": ["no"], "input": _FULL}),
    "401": answer(401, {"errors": ["no"], "input": _FULL}),
    "403": answer(403, {"errors": ["no"], "input": _FULL}),
    "404": answer(404, {"errors": ["no"], "input": _FULL}),
    "409": answer(409, {"errors": ["no"], "input": _FULL}),
    "429": answer(429, {"errors": ["no"], "input": _FULL}, "Retry-After: 9999"),
    "500": answer(500, {"errors": ["no"], "input": _FULL}),
    "redirect": answer(302, _FULL, f"Location: https://evil.example/{_SECRET}?e={_PERSON}"),
    "no HTTP": b"SSH-2.0 " + _SECRET.encode() + b"\r\n\r\n",
    "a broken header": b"HTTP/1.1 200 OK\r\nContent-Length: " + _SECRET.encode() + b"\r\n\r\n",
    "gzip that is none": answer(200, _FULL, "Content-Encoding: gzip"),
}

_FEW: Final = ["all fields", "page", "wrong types", "400", "500", "redirect", "no HTTP", "a broken header"]
"""What the short form answers with."""

_BY_NAME: Final[Mapping[str, object]] = {
    "metadata": {"k": _VALUE},
    "email": _PERSON,
    "creator_email": _PERSON,
    "creator_name": _PERSON,
    "filter": _PERSON,
    "tenant_ids": ["t", "u"],
    "role_ids": ["r"],
    "permission_ids": ["p"],
    "type": "oidc",
    "access_type": "children",
    "oidc_secret": _SECRET,
    "idp_client_secret": _SECRET,
    "token": user_token("canary"),
    "new_parent_id": "u",
    "parent_id": "u",
    "target_tenant_id": "u",
    "confirm_tenant_id": "t",
    "timezone": "Europe/Oslo",
    "currency": "EUR",
    "timeout": 1.0,
}
_OPTIONAL: Final = frozenset(
    {"metadata", "email", "creator_email", "creator_name", "filter", "oidc_secret", "idp_client_secret"}
)
_NO_OPERATIONS: Final = frozenset(
    {"as_user", "for_tenant", "from_env", "with_options", "send", "check", "aclose", "close", "reset_auth", "wait"}
)


class _Capture(logging.Handler):
    """Keeps what is logged, with all that a formatter may show."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Take one record."""
        shown = "".join(traceback.format_exception(*record.exc_info)) if record.exc_info else ""
        self.lines.append(f"{record.name} {record.getMessage()} {vars(record)!r} {shown}")


@attrs.define
class _Findings:
    """Where canaries were seen."""

    places: Counter[str] = attrs.field(factory=Counter)
    looked_at: Counter[str] = attrs.field(factory=Counter)

    def look(self, place: str, text: str, *, personal: bool = True) -> None:
        """Look for canaries in a text."""
        self.looked_at[place.partition(":")[0]] += 1
        for found in {*_PRIVATE.findall(text), *(_PERSONAL.findall(text) if personal else ())}:
            where, _, rest = place.partition(": ")
            self.places[f"{where} with {found[:16]}: {rest}"] += 1

    def look_outside(self, place: str, text: str) -> None:
        """Look in what leaves the program, which has no client id either."""
        self.look(place, text)
        if _CLIENT in text:
            self.places[f"{place}: the client id"] += 1

    def look_at_error(self, name: str, error: BaseException) -> None:
        """Look at all that an error reporter may take from an error."""
        for each in chain_of(error):
            kind = type(each).__name__
            for how in (str, repr, lambda one: repr(one.args), lambda one: repr(vars(one))):
                self.look(f"text of errors: {name}, {kind}", how(each))
            self.look(f"traceback: {name}", "".join(traceback.format_exception(each)))
            if isinstance(each, frontegg_async.FronteggError):
                self._look_at_pickle(name, each)
        for frame in frames_of(error):
            self._look_at_frame(name, frame)

    def _look_at_pickle(self, name: str, error: frontegg_async.FronteggError) -> None:
        """What the service answered and what was asked for are kept for the program; never a credential of ours."""
        bare = type(error)(error.message, attrs.evolve(error.details, response=None, asked={}))
        self.look(f"pickle: {name}", pickle.dumps(bare, 0).decode("latin-1"))
        self.look(f"pickle, what was asked: {name}", repr(dict(error.details.asked)), personal=False)

    def _look_at_frame(self, name: str, frame: FrameType) -> None:
        module = str(frame.f_globals.get("__name__"))
        is_public = ".resources." in module or module.rpartition(".")[2] in ("client", "user", "tenant_view")
        own = is_public and "." in frame.f_code.co_qualname and not frame.f_code.co_name.startswith("_")
        for local, value in frame.f_locals.items():
            texts = "\n".join(texts_of(value))
            self.look(f"frames: {frame.f_code.co_qualname} {local}, of {name}", texts, personal=not own)


def _given(parameter: inspect.Parameter) -> object:
    if parameter.name in _BY_NAME:
        return _BY_NAME[parameter.name]
    kind = str(parameter.annotation)
    return ["t"] if kind.startswith(("Sequence", "list")) else True if kind.startswith("bool") else "t"


def _methods(client: object, place: str) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Yield every public operation, with canaries for arguments."""
    for name in dir(client):
        if name.startswith("_") or name in _NO_OPERATIONS:
            continue
        member: Any = getattr(client, name)
        if ".resources." in type(member).__module__:
            yield from _methods(member, f"{place}.{name}")
        elif inspect.ismethod(member):
            parameters = inspect.signature(member).parameters.values()
            given = {
                each.name: _given(each)
                for each in parameters
                if each.default is inspect.Parameter.empty or each.name in _OPTIONAL
            }
            yield f"{place}.{name}", functools.partial(member, **given)


async def _made(package: ModuleType, call: Callable[[], Any]) -> object:
    """Make a call in either package, and read listings to their end."""
    if package is frontegg_async:
        result = call()
        if inspect.isawaitable(result):
            return await result
        return await result.all() if hasattr(result, "all") else result

    def block() -> object:
        result = call()
        return result.all() if hasattr(result, "all") else result

    return await asyncio.to_thread(block)


def _clients(package: ModuleType, url: str) -> tuple[Any, dict[str, Any]]:
    """Return a management client and the views and clients of users, each with canaries for credentials."""
    names = ("AsyncFrontegg", "AsyncFronteggUser") if package is frontegg_async else ("Frontegg", "FronteggUser")
    management, self_service = (getattr(package, name) for name in names)
    jwt = user_token("canary")
    client = management(_CLIENT, _SECRET, base_url=url, options=_ONCE)
    made = {"base_url": url, "options": _ONCE}
    return client, {
        "client": client,
        "view": client.for_tenant("t"),
        "user": client.as_user(jwt),
        "user by a function": client.as_user(lambda: jwt),
        "session": self_service(credential=RotatingTokens(refresh_token=_SECRET, access_token=None), **made),
        "API token": self_service(credential=ApiToken("t", _SECRET), **made),
        "proxied": management(
            _CLIENT, _SECRET, base_url=url, options=Options(max_retries=0), proxy=f"http://u:{_SECRET}@127.0.0.1:1"
        ),
    }


async def _drive(package: ModuleType, url: str, findings: _Findings, answers: Iterator[str]) -> int:
    client, views = _clients(package, url)
    calls = 0
    for name in answers:
        for place, view in views.items():
            findings.look(
                f"repr of clients: {place}", f"{view!r} {view} {vars(view) if hasattr(view, '__dict__') else ''!r}"
            )
            operations = list(_methods(view, place))
            if place not in ("client", "view", "user"):
                operations = [each for each in operations if each[0].endswith(("me.tenants", "tenants.get"))]
            for operation, call in operations:
                calls += 1
                try:
                    value = await _made(package, call)
                except Exception as error:  # noqa: BLE001 - whatever it is, it is looked at
                    findings.look_at_error(f"{operation}, {name}", error)
                    del error
                else:
                    # What is plain JSON is the program's own; a model shows its ids.
                    if not isinstance(value, dict | list | str | None):
                        findings.look(f"repr of models: {operation}", f"{value!r} {value}")
            client.reset_auth()
    for each in views.values():
        closing = getattr(each, "aclose", None) or getattr(each, "close", None)
        if closing is not None:
            await _made(package, closing)
    return calls


def _refused_settings(package: ModuleType) -> Iterator[tuple[str, Callable[[], object]]]:
    """Yield what makes clients with a credential and something wrong."""
    names = ("AsyncFrontegg", "AsyncFronteggUser") if package is frontegg_async else ("Frontegg", "FronteggUser")
    management, self_service = (getattr(package, name) for name in names)
    proxy = f"http://u:{_SECRET}@127.0.0.1:1"
    yield "secret", lambda: management("id", f"{_SECRET} ")
    yield "proxy", lambda: management("id", _SECRET, proxy=f"{proxy}/path")
    yield "other setting", lambda: management("id", _SECRET, proxy=proxy, max_connections=0)
    yield "from_env", lambda: management.from_env(environ={}, proxy=proxy)
    yield "user", lambda: self_service(base_url="http://x.example", token=user_token("canary"), proxy=proxy)
    yield (
        "user's proxy",
        lambda: self_service(domain="acme", token=user_token("canary"), proxy=proxy, max_connections=0),
    )
    yield (
        "verifier",
        lambda: package.TokenVerifier(audience="a", domain="acme", secret=_SECRET * 4, proxy=proxy, leeway=-1),
    )


@contextlib.contextmanager
def _telemetry() -> Iterator[Callable[[], Iterator[tuple[str, str]]]]:
    """Have all calls traced and measured; yields a function that says what came of it, each with its place."""
    spans, readings = InMemorySpanExporter(), InMemoryMetricReader()
    tracers, meters = TracerProvider(), MeterProvider([readings])
    tracers.add_span_processor(SimpleSpanProcessor(spans))

    def seen() -> Iterator[tuple[str, str]]:
        yield from ((f"spans: {span.name}", span.to_json()) for span in spans.get_finished_spans())
        data = readings.get_metrics_data()
        if data is not None:
            scopes = [scope for resource in data.resource_metrics for scope in resource.scope_metrics]
            yield from ((f"metrics: {each.name}", each.to_json()) for scope in scopes for each in scope.metrics)

    instrumentor = FronteggInstrumentor()
    instrumentor.instrument(tracer_provider=tracers, meter_provider=meters)
    try:
        yield seen
    finally:
        instrumentor.uninstrument()
        tracers.shutdown()
        meters.shutdown()


async def _drive_settings(package: ModuleType, findings: _Findings) -> None:
    for name, make in _refused_settings(package):
        try:
            await asyncio.to_thread(make)
        except frontegg_async.FronteggError as error:
            findings.look_at_error(f"settings, {name}", error)
        else:
            findings.places[f"settings, {name}: it was taken"] += 1


async def _drive_cancelled(url: str, findings: _Findings, stalled: Callable[[str], None]) -> int:
    """Cancel each operation while its request is under way, in each way that a program has, and look at the errors."""
    calls = 0
    for phase in _STALLED:
        stalled(phase)
        client, views = _clients(frontegg_async, url)
        operations = [each for place in ("client", "view", "user", "session") for each in _methods(views[place], place)]
        ways = itertools.cycle(_WAYS.items())
        made = [
            (f"{operation}, {phase}, {name}", way, call)
            for (operation, call), (name, way) in zip(operations, ways, strict=False)
        ]
        ends = await asyncio.gather(
            *(way(functools.partial(_made, frontegg_async, call)) for _, way, call in made), return_exceptions=True
        )
        for (name, *_), end in zip(made, ends, strict=True):
            if isinstance(end, BaseException):
                calls += 1
                findings.look_at_error(name, end)
                findings.places.update(f"{name}: a frame of {each}" for each in foreign_frames(end))
        del ends
        await client.aclose()
        await views["session"].aclose()
    return calls


async def _drive_emulator(findings: _Findings) -> None:
    """Look at the journal of an emulator, after calls with all these values."""
    async with Emulator() as emulator, emulator.client(options=_ONCE) as client:
        await emulator.seed(tenants=[{"tenantId": "t", "name": "n"}], users=[])
        for place, view in (("client", client), ("view", client.for_tenant("t"))):
            for _, call in _methods(view, place):
                with contextlib.suppress(frontegg_async.FronteggError):
                    await _made(frontegg_async, call)
        entries = await emulator.journal()
        findings.look("journal", f"{entries!r} {msgspec.json.encode(entries).decode()}")
        if emulator.secret in repr(entries):
            findings.places["journal: the secret"] += 1


_Work = Callable[[], Awaitable[object]]


async def _by_timeout(work: _Work) -> None:
    async with asyncio.timeout(_PATIENCE):
        await work()


async def _by_wait_for(work: _Work) -> None:
    await asyncio.wait_for(work(), _PATIENCE)


async def _by_anyio(work: _Work) -> None:
    with anyio.fail_after(_PATIENCE):
        await work()


async def _by_group(work: _Work) -> None:
    left: list[BaseException] = []

    async def call() -> None:
        try:
            await work()
        except BaseException as error:
            left.append(error)
            raise

    async def fail() -> None:
        await asyncio.sleep(_PATIENCE)
        raise LookupError("beside")

    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(call())
            group.create_task(fail())
    except* LookupError as failed:
        raise failed from (left[0] if left else None)


async def _by_cancelling(work: _Work) -> None:
    task = asyncio.ensure_future(work())
    await asyncio.sleep(_PATIENCE)
    task.cancel()
    try:
        await task
    except asyncio.CancelledError as error:
        raise LookupError("cancelled") from error


_WAYS: Final = {
    "timeout": _by_timeout,
    "wait_for": _by_wait_for,
    "anyio": _by_anyio,
    "group": _by_group,
    "cancel": _by_cancelling,
}
_PATIENCE: Final = 0.5
_BEGUN: Final = b"HTTP/1.1 200 OK\r\nContent-Length: 500000\r\n\r\n"
_STALLED: Final[dict[str, bytes]] = {"authentication": b"", "headers": b"", "body": _BEGUN}


@attrs.define
class _Answering:
    """Answers of one kind, until another is wanted; authentications succeed but for one of them."""

    name: str = "400"
    authenticates: bool = True

    def __call__(self, seen: Seen) -> bytes:
        """Return the answer."""
        if self.name in _STALLED:
            begun = _STALLED[self.name]
            return begun if self.name == "authentication" else with_token(lambda _: begun)(seen)
        if self.authenticates:
            return with_token(lambda _: _ANSWERS[self.name])(seen)
        return _ANSWERS[self.name]

    def each(self, names: list[str]) -> Iterator[str]:
        """Yield names, and answer by each."""
        for self.authenticates in (True, False):
            for name in names if self.authenticates else ("401", "wrong types", "500"):
                self.name = name
                yield f"{name}{'' if self.authenticates else ' to authentications'}"


async def measure_canaries(setting: Setting) -> Finding:
    """Make every public operation in both packages, with every kind of answer, and look everywhere."""
    capture = _Capture()
    root = logging.getLogger()
    root.addHandler(capture)
    for name in ("", "aiohttp", "asyncio", "frontegg_async"):
        logging.getLogger(name).setLevel(logging.DEBUG)
    asyncio.get_running_loop().set_debug(enabled=True)
    findings = _Findings()
    calls = 0
    answering = _Answering()
    async with recorder(answering) as server:
        with _telemetry() as told:
            for package in (frontegg_async, frontegg_sync):
                few = _FEW[::3] if package is frontegg_sync else _FEW
                calls += await _drive(
                    package, server.url, findings, answering.each(list(_ANSWERS) if setting.full else few)
                )
                await _drive_settings(package, findings)
            calls += await _drive_cancelled(server.url, findings, functools.partial(setattr, answering, "name"))
            for place, text in told():
                findings.look_outside(place, text)
    await _drive_emulator(findings)
    root.removeHandler(capture)
    for line in capture.lines:
        findings.look_outside("logs", line)
    looked = ", ".join(f"{count:,} {place}" for place, count in sorted(findings.looked_at.items()))
    return Finding(
        figure=f"{calls:,} calls in both packages: {findings.places.total()} canaries seen, in {looked}",
        passed=not findings.places and min(findings.looked_at[place] for place in _MANY) > _LEAST,
        details=tuple(f"{place} ({count})" for place, count in findings.places.most_common(25)),
    )


ROWS: Final = (
    Row(
        number=18,
        name="secrets-and-personal-data",
        early=True,
        title="canaries: client id, secret, tokens, proxy password, e-mail, metadata value",
        target="secrets and tokens 0 everywhere; e-mail and metadata values 0 but for the public method's own frame; "
        "client id not in logs, spans and metrics",
        measure=measure_canaries,
        starred=True,
        time_limit=150.0,
    ),
)
