"""Migrations of users: what is sent, what becomes of lost responses, and secrets that nothing shows."""

from __future__ import annotations

import contextlib
import json
import logging
import traceback
from collections.abc import AsyncGenerator, Callable
from typing import Any, Final

import pytest

from frontegg_async import (
    AsyncFrontegg,
    BadRequestError,
    ConflictError,
    FronteggError,
    InvalidArgumentError,
    OutcomeUnknownError,
    RequestSnapshot,
    ResponseSnapshot,
    Secret,
    UserToMigrate,
)
from frontegg_async.emulator import Emulator, EmulatorHandle
from tests.support.clients import make_client
from tests.support.flavours import FLAVOURS, clients_of, do
from tests.support.raw_server import CLOSE, Answer, RawRequest, RawServer, http, raw_server

pytestmark = pytest.mark.anyio

_PATH: Final = "/identity/resources/migrations/v1/local"
_EMAIL: Final = "ada@acme.example"
_SECRETS: Final = {
    "password_hash": "canary-hash-ü",
    "password_hash_config": '{"signerKey": "canary-config"}',
    "mfa_secret": "canary-mfa",
}
_HASHED: Final[dict[str, Any]] = {**_SECRETS, "password_hash_type": "firebase_scrypt"}
_USER: Final[dict[str, Any]] = {"id": "u1", "email": _EMAIL, "tenantId": "acme", "tenantIds": ["acme"], "tenants": []}
_ABSENT: Final = http(404, {"errors": ["User not found"]})


@pytest.fixture
def emulator(frontegg_emulator: EmulatorHandle) -> EmulatorHandle:
    """An environment with a tenant."""
    frontegg_emulator.seed(tenants=[{"tenantId": "acme", "name": "Acme"}])
    return frontegg_emulator


@pytest.mark.parametrize("flavour", FLAVOURS)
async def test_a_migrated_user_has_what_was_given(emulator: EmulatorHandle, flavour: str) -> None:
    async with clients_of(emulator, flavour) as clients:
        users = clients.manager.users
        ada = await do(
            users.migrate,
            "acme",
            email=_EMAIL,
            name="Ada",
            password=Secret("emu_ada"),
            phone_number="+49301234567",
            phone_number_type="mfa",
            profile_picture_url="https://acme.example/ada.png",
            metadata={"plan": "pro"},
            vendor_metadata={"crm": 7},
            role_keys=["Admin"],
            external_id="7",
            username="ada",
            verify=True,
        )
        found = await do(users.get, ada.id)
    assert (found.name, found.verified, found.external_id) == ("Ada", True, "7")
    assert (found.phone_number, found.profile_picture_url) == ("+49301234567", "https://acme.example/ada.png")
    assert (found.metadata, found.vendor_metadata) == ({"plan": "pro"}, {"crm": 7})
    assert [role.key for role in ada.roles or ()] == ["Admin"]
    assert emulator.outbox() == []


@contextlib.asynccontextmanager
async def _client(*script: Answer | Callable[[RawRequest], Answer]) -> AsyncGenerator[tuple[RawServer, AsyncFrontegg]]:
    async with raw_server(*script) as server, make_client(server.url) as client:
        yield server, client


async def test_what_is_sent() -> None:
    async with _client(_ABSENT, http(201, _USER)) as (server, client):
        await client.users.migrate("acme", email=_EMAIL, **_HASHED, verify=False)
        _, write = server.requests
    assert json.loads(write.body) == {
        "tenantId": "acme",
        "email": _EMAIL,
        "passwordHash": _SECRETS["password_hash"],
        "passwordHashType": "firebase-scrypt",
        "passwordHashConfig": _SECRETS["password_hash_config"],
        "authenticatorAppMfaSecret": _SECRETS["mfa_secret"],
        "verifyUser": False,
    }


async def test_a_lost_response_is_read_again() -> None:
    """The user that is there now, and was not before, is the one; nothing is sent twice."""
    shown = {**_USER, "name": "Ada", "vendorMetadata": '{"crm": 7}'}
    async with _client(_ABSENT, CLOSE, http(200, shown)) as (server, client):
        made = await client.users.migrate("acme", email=_EMAIL, name="Ada", vendor_metadata={"crm": 7})
        assert (made.id, len(server.requests)) == ("u1", 3)


@pytest.mark.parametrize("there", [{"name": "Other"}, {"name": "Ada", "vendorMetadata": "{}"}])
async def test_a_user_who_differs_is_not_reported_as_migrated(there: dict[str, str]) -> None:
    async with _client(_ABSENT, CLOSE, http(200, {**_USER, **there})) as (_, client):
        with pytest.raises(OutcomeUnknownError) as caught:
            await client.users.migrate("acme", email=_EMAIL, name="Ada", vendor_metadata={"crm": 7}, **_HASHED)
    assert caught.value.asked["name"] == "Ada"
    assert "canary" not in f"{caught.value.asked}"


async def test_a_user_who_is_not_there_is_sent_again() -> None:
    async with _client(_ABSENT, CLOSE, _ABSENT, http(201, _USER)) as (server, client):
        assert (await client.users.migrate("acme", email=_EMAIL)).id == "u1"
        assert [request.method for request in server.requests] == ["GET", "POST", "GET", "POST"]


def _shown(error: FronteggError) -> str:
    """Return all that an error shows, and the frames of the packages in its traceback."""
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    ours = [frame.f_locals for frame in frames if str(frame.f_globals["__name__"]).startswith("frontegg_")]
    body = error.details.response and error.details.response.body
    return f"{error!r} {error} {error.details!r} {error.details.messages} {error.details.asked} {body!r} {ours}"


_QUOTING: Final = http(400, {"errors": [f"{name} {value} is odd" for name, value in _SECRETS.items()]})


@pytest.mark.parametrize(
    ("script", "kind"),
    [
        ((_ABSENT, _QUOTING), BadRequestError),
        ((_ABSENT, http(409, {"errors": ["taken"], "sent": [*_SECRETS.values()]})), ConflictError),
        ((_ABSENT, CLOSE, http(200, {**_USER, "name": "Other"})), OutcomeUnknownError),
        ((_ABSENT, http(201, [*_SECRETS.values()]), http(500)), OutcomeUnknownError),
    ],
)
async def test_no_error_has_a_secret(script: tuple[Answer, ...], kind: type[FronteggError]) -> None:
    """Neither its texts, nor its details, nor its frames, also where the service quotes the secrets."""
    async with _client(*script) as (_, client):
        with pytest.raises(kind) as caught:
            await client.users.migrate("acme", email=_EMAIL, name="Ada", **_HASHED)
    assert "canary" not in _shown(caught.value)


_QUOTED: Final[list[tuple[dict[str, Any], str]]] = [
    ({"password": 'a"canary\\b'}, 'a"canary\\b'),
    ({"password": 'a"canary\\b'}, json.dumps({"password": 'a"canary\\b'})),
    ({"password": "canary\n\u00fc"}, json.dumps("canary\n\u00fc")),
    ({**_HASHED, "password_hash_config": '{"a": [{"signerKey": "canary"}]}'}, "signerKey: canary is odd"),
    ({**_HASHED, "password_hash_config": r'{"signerKey": "x\"canary"}'}, 'signerKey: x"canary is odd'),
    (
        {**_HASHED, "password_hash_config": r'{"signerKey": "x\"canary"}'},
        json.dumps({"c": r'{ "signerKey":"x\"canary"}'}),
    ),
    ({"password": "x" * 20 + "canary" * 20}, "y" * 150 + "x" * 20 + "canary" * 20),
    ({"password": "x" * 20 + "canary" * 20}, "y" * 950 + "x" * 20 + "canary" * 20),
    ({"password": "nar"}, "canary is odd"),
]


@pytest.mark.parametrize(("given", "quoted"), _QUOTED)
async def test_no_form_of_a_secret_is_quoted(given: dict[str, Any], quoted: str) -> None:
    """Neither in JSON text, nor in parts, nor where the text is cut within the secret; small ones hide the text."""
    refused = http(400, {"errors": ["first", quoted], "errorCode": quoted})
    async with _client(_ABSENT, refused, refused) as (_, client):
        with pytest.raises(BadRequestError) as one:
            await client.users.migrate("acme", email=_EMAIL, **given)
        with pytest.raises(BadRequestError) as many:
            await client.users.bulk_migrate([UserToMigrate(tenant_id="acme", email=_EMAIL, **given)]).all()
    for caught in (one, many):
        assert "canary" not in _shown(caught.value)
        assert "400" in str(caught.value)
        assert "[secret]" in str(caught.value) or "is not shown" in str(caught.value)


async def test_a_refusal_that_quotes_no_secret_stays() -> None:
    refused = http(400, {"errors": ["name is odd"]})
    async with _client(_ABSENT, refused) as (_, client):
        with pytest.raises(BadRequestError, match="name is odd") as caught:
            await client.users.migrate("acme", email=_EMAIL, password="xyz")
    assert caught.value.details.response is not None
    assert caught.value.details.response.body == {"errors": ["name is odd"]}


@pytest.mark.parametrize(
    "wrong",
    [
        {"password": "canary"},
        {"password_hash_type": None},
        {"password_hash_config": "canary"},
        {"password_hash_config": "canary" * 700},
        {"password_hash": "canary\ud800"},
        {"role_ids": ["r"], "role_keys": ["k"]},
    ],
)
@pytest.mark.parametrize("flavour", FLAVOURS)
async def test_no_refused_argument_is_shown(emulator: EmulatorHandle, flavour: str, wrong: dict[str, Any]) -> None:
    async with clients_of(emulator, flavour) as clients:
        given = {**_HASHED, **wrong}
        with pytest.raises(InvalidArgumentError) as caught:
            await do(clients.manager.users.migrate, "acme", email=_EMAIL, **given)
    assert "canary" not in _shown(caught.value)


async def test_a_hash_in_a_wrong_place_is_not_quoted(frontegg_client: AsyncFrontegg) -> None:
    wrongs: tuple[dict[str, Any], ...] = ({"password_hash_type": "canary"}, {"mfa_secret": ["canary"]})
    for wrong in wrongs:
        with pytest.raises(InvalidArgumentError) as caught:
            await frontegg_client.users.migrate("acme", email=_EMAIL, **{**_HASHED, **wrong})
        assert "canary" not in f"{caught.value!r}"


async def test_logs_hooks_and_the_emulator_have_no_secrets(caplog: pytest.LogCaptureFixture) -> None:
    """The journal, recorded exchanges and events of the emulator neither."""
    seen: list[RequestSnapshot | ResponseSnapshot] = []
    caplog.set_level(logging.DEBUG)
    async with Emulator(seed={"tenants": [{"tenantId": "acme", "name": "Acme"}]}, journal_bodies=True) as emulator:
        client = AsyncFrontegg(
            emulator.client_id,
            emulator.secret,
            base_url=emulator.url,
            on_request=seen.append,
            on_response=seen.append,
        )
        async with client:
            await client.users.migrate("acme", email=_EMAIL, **_HASHED)
            await client.users.migrate("acme", email="bob@acme.example", password="canary-password")
            listed = await client.users.list("acme").all()
        journal = await emulator.journal()
        entries = [entry for entry in journal if entry.path.endswith(_PATH)]
        recorded = [await emulator.recorded_exchange(str(entry.trace_id)) for entry in entries]
        bodies = [f"{each.request.body} {each.response and each.response.body}" for each in recorded]
        users = [each.to_dict() for each in listed]
        texts = (caplog.text, seen, journal, bodies, await emulator.deliveries(), users)
    assert ["assword" in body for body in bodies] == [True, True]
    assert [text for text in texts if "canary" in f"{text}"] == []


def test_no_form_of_a_row_has_a_secret() -> None:
    """Rows become secrets at once; two with the same secrets are equal."""
    rows = [UserToMigrate(tenant_id="acme", email=_EMAIL, password="canary", **_HASHED) for _ in range(2)]
    assert "canary" not in f"{rows} {rows[0]!s}"
    assert rows[0] == rows[1]
    assert rows[0].password == Secret("canary")
