"""The headers and bodies of the last requests: what is kept, and what of it is shown."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any, Final

import aiohttp
import pytest

from frontegg_async.emulator import Emulator
from frontegg_async.emulator.admin.recorded import RecordedPart, shown
from frontegg_async.emulator.world.recordings import (
    MAX_BODY,
    MAX_RECORDINGS,
    MAX_TOTAL,
    Recording,
    Recordings,
    message,
)
from frontegg_async.emulator.world.redaction import completed_json, redact_text
from tests.emulator.process import EmulatorProcess
from tests.emulator.support import V1, V2, Service

HUSH: Final = "hush-hush-0123456789"
JWT: Final = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.c2ln"


@pytest.fixture
async def kept() -> AsyncIterator[Service]:
    """An environment of an emulator that keeps bodies."""
    async with Emulator(journal_bodies=True) as emulator, aiohttp.ClientSession() as session:
        service = Service(await emulator.create_environment(), session)
        await service.authenticate()
        yield service


async def last(service: Service) -> Any:
    entry = (await service.emulator.journal())[-1]
    answer = await service.admin("GET", f"journal/{entry.trace_id}")
    assert answer.status == 200, answer.raw
    return answer.json


@pytest.mark.anyio
async def test_a_request_and_its_response(kept: Service) -> None:
    """Headers in order, the bodies indented; without the credentials of the request."""
    await kept.create("acme", metadata={"plan": "team"})
    found = await last(kept)
    request, response = found["request"], found["response"]
    assert json.loads(request["body"]) == {"tenantId": "acme", "name": "ACME", "metadata": {"plan": "team"}}
    assert "\n" in request["body"]
    assert dict(map(tuple, request["headers"]))["Authorization"] == "[redacted]"
    assert kept.token not in str(found)
    assert json.loads(response["body"])["tenantId"] == "acme"
    assert dict(map(tuple, response["headers"]))["Content-Type"].startswith("application/json")
    assert (request["note"], response["note"]) == ("", "")
    entry = (await kept.emulator.journal())[-1]
    assert (await kept.emulator.recorded_exchange(entry.trace_id)).request.size == request["size"]


@pytest.mark.anyio
async def test_credentials_of_a_sign_in(kept: Service) -> None:
    """Neither what was sent nor what came back shows a secret, a token or an address."""
    await kept.emulator.seed(
        tenants=[{"tenantId": "a", "name": "A"}], users=[{"email": "ann@a.example", "password": HUSH, "tenantId": "a"}]
    )
    kept.token = ""
    headers = {"frontegg-vendor-host": kept.emulator.client_id, "Cookie": f"fe_refresh={HUSH}", "x-api-key": HUSH}
    body = {"email": "ann@a.example", "password": HUSH}
    answer = await kept.send("POST", "/identity/resources/auth/v1/user", body, headers=headers)
    found = str(await last(kept))
    for secret in (HUSH, "ann@", answer.json["accessToken"], answer.json["refreshToken"]):
        assert secret not in found


@pytest.mark.anyio
async def test_no_answer_no_body_and_unread_body(kept: Service) -> None:
    """Each is said."""
    await kept.send("GET", V2)
    assert (await last(kept))["request"]["note"] == "There is no body."
    await kept.send("POST", "/nowhere", {"password": HUSH})
    found = await last(kept)
    assert (found["request"]["body"], found["request"]["note"]) == (None, "The emulator did not read the body.")
    await kept.emulator.add_fault(stage="after_commit", action={"type": "reset"}, match={"times": 1})
    with pytest.raises(aiohttp.ClientError):
        await kept.create("acme")
    assert (await last(kept))["response"] is None


@pytest.mark.anyio
async def test_what_is_not_valid_text(kept: Service) -> None:
    """A lone surrogate in JSON and bytes in a header that are not UTF-8 are shown escaped."""
    await kept.send("POST", V1, data=rb'{"name": "\ud800", "tenantId": "a"}')
    assert "ud800" in (await last(kept))["request"]["body"]
    assert part(b"", Name="a\udcffb").headers == (("Name", r"a\udcffb"),)


@pytest.mark.anyio
async def test_whose_they_are(kept: Service) -> None:
    """Another environment does not have them; a cleared journal has none."""
    await kept.create("acme")
    entry = (await kept.emulator.journal())[-1]
    other = Service(await kept.emulator.create_environment(), kept.session)
    assert (await other.admin("GET", f"journal/{entry.trace_id}")).status == 404
    assert (await kept.admin("GET", f"journal/{entry.trace_id}", only=False)).status == 200
    await kept.emulator.clear_journal()
    gone = await kept.admin("GET", f"journal/{entry.trace_id}")
    assert (gone.status, "last 1,000 requests" in gone.json["error"]) == (404, True)


@pytest.mark.anyio
async def test_a_program_asks_for_them(service: Service) -> None:
    """By default nothing is kept, and the error says how to change that."""
    await service.create("acme")
    entry = (await service.emulator.journal())[-1]
    answer = await service.admin("GET", f"journal/{entry.trace_id}")
    assert (answer.status, "journal_bodies=True" in answer.json["error"]) == (404, True)
    with pytest.raises(LookupError, match="no bodies are kept"):
        await service.emulator.recorded_exchange(entry.trace_id)
    with pytest.raises(ValueError, match="journal_bodies"):
        Emulator(journal_bodies=1)  # type: ignore[arg-type]


@pytest.mark.slow
@pytest.mark.parametrize(("flags", "is_kept"), [((), True), (("--no-journal-bodies",), False)])
def test_the_command_line_keeps_them(flags: tuple[str, ...], is_kept: bool) -> None:
    """Unless a flag says no."""
    with EmulatorProcess(*flags) as emulator:
        emulator.authenticate()
        entry = emulator.send("GET", "/_emulator/v1/journal")["requests"][-1]
        found = emulator.send("GET", f"/_emulator/v1/journal/{entry['trace_id']}")
    assert (found != 404) is is_kept


def part(raw: bytes, **headers: str) -> RecordedPart:
    """Return what is shown of a request with a body."""
    return shown(Recording(None, message(headers, raw), None)).request


HOSTILE: Final[list[Any]] = [
    {"password": HUSH},
    {"PassWord": HUSH},
    {"a": [{"b": {"clientSecret": HUSH}}]},
    {"tokens": [HUSH, {"x": HUSH}]},
    {"secret": {"value": HUSH}},
    {"metadata": json.dumps({"password": HUSH})},
    {"metadata": json.dumps({"deep": json.dumps([{"apiKey": HUSH}])})},
    {"note": f"Bearer {HUSH}"},
    {"note": f"see https://x.example/?access_token={HUSH}&a=b"},
    {"note": f"https://user:{HUSH}@x.example/"},
    {"loginUrl": f"x?code={HUSH}#top"},
    {"code": 123456},
    json.dumps({"refresh_token": HUSH}),
]


@pytest.mark.parametrize("body", HOSTILE)
@pytest.mark.parametrize("filler", [0, MAX_BODY])
def test_secrets_in_strange_places(body: Any, filler: int) -> None:
    """They are redacted wherever they are, in whole bodies and in bodies that were cut off."""
    raw = json.dumps([body, "x" * filler]).encode()
    found = part(raw)
    assert found.body is not None
    assert HUSH not in found.body
    assert "123456" not in found.body
    assert "[redacted]" in found.body
    assert ("first 64 KiB" in found.note) is (filler > 0)
    escaped = raw.replace(b"password", b"pass\\u0077ord")
    assert HUSH not in str(part(escaped).body)


@pytest.mark.parametrize("cut", range(1, 60, 3))
def test_a_secret_at_the_cut(cut: int) -> None:
    """The end of what is kept may be within a secret or a name: nothing of the secret is shown."""
    rest = json.dumps({"a": 1, "password": HUSH, "b": JWT, "n": 12345678}).encode()[1:]
    head = b'{"x": "' + b"x" * (MAX_BODY - cut - 10) + b'", '
    found = part(head + rest + b" " * MAX_BODY)
    assert "hush" not in str(found.body)
    assert "eyJ" not in str(found.body)
    assert json.loads(found.body or "null")["x"]


@pytest.mark.parametrize(
    ("raw", "note"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x01", "The body is binary: 10 bytes."),
        (b"\xff\xfe" * MAX_BODY, "The body is binary: 131,072 bytes."),
        (b"[" * 600 + b"]" * 600, "The body is nested too deeply to be shown."),
        (f"password={HUSH}&a=b".encode(), "The body is not JSON, so it may contain secrets: it is not shown."),
        (f'{{"password": "{HUSH}"'.encode(), "The body is not JSON, so it may contain secrets: it is not shown."),
        (f"pass%77ord={HUSH}".encode(), "The body is not JSON, so it may contain secrets: it is not shown."),
    ],
)
def test_what_is_not_shown(raw: bytes, note: str) -> None:
    """It is said why."""
    found = part(raw)
    assert (found.body, found.note, found.size) == (None, note, len(raw))


def test_what_is_shown_as_it_is() -> None:
    """Text that is no JSON, a text that is cut within a character, what only sounds secret, and empty values."""
    assert part(b"<html>no</html>").body == "<html>no</html>"
    assert part("ä".encode() * MAX_BODY).body == "ä" * (MAX_BODY // 2)
    assert part(b"a" + "ä".encode() * MAX_BODY).note.startswith("These are the first 64 KiB")
    body = {"errorCode": "ER-1", "statusCode": 400, "oidcSecret": None, "addRolesToJwt": True, "token": ""}
    assert json.loads(part(json.dumps(body).encode()).body or "") == body


def test_headers() -> None:
    """Those whose names sound secret, the verifier, and secrets in the values of others."""
    found = dict(
        part(
            b"",
            **{
                "Authorization": "Bearer x",
                "x-frontegg-headers-verifier": HUSH,
                "Set-Cookie": HUSH,
                "Location": f"https://x.example/?ticket=1&id_token={HUSH}",
                "From": "ann@x.example",
                "Accept": "*/*",
            },
        ).headers
    )
    assert HUSH not in str(found)
    assert found["From"] == "[redacted]"
    assert found["Accept"] == "*/*"
    assert found["Location"].startswith("https://x.example/?ticket=1")


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ('{"a": 1, "b": [1, 2', '{"a": 1, "b": [1]}'),
        ('{"a": 1, "b": [1, {"c": "d', '{"a": 1, "b": [1, {}]}'),
        ('{"a": 1, "b', '{"a": 1}'),
        ('{"a": 1, "b"', '{"a": 1}'),
        ('{"a": 1, "b":', '{"a": 1}'),
        ('{"a": "x\\"', "{}"),
        ("[1, 23", "[1]"),
        ('["a", "b"', '["a"]'),
        ("]", ""),
        ("", ""),
    ],
)
def test_completed(text: str, whole: str) -> None:
    """The beginning of JSON ends at its last whole value."""
    assert completed_json(text) == whole


def test_text_without_secrets_stays() -> None:
    """Nothing is changed in it."""
    for text in ("", "Acme = 5 & co", "a@", "https://x.example/?page=2", "not {json"):
        assert redact_text(text) == text


def test_they_are_bounded() -> None:
    """By number and by size; the oldest go first."""
    recordings = Recordings()
    small = Recording("a", message({}, b"x"), None)
    for number in range(MAX_RECORDINGS + 1):
        recordings.add(str(number), small)
    assert recordings.get("0") is None
    assert recordings.get("1") is small
    large = Recording("b", message({}, b"x" * (2 * MAX_BODY)), message({}, b"x" * MAX_BODY))
    assert large.cost == 2 * MAX_BODY
    for number in range(MAX_TOTAL // large.cost + 1):
        recordings.add(f"large-{number}", large)
    assert recordings.get("large-0") is None
    assert recordings.get("large-1") is large
    recordings.clear("b")
    assert recordings.get("large-1") is None
    recordings.add("huge", Recording("a", message({"h": "x" * (2 * MAX_TOTAL)}, b""), None))
    assert recordings.get("huge") is not None
