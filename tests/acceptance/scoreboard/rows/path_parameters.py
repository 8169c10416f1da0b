"""Row 15: a hostile path parameter is sent as exactly one segment of the intended path, or not at all."""

from __future__ import annotations

import inspect
import itertools
import random
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from typing import Any, Final
from urllib.parse import unquote_to_bytes

import attrs

from frontegg_async import AsyncFrontegg, FronteggError, InvalidArgumentError, Options
from frontegg_async._core.http.urls import address
from frontegg_async.endpoints import Auth, Endpoint, all_endpoints
from frontegg_async.regions import parse_base_url
from tests.acceptance.scoreboard.row import Finding, Row, Setting
from tests.acceptance.scoreboard.support.recorder import Recorder, Seen, answer, recorder, user_token, with_token

_LEAST: Final = 5_000
_METHODS: Final = 60
_PLAIN: Final = "plain"

# fmt: off
_ATOMS: Final = (
    ".", "..", "...", "%2e", "%2E", "%2e%2e", "%252e%252e", "/", "//", "\\", "%2f", "%5c", "?", "#", "@", ":", ";", "&",
    "=", "+", "%", "%%", "%00", "%zz", "*", "'", '"', "<", ">", "|", "`", "^", "{", "}", " ", "\t", "\n", "\r\n", "\0",
    "\x1f", "\x7f", "\x85", "\ud800", "\udfff", "\u00a0", "\u2024", "\u2025", "\u2028", "\u200b", "\u202e", "\u2044",
    "\u2215", "\u3002", "\ufeff", "\uff0e", "\uff0f", "\uff3c", "é", "e\u0301", "ß", "\u0130", "\u05d0", "😀",
    "\U0010ffff", "~", "-", "_", "a", "T1", "0", "{tenant_id}", "http://evil.example", "//evil.example", "u:p@",
    "[::1]", ":8080", "metadata", "lock", "configurations", "xn--", "\u0661",
)
# fmt: on


def make_values(rng: random.Random) -> list[str]:
    """Return hostile values: all pairs of what is odd in addresses, paths, lengths, and random text."""
    values = ["", *_ATOMS, *(first + second for first, second in itertools.product(_ATOMS, repeat=2))]
    values += ["/".join(parts) for parts in itertools.product((".", "..", "", "x", "%2e", "\\"), repeat=3)]
    values += [atom * length for length in (255, 256, 257, 10_000) for atom in ("a", ".", "/", "%", "é", "😀")]
    for _ in range(1_000):
        length = rng.randint(1, 12)
        values.append("".join(rng.choice((rng.choice(_ATOMS), chr(rng.randrange(0x110000)))) for _ in range(length)))
    values = list(dict.fromkeys(values))
    rng.shuffle(values)
    return values


@attrs.define
class Tally:
    """Counts what happened to the values."""

    sent: int = 0
    refused: int = 0
    wrong: list[str] = attrs.field(factory=list)

    def add(self, name: str, value: str, seen: Sequence[Seen], routes: set[tuple[str, str]], error: object) -> None:
        """Count one call."""
        if isinstance(error, InvalidArgumentError):
            self.refused += 1
            self.wrong += [f"{name}({value!r}) was refused and sent {seen[0].target}"] if seen else []
            return
        self.sent += len(seen)
        if not seen:
            self.wrong.append(f"{name}({value!r}) was neither refused nor sent: {error!r}")
        self.wrong += [
            f"{name}({value!r}) went to {each.method} {each.target}"
            for each in seen
            if not any(each.method == method and leads_to(each.target, path, value) for method, path in routes)
        ]


def leads_to(target: str, path: str, value: str) -> bool:
    """Return whether a target, byte by byte, is a path whose fields are each one segment, the value or plain."""
    if not target.isascii() or any(sign in target for sign in "?#\\ \t"):
        return False
    segments, wanted = target.split("/"), path.split("/")
    if len(segments) != len(wanted):
        return False
    for segment, want in zip(segments, wanted, strict=True):
        if want.startswith("{"):
            plain = unquote_to_bytes(segment)
            if plain not in (value.encode(errors="surrogatepass"), _PLAIN.encode()) or plain in (b"", b".", b".."):
                return False
        elif segment != want:
            return False
    return True


def _given(parameter: inspect.Parameter) -> object:
    """Return something plain that a required parameter takes."""
    kind = str(parameter.annotation)
    if kind.startswith(("Sequence", "list")):
        return [_PLAIN]
    if kind.startswith("Mapping"):
        return {"a": 1}
    return {"bool": True, "SubAccountAccessType": "children", "SsoType": "oidc"}.get(kind, _PLAIN)


_AT_LEAST_ONE: Final[Mapping[str, object]] = {"name": "n", "description": "d", "enabled": True}
_NO_OPERATIONS: Final = frozenset({"as_user", "for_tenant", "from_env", "send", "with_options", "migrations.wait"})

Method = Callable[[str], Awaitable[object]]


def public_methods(client: object, place: str) -> Iterator[tuple[str, Method]]:
    """Yield each public method with each of its text parameters, as a function of that one."""
    for name in dir(client):
        if name.startswith("_"):
            continue
        member: Any = getattr(client, name)
        if type(member).__module__.startswith("frontegg_async.resources"):
            yield from public_methods(member, f"{place}.{name}")
        if not inspect.iscoroutinefunction(member) or f"{place}.{name}".partition(".")[2] in _NO_OPERATIONS:
            continue
        parameters = inspect.signature(member).parameters
        required = {each.name: _given(each) for each in parameters.values() if each.default is inspect.Parameter.empty}
        more = {key: value for key, value in _AT_LEAST_ONE.items() if "update" in name and key in parameters}
        for parameter in required:
            if parameters[parameter].annotation == "str":
                yield f"{place}.{name}, {parameter}", _bound(member, parameter, {**more, **required})


def _bound(member: Callable[..., Awaitable[object]], parameter: str, given: Mapping[str, object]) -> Method:
    return lambda value: member(**{**given, parameter: value})


async def _outcome(call: Awaitable[object]) -> object:
    try:
        await call
    except FronteggError as error:
        return error
    return None


def _route(seen: Seen) -> tuple[str, str] | None:
    """Return the operation that a request is of, when a value of it is the plain one."""
    found = [each for each in all_endpoints() if each.method == seen.method and leads_to(seen.target, each.path, "")]
    return next(((each.method, each.path) for each in found), None)


async def _through_methods(server: Recorder, methods: Sequence[tuple[str, Method]], values: Sequence[str]) -> Tally:
    tally = Tally()
    by_method: list[tuple[str, Method, set[tuple[str, str]]]] = []
    for name, method in methods:
        await _outcome(method(_PLAIN))
        routes = {route for route in map(_route, server.take()) if route is not None}
        if any("{" in path for _, path in routes):
            by_method.append((name, method, routes))
    share = max(1, len(values) // len(by_method))
    for index, (name, method, routes) in enumerate(by_method):
        for value in ["..", ".", "", "a/..", *values[index * share :][:share]]:
            error = await _outcome(method(value))
            tally.add(name, value, [each for each in server.take() if _is_call(each)], routes, error)
    tally.wrong += [] if len(by_method) > _METHODS else [f"only {len(by_method)} methods took part"]
    return tally


def _is_call(seen: Seen) -> bool:
    return not seen.target.endswith("/auth/vendor")


async def _through_send(
    server: Recorder, senders: Mapping[Auth, Any], fields: Sequence[tuple[Endpoint[object], str]], values: Sequence[str]
) -> Tally:
    """Send each value once, and each field many of them."""
    tally = Tally()
    for value, (endpoint, field) in zip(values, itertools.cycle(fields), strict=False):
        sender_auth, sender = next(each for each in senders.items() if each[0] & endpoint.auth)
        path = {name: value if name == field else _PLAIN for name in endpoint.fields}
        body = None if endpoint.body is None else {"a": 1}
        named = {"user_id": _PLAIN} if endpoint.user_header and Auth.USER not in sender_auth else {}
        error = await _outcome(sender.send(endpoint, path=path, body=body, **named))
        seen = [each for each in server.take() if _is_call(each)]
        tally.add(f"{endpoint.name}, {field}", value, seen, {(endpoint.method, endpoint.path)}, error)
    return tally


def _through_builder(fields: Sequence[tuple[Endpoint[object], str]], values: Sequence[str]) -> tuple[int, list[str]]:
    """Build the address of every field with every value, as calls do."""
    origin = parse_base_url("https://api.frontegg.com")
    built = 0
    wrong: list[str] = []
    for (endpoint, field), value in itertools.product(fields, values):
        try:
            names = {name: value if name == field else _PLAIN for name in endpoint.fields}
            url = address(origin, endpoint.path, names, ())
        except InvalidArgumentError:
            continue
        built += 1
        text = str(url)
        if not text.startswith("https://api.frontegg.com/") or not leads_to(text[24:], endpoint.path, value):
            wrong.append(f"{endpoint.name}, {field}: {value!r} makes {text}")
    return built, wrong


async def measure_paths(setting: Setting) -> Finding:
    """Compare what a server received with what was asked for."""
    values = make_values(setting.rng("paths"))
    fields = [(endpoint, field) for endpoint in all_endpoints() for field in endpoint.fields]
    built, wrong = _through_builder(fields, values if setting.full else values[:2_000])
    options = Options(max_retries=0)
    async with (
        recorder(with_token(lambda _: answer(404, {"errors": ["no"]}))) as server,
        AsyncFrontegg("emu_client", "emu_secret", base_url=server.url, options=options) as client,
    ):
        user, view = client.as_user(user_token(aud="emu_x")), client.for_tenant(_PLAIN)
        await client.check()
        server.take()
        senders = {Auth.ENVIRONMENT: client, Auth.TENANT: view, Auth.USER: user}
        by_send = await _through_send(server, senders, fields, values)
        methods = [
            each for found, place in ((client, "c"), (view, "v"), (user, "u")) for each in public_methods(found, place)
        ]
        by_method = await _through_methods(server, methods, values)
    wrong += [*by_send.wrong, *by_method.wrong]
    return Finding(
        figure=f"{len(values):,} values, {len(fields)} fields of operations and every public method: "
        f"{by_send.sent + by_method.sent:,} requests received and {built:,} addresses built, "
        f"{len(wrong)} misrouted, collapsed or at another origin; "
        f"{by_send.refused + by_method.refused:,} refused before anything was sent",
        passed=not wrong and len(values) >= _LEAST,
        details=tuple(wrong[:20]),
    )


ROWS: Final = (
    Row(
        number=15,
        name="hostile-path-parameters",
        title="at least 5,000 hostile values and random text, for every path parameter of every operation",
        target="misrouted 0; origin changes 0; collapsed segments 0",
        measure=measure_paths,
        starred=True,
    ),
)
