"""Access tokens as Frontegg's own verifiers for Node, Python and ASP.NET judge them, by plain HTTP.

They verify the JWT with the public key of the environment's settings, and then look its subject up, or look for it in
the list of those that are active. They send the older token header, no tenant header, and a slash at the end of the
path of the settings.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any, Final

import attrs
import jwt
import pytest

from frontegg_async.emulator import Emulator, EmulatorHandle
from tests.support.signing import rsa_key, sign

KINDS: Final = {"tenantAccessToken": "tenants", "userAccessToken": "users"}


class Refused(Exception):  # noqa: N818 - as those verifiers say it
    """A token is not taken."""


@attrs.define
class OfficialVerifier:
    """What the three have in common."""

    emulator: EmulatorHandle
    vendor_token: str = ""
    public_key: str = ""

    def fetch(self, path: str, body: object = None) -> Any:
        """Send a request and return what came back."""
        headers = {"x-access-token": self.vendor_token, "content-type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(urllib.request.Request(self.emulator.url + path, data, headers)) as answer:
            return json.load(answer)

    def start(self) -> None:
        """Authenticate and read the public key."""
        credentials = {"clientId": self.emulator.client_id, "secret": self.emulator.secret}
        self.vendor_token = self.fetch("/auth/vendor/", credentials)["token"]
        self.public_key = self.fetch("/identity/resources/configurations/v1/")["publicKey"]

    def verify(self, token: str) -> dict[str, Any]:
        """Return the claims of an access token that the environment signed."""
        try:
            claims: dict[str, Any] = jwt.decode(token, self.public_key, ["RS256"], options={"verify_aud": False})
        except jwt.InvalidTokenError as error:
            raise Refused from error
        if claims["type"] not in KINDS:
            raise Refused
        return claims

    def entity(self, token: str) -> dict[str, Any]:
        """Look up what a token entitles to."""
        claims = self.verify(token)
        path = f"/identity/resources/vendor-only/{KINDS[claims['type']]}/access-tokens/v1/{claims['sub']}"
        try:
            found = self.fetch(path)
        except urllib.error.HTTPError as error:
            with error:
                raise Refused(error.code, json.load(error)["errors"]) from error
        return {**claims, "roles": found["roles"], "permissions": found["permissions"]}

    def is_active(self, token: str) -> bool:
        """Look for a token among those that are active."""
        claims = self.verify(token)
        path = f"/identity/resources/vendor-only/{KINDS[claims['type']]}/access-tokens/v1/active"
        return claims["sub"] in self.fetch(path)


@pytest.fixture
def emulator() -> Iterator[EmulatorHandle]:
    """An environment with a tenant and a user."""
    with Emulator() as emulator:
        emulator.seed(
            tenants=[{"tenantId": "acme", "name": "Acme"}, {"tenantId": "other", "name": "Other"}],
            users=[{"id": "ann", "email": "ann@acme.example", "tenantId": "acme", "roles": ["Owner"]}],
        )
        yield emulator


@pytest.fixture
def verifier(emulator: EmulatorHandle) -> OfficialVerifier:
    """A verifier that has started."""
    verifier = OfficialVerifier(emulator)
    verifier.start()
    return verifier


def test_tokens_that_the_sdk_creates(emulator: EmulatorHandle, verifier: OfficialVerifier) -> None:
    """They are taken until they are deleted."""
    with emulator.client() as client:
        own = client.access_tokens.create("acme", role_ids=["Admin"])
        anns = client.user_access_tokens.create("ann", tenant_id="acme", expires_in_minutes=60)
        for made, roles in ((own, ["Admin"]), (anns, ["Owner"])):
            found = verifier.entity(made.secret.reveal())
            assert (found["sub"], found["tenantId"], found["roles"]) == (made.id, "acme", roles)
            assert verifier.is_active(made.secret.reveal())
        client.access_tokens.delete("acme", own.id)
        client.user_access_tokens.delete("ann", anns.id, tenant_id="acme")
    for made in (own, anns):
        with pytest.raises(Refused, match="404"):
            verifier.entity(made.secret.reveal())
        assert not verifier.is_active(made.secret.reveal())


def test_what_they_refuse(emulator: EmulatorHandle, verifier: OfficialVerifier) -> None:
    """Tokens of users, forged ones, and all where the environment has none."""
    user = emulator.user_token(tenant_id="acme", user_id="ann").access_token
    made = emulator.access_token(tenant_id="acme")
    forged = sign(jwt.decode(made.secret, options={"verify_signature": False}), key=rsa_key("stranger"))
    for token in (user, forged, made.id):
        with pytest.raises(Refused):
            verifier.entity(token)
    emulator.set_switch("access_tokens", "disabled")
    with pytest.raises(Refused, match="Api tokens are disabled") as caught:
        verifier.entity(made.secret)
    assert caught.value.args[0] == 403


def test_an_end_that_is_far_away_is_one_to_them(emulator: EmulatorHandle, verifier: OfficialVerifier) -> None:
    """Both ways to write a token that does not expire are taken, and one that did expire is not."""
    for switch in ("no_exp", "far_exp"):
        emulator.set_switch("endless_access_token", switch)
        assert verifier.is_active(emulator.access_token(tenant_id="acme").secret)
    emulator.clock(advance=-7_200)
    expired = emulator.access_token(tenant_id="acme", expires_in=60)
    with pytest.raises(Refused):
        verifier.is_active(expired.secret)


def test_the_settings_with_a_slash_are_one_route_with_those_without(
    emulator: EmulatorHandle, verifier: OfficialVerifier
) -> None:
    """A fault for either is for both."""
    for path in ("/identity/resources/configurations/v1", "/identity/resources/configurations/v1/"):
        fault = emulator.add_fault(stage="accept", action={"type": "status", "status": 503}, match={"path": path})
        for sent in ("/identity/resources/configurations/v1", "/identity/resources/configurations/v1/"):
            with pytest.raises(urllib.error.HTTPError) as caught:
                verifier.fetch(sent)
            with caught.value as error:
                assert error.code == 503
        emulator.delete_fault(fault)
    assert verifier.fetch("/identity/resources/configurations/v1")["publicKey"] == verifier.public_key
