"""The service over HTTP: credentials, headers, envelopes, routes, bodies, limits."""

from __future__ import annotations

import io
import re
from typing import Any

import aiohttp
import jwt
import pytest

from frontegg_async.endpoints import Auth, Endpoint
from frontegg_async.errors import BadRequestError
from tests.emulator.support import V1, V2, Response, Service

pytestmark = pytest.mark.anyio

AUTH = "/auth/vendor"
CONFIGURATION = "/identity/resources/configurations/v1"


@pytest.mark.parametrize("path", ["/auth/vendor", "/auth/vendor/", "/frontegg/auth/vendor", "/frontegg/auth/vendor/"])
async def test_authentication_paths(service: Service, path: str) -> None:
    """Both slash forms, with and without the prefix."""
    body = {"clientId": service.emulator.client_id, "secret": service.emulator.secret}
    answer = await service.send("POST", path, body)
    assert answer.status == 200
    assert answer.json["expiresIn"] == 86_400


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"clientId": "emu_client", "secret": "emu_wrong"}, 401),
        ({"clientId": "real", "secret": "real"}, 401),
        ({"clientId": "emu_client"}, 400),
        ({"clientId": "emu_nobody"}, 400),
        ({"clientId": 1, "secret": []}, 400),
        ({"clientId": "emu_client", "secret": "emu_secret", "more": 1}, 400),
        ([], 400),
        (None, 400),
    ],
)
async def test_bad_authentication(service: Service, body: Any, status: int) -> None:
    """Wrong credentials are 401, another shape 400."""
    assert (await service.send("POST", AUTH, body)).status == status


async def test_every_answer_is_marked(service: Service) -> None:
    """A fresh trace id and the emulator's version are on successes, errors and admin answers."""
    traces = set()
    for method, path in (("GET", V2), ("GET", "/nowhere"), ("PUT", f"{V2}/a"), ("GET", "/_emulator/v1/health")):
        answer = await service.send(method, path)
        assert re.fullmatch("[0-9a-f]{32}", answer.headers["frontegg-trace-id"])
        assert answer.headers["x-frontegg-emulator"]
        traces.add(answer.headers["frontegg-trace-id"])
    assert len(traces) == 4


async def test_both_token_headers(service: Service) -> None:
    """``x-access-token`` is taken as well, and the scheme's case does not matter."""
    token, service.token = service.token, ""
    for headers in ({"x-access-token": token}, {"Authorization": f"bearer {token}"}):
        assert (await service.send("GET", V2, headers=headers)).status == 200


@pytest.mark.parametrize("header", [None, "Bearer ", "Bearer x", "Bearer a.b.c", "Basic abc", "Bearer é"])
async def test_bad_tokens(service: Service, header: str | None) -> None:
    """A missing or unreadable token is 401."""
    service.token = ""
    answer = await service.send("GET", V2, headers=None if header is None else {"Authorization": header})
    assert answer.status == 401
    assert answer.json["errors"]
    assert answer.json["errorCode"]


async def test_foreign_signatures(service: Service) -> None:
    """A token that another key signed is 401, whatever it claims."""
    claims = jwt.decode(service.token, options={"verify_signature": False})
    service.token = jwt.encode(claims, "x" * 32, algorithm="HS256")
    assert (await service.send("GET", V2)).status == 401
    service.token = jwt.encode(claims, None, algorithm="none")
    assert (await service.send("GET", V2)).status == 401


async def test_expiry_and_revocation(service: Service) -> None:
    """Tokens expire by the environment's clock and end with a revocation; new ones are good."""
    await service.admin("POST", "clock", {"freeze": True})
    await service.authenticate()
    await service.admin("POST", "clock", {"advance": 86_399})
    assert (await service.send("GET", V2)).status == 200
    await service.admin("POST", "clock", {"advance": 1})
    assert (await service.send("GET", V2)).status == 401
    await service.authenticate()
    assert (await service.send("GET", V2)).status == 200
    assert (await service.admin("POST", "revoke-tokens")).status == 204
    assert (await service.send("GET", V2)).status == 401
    await service.authenticate()
    assert (await service.send("GET", V2)).status == 200


async def test_environments_are_apart(service: Service) -> None:
    """A tenant of one environment is not seen in another."""
    await service.create("a")
    other = Service(await service.emulator.create_environment(), service.session)
    await other.authenticate()
    assert (await other.send("GET", f"{V2}/a")).json == []
    assert (await service.send("GET", f"{V2}/a")).json["tenantId"] == "a"


async def test_a_rotated_secret(service: Service) -> None:
    """The old secret is refused and the new one taken."""
    old = service.emulator.secret
    await service.emulator.create_environment(client_id=service.emulator.client_id, secret="emu_new")
    assert (await service.send("POST", AUTH, {"clientId": service.emulator.client_id, "secret": old})).status == 401
    assert (
        await service.send("POST", AUTH, {"clientId": service.emulator.client_id, "secret": "emu_new"})
    ).status == 200


async def test_the_tenant_header(service: Service) -> None:
    """On a route for environments it is 403, in the recorded words."""
    answer = await service.send("GET", V2, headers={"frontegg-tenant-id": "a"})
    assert answer.status == 403
    assert answer.json["errors"] == ["Tenant ID is defined - forbidden route for tenants"]


async def test_user_tokens_on_management_routes(service: Service) -> None:
    """They are refused, with 401 or by the switch with 403."""
    user = await service.emulator.user_token(tenant_id="a")
    service.token = user.access_token
    assert (await service.send("GET", V2)).status == 401
    await service.emulator.set_switch("wrong_token_kind", 403)
    assert (await service.send("GET", V2)).status == 403


async def test_delete_current(service: Service) -> None:
    """It needs a user token with the permission; a vendor token is refused."""
    await service.create("a")
    assert (await service.send("DELETE", V1)).status == 401
    for permissions, status in ((), 403), (("fe.secure.*",), 403), (("fe.account-settings.*",), 200):
        user = await service.emulator.user_token(tenant_id="a", permissions=permissions)
        answer = await service.send("DELETE", V1, headers={"Authorization": f"Bearer {user.access_token}"})
        assert answer.status == status
    assert answer.raw == b""
    assert (await service.send("GET", f"{V2}/a")).json == []


async def test_vendor_tokens_under_the_prefix(service: Service) -> None:
    """They are served, or refused in the words of the sub-domains by the switch."""
    assert (await service.send("GET", f"/frontegg{V2}")).status == 200
    await service.emulator.set_switch("vendor_token_under_prefix", "refuse")
    answer = await service.send("GET", f"/frontegg{V2}")
    assert (answer.status, answer.json["errors"]) == (401, ["Failed to verify user JWT"])


async def test_the_keys(service: Service) -> None:
    """The key set and the environment's public key verify a user's token."""
    user = await service.emulator.user_token(tenant_id="a", email="ann@a.example", roles=["admin"])
    key_set = (await service.send("GET", "/.well-known/jwks.json")).json
    settings = (await service.send("GET", CONFIGURATION)).json
    pem = settings["publicKey"]
    assert (settings["jwtAlgorithm"], settings["apiTokensEnabled"]) == ("RS256", True)
    assert (settings["rotateRefreshTokens"], settings["refreshTokensRotationLimit"]) == (True, 100)
    assert settings["defaultRefreshTokenExpiration"] == 30 * 86_400
    assert len(settings) == 25
    key = jwt.PyJWKSet.from_dict(key_set)[jwt.get_unverified_header(user.access_token)["kid"]]
    for public in (key.key, pem):
        claims = jwt.decode(
            user.access_token,
            public,
            ["RS256"],
            audience=service.emulator.client_id,
            issuer=service.emulator.url,
            options={"require": ["sub", "iss", "aud", "exp", "iat"]},
        )
        assert claims["tenantId"] == "a"
        assert claims["tenantIds"] == ["a"]
        assert claims["type"] == "userToken"
        assert claims["roles"] == ["admin"]
        assert claims["email"] == "ann@a.example"


@pytest.mark.parametrize(
    ("method", "path", "nearest"),
    [
        ("GET", "/tenants/resources/tenant/v2", "GET /tenants/resources/tenants/v2"),
        ("PATCH", "/auth/vendor", "POST /auth/vendor"),
        ("GET", "/", "GET"),
        ("GET", V2 + "/", "GET /tenants/resources/tenants/v2"),
        ("GET", f"{V1}/a%ff", "GET"),
    ],
)
async def test_unknown_routes(service: Service, method: str, path: str, nearest: str) -> None:
    """They are 404 in the framework's shape and name the nearest route."""
    answer = await service.send(method, path)
    assert answer.status == 404
    assert set(answer.json) == {"statusCode", "error", "message"}
    assert nearest in answer.json["message"]


async def test_encoded_paths(service: Service) -> None:
    """Ids are decoded segment by segment."""
    await service.create("ä/ö ..%")
    answer = await service.send("GET", f"{V2}/%C3%A4%2F%C3%B6%20..%25")
    assert answer.json["tenantId"] == "ä/ö ..%"


@pytest.mark.parametrize(
    ("body", "problems"),
    [
        ({"name": 1}, ["name must be a string"]),
        ({"name": "A", "isReseller": "yes"}, ["isReseller must be a boolean value"]),
        ({"name": "A", "nme": "B"}, ["property nme should not exist"]),
        ({"tenantId": ["a"], "name": 1}, ["tenantId must be a string", "name must be a string"]),
    ],
)
async def test_body_problems(service: Service, body: Any, problems: list[str]) -> None:
    """Wrong types and unknown fields are 400 in the service's shape, and each text has a code of its own."""
    answer = await service.send("POST", V1, body)
    assert answer.status == 400
    assert answer.json["errors"] == problems
    codes = answer.json.get("errorCodes", [answer.json["errorCode"]])
    assert answer.json["errorCode"] == codes[0]
    assert len(set(codes)) == len(problems)
    assert all(re.fullmatch("ER-00[0-9a-f]{8}", code) for code in codes)
    assert ("ER-0005eb4672" in codes) is ("name must be a string" in problems)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        *(
            (data, "Invalid JSON provided")
            for data in (b"{", b"[]" * 600, b"\xff", b'{"name": NaN}', b'{"name": "\\ud800"}')
        ),
        *((data, "the body must be a JSON object") for data in (b"[]", b'"text"')),
        (b"[" * 5000 + b"]" * 5000, "the body is nested too deeply"),
    ],
)
async def test_bodies_that_are_no_objects(service: Service, data: bytes, text: str) -> None:
    """They are 400 in the service's shape; one that is not JSON has no code."""
    answer = await service.send("POST", V1, data=data, headers={"Content-Type": "application/json"})
    assert (answer.status, answer.json["errors"]) == (400, [text])
    assert ("errorCode" in answer.json) is (text != "Invalid JSON provided")


async def test_the_error_shows_what_was_refused(service: Service) -> None:
    """Its message has the texts of all fields that the service refused, and ``codes`` the code of each."""
    create = Endpoint(name="own.create", method="POST", path=V1, auth=Auth.ENVIRONMENT, body=object, returns=object)
    async with service.emulator.client() as client:
        with pytest.raises(BadRequestError, match="tenantId must be a string; name must be a string") as caught:
            await client.send(create, body={"tenantId": 1, "name": 1})
    assert (caught.value.code, len(caught.value.codes)) == (caught.value.codes[0], 2)
    assert caught.value.codes[1] == "ER-0005eb4672"


async def test_a_body_that_is_too_large(service: Service) -> None:
    """Above 16 MiB it is 413."""
    data = b'{"name": "' + b"x" * (17 * 1024 * 1024) + b'"}'
    for path in (V1, AUTH):
        answer = await service.send("POST", path, data=io.BytesIO(data), headers={"Content-Type": "application/json"})
        assert answer.status == 413


async def test_content_types(service: Service) -> None:
    """The type does not matter: a body is JSON or 400, and an empty one is none."""
    for kind in ("text/plain", "application/x-www-form-urlencoded", "application/octet-stream"):
        answer = await service.send("POST", V1, data=b'{"name":"A"}', headers={"Content-Type": kind})
        assert answer.status == 201
        answer = await service.send("POST", V1, data=b"name=A", headers={"Content-Type": kind})
        assert answer.status == 400
    for method, path in (("GET", V2), ("DELETE", f"{V1}/nobody")):
        answer = await service.send(method, path, headers={"Content-Type": "application/json"})
        assert answer.status in (200, 404)


async def test_a_long_target(service: Service) -> None:
    """A target that is too long, or too many ids, is 414 as the edge says it."""
    for query in ("_filter=" + "x" * 17_000, "&".join(["_tenantIds=a"] * 251)):
        answer = await service.send("GET", f"{V2}?{query}")
        assert answer.status == 414
        assert answer.headers["Content-Type"].startswith("text/html")


async def test_numbers_too_large_for_json(service: Service) -> None:
    """A number beyond 64 bits in metadata comes back as it went in."""
    answer = await service.send(
        "POST",
        V1,
        data=b'{"name":"A","metadata":{"n":123456789012345678901234567890}}',
        headers={"Content-Type": "application/json"},
    )
    assert answer.status == 201
    assert answer.json["metadata"] == '{"n":123456789012345678901234567890}'


@pytest.mark.parametrize(
    ("form", "header", "pattern"),
    [
        ("rfc3339", "X-Rate-Limit-Reset", r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"),
        ("seconds", "X-Rate-Limit-Reset", r"\d{1,2}"),
        ("epoch", "X-Rate-Limit-Reset", r"\d{10}"),
        ("retry_after", "Retry-After", r"\d{1,2}"),
        ("retry_after_date", "Retry-After", r"[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT"),
        ("none", None, None),
    ],
)
async def test_rate_limits(service: Service, form: str, header: str | None, pattern: str | None) -> None:
    """Above the limit a route is 429 until a minute of the environment's clock is over; others are not."""
    limited = Service(
        await service.emulator.create_environment(rate_limit=2, switches={"reset_header": form}), service.session
    )
    await limited.authenticate()
    for status in (200, 200, 429):
        answer = await limited.send("GET", V2)
        assert answer.status == status
    told = {name: answer.headers[name] for name in ("X-Rate-Limit-Reset", "Retry-After") if name in answer.headers}
    assert list(told) == ([header] if header else [])
    if header is not None and pattern is not None:
        assert re.fullmatch(pattern, told[header])
    assert (await limited.send("GET", V1)).status == 200
    await limited.admin("POST", "clock", {"advance": 60})
    assert (await limited.send("GET", V2)).status == 200


@pytest.mark.parametrize(
    ("form", "reset"),
    [("rfc3339", r"\d{4}-.*Z"), ("seconds", r"\d{1,2}"), ("epoch", r"\d{10}"), ("retry_after", None), ("none", None)],
)
async def test_the_identity_service_tells_of_its_limits(service: Service, form: str, reset: str | None) -> None:
    """Answers of a limited environment say how many requests are left and when the window ends; refusals, too."""
    limited = Service(
        await service.emulator.create_environment(rate_limit=2, switches={"reset_header": form}), service.session
    )
    await limited.authenticate()
    header = {"frontegg-tenant-id": "a"}
    for status, headers, left in ((200, {}, "1"), (403, header, "0"), (429, {}, "0")):
        answer = await limited.send("GET", "/identity/resources/jwt-templates/v1", headers=headers)
        assert answer.status == status
        assert (answer.headers["x-rate-limit-limit"], answer.headers["x-rate-limit-remaining"]) == ("2", left)
        told = answer.headers.get("x-rate-limit-reset")
        assert told is None if reset is None else re.fullmatch(reset, told or "")
    assert not _limit_headers(await limited.send("GET", V2))


def _limit_headers(answer: Response) -> list[str]:
    return [name for name in answer.headers if name.lower().startswith("x-rate-limit")]


async def test_an_emulator_does_not_limit_by_itself(service: Service) -> None:
    """Without being told to, nothing is 429, and nothing is told of limits."""
    assert {(await service.send("GET", V2)).status for _ in range(120)} == {200}
    assert not _limit_headers(await service.send("GET", CONFIGURATION))


async def test_connections_are_kept(service: Service) -> None:
    """Requests one after another share a connection."""
    for _ in range(5):
        await service.send("GET", V2)
    stats = await service.emulator.stats()
    assert (stats.connections_open, stats.connections_ever) == (1, 1)
    assert stats.requests == {"auth.authenticate": 1, "tenants.list": 5}
    assert stats.tokens_issued == 1


@pytest.mark.parametrize(
    ("method", "target", "accept", "status"),
    [
        ("GET", "/", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", 302),
        ("HEAD", "/", "Text/HTML;q=0.9", 302),
        ("GET", "/", "*/*", 404),
        ("GET", "/", "application/json", 404),
        ("GET", "/", None, 404),
        ("POST", "/", "text/html", 404),
        ("GET", "/?next=/", "text/html", 404),
        ("GET", "/frontegg/", "text/html", 404),
    ],
)
async def test_a_browser_is_led_to_the_dashboard(
    service: Service, method: str, target: str, accept: str | None, status: int
) -> None:
    """From the address alone; programs get what the service has there, which is nothing."""
    headers = {} if accept is None else {"Accept": accept}
    async with aiohttp.ClientSession(service.emulator.url, skip_auto_headers=["Accept"]) as session:
        async with session.request(method, target, headers=headers, allow_redirects=False) as response:
            assert response.status == status
            assert response.headers.get("Location") == ("/_emulator/" if status == 302 else None)
            assert "x-frontegg-emulator" in response.headers
        async with session.get("/", headers={"Accept": "text/html"}) as response:
            assert (response.status, response.content_type) == (200, "text/html")
