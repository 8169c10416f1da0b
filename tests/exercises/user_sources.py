"""Exercises of user sources."""

from __future__ import annotations

from typing import Any, Final

from frontegg_async.emulator.services.applications.rows import DEFAULT_APPLICATION
from tests.emulator.cases import case
from tests.exercises.exercise import ExerciseClients, MakeCall, bad, good, refused

_APP: Final = DEFAULT_APPLICATION.id


def _assign(source_id: str, *app_ids: str) -> MakeCall:
    def call(s: ExerciseClients) -> Any:
        return s.frontegg.user_sources.assign_applications(source_id, app_ids=app_ids)

    return call


def _unassign(source_id: str, *app_ids: str) -> MakeCall:
    def call(s: ExerciseClients) -> Any:
        return s.frontegg.user_sources.unassign_applications(source_id, app_ids=app_ids)

    return call


EXERCISES: Final = (
    good("user_sources.list", lambda s: s.frontegg.user_sources.list().all()),
    bad("user_sources.list", "options", lambda s: s.frontegg.user_sources.list(options="now").all()),
    good("user_sources.get", lambda s: s.frontegg.user_sources.get("auth0")),
    refused("user_sources.get", 404, lambda s: s.frontegg.user_sources.get("none")),
    bad("user_sources.get", "user_source_id", lambda s: s.frontegg.user_sources.get("..")),
    good("user_sources.list_users", lambda s: s.frontegg.user_sources.list_users("auth0").all()),
    refused("user_sources.list_users", 404, lambda s: s.frontegg.user_sources.list_users("none").all()),
    bad(
        "user_sources.list_users", "page_size", lambda s: s.frontegg.user_sources.list_users("auth0", page_size=0).all()
    ),
    good("user_sources.delete", lambda s: s.frontegg.user_sources.delete("auth0")),
    refused("user_sources.delete", 404, lambda s: s.frontegg.user_sources.delete("none")),
    bad("user_sources.delete", "user_source_id", lambda s: s.frontegg.user_sources.delete("")),
    good("user_sources.assign_applications", _assign("auth0", _APP)),
    refused("user_sources.assign_applications", 404, _assign("none", _APP)),
    bad("user_sources.assign_applications", "app_ids", _assign("auth0")),
    good("user_sources.unassign_applications", _unassign("cognito", _APP)),
    refused("user_sources.unassign_applications", 404, _unassign("none", _APP)),
    bad("user_sources.unassign_applications", "app_ids", _unassign("cognito", "..")),
)


def _body(source_id: str, app_id: str = _APP) -> dict[str, object]:
    return {"userSourceId": source_id, "appIds": [app_id]}


_NEW: Final = {"name": "New", "configuration": {"secret": "emu_canary_new"}, "index": 1}
_SOURCES: Final = {
    "auth0": "auth0",
    "cognito": "cognito",
    "firebase": "firebase",
    "custom_code": "code",
    "federation": "federation",
}
_OTHERS: Final = dict.fromkeys(_SOURCES, "cognito") | {"cognito": "auth0"}

CASES: Final = (
    case("user_sources.list", 200),
    case("user_sources.get", 200, "firebase"),
    case("user_sources.get", 404, "none"),
    case("user_sources.list_users", 200, "auth0", query=(("_limit", "1"),)),
    case("user_sources.list_users", 400, "auth0", query=(("_limit", "x"),)),
    case("user_sources.list_users", 404, "none"),
    *(
        row
        for kind in ("auth0", "cognito", "firebase", "custom_code", "federation")
        for row in (
            case(f"user_sources.create_{kind}", 201, body={**_NEW, "appIds": [_APP], "description": "d"}),
            case(f"user_sources.create_{kind}", 400, body={"name": "New"}),
            case(f"user_sources.create_{kind}", 404, body={**_NEW, "appIds": ["none"]}),
            case(f"user_sources.update_{kind}", 200, _SOURCES[kind], body={"name": "New", "index": 7}),
            case(f"user_sources.update_{kind}", 400, _SOURCES[kind], body={"name": 7}),
            case(f"user_sources.update_{kind}", 404, "none", body=_NEW),
            case(f"user_sources.update_{kind}", 404, _OTHERS[kind], body=_NEW),
        )
    ),
    case("user_sources.delete", 200, "auth0"),
    case("user_sources.delete", 404, "none"),
    case("user_sources.assign_applications", 201, body=_body("auth0")),
    case("user_sources.assign_applications", 400, body={"userSourceId": "auth0"}),
    case("user_sources.assign_applications", 404, body=_body("none")),
    case("user_sources.assign_applications", 404, body=_body("auth0", "none")),
    case("user_sources.unassign_applications", 201, body=_body("cognito")),
    case("user_sources.unassign_applications", 400, body={"appIds": [_APP]}),
    case("user_sources.unassign_applications", 404, body=_body("none")),
)
"""Requests with the status that each must get: for each operation at first one that succeeds."""

_COMMON: Final = {"syncOnLogin": True, "isMigrated": True, "tenantConfig": {"tenantResolverType": "new"}}

TABLES: Final = {
    "userSources": [
        {
            "id": "auth0",
            "name": "Auth0",
            "type": "auth0",
            "index": 1,
            "usersCount": 2,
            "users": [
                {"email": "ann@acme.example", "lastLogin": "2026-01-01T00:00:00.000Z"},
                {"email": "b@acme.example"},
            ],
            "configuration": {**_COMMON, "domain": "acme.eu.auth0.com", "clientId": "c1", "secret": "emu_canary_auth0"},
        },
        {
            "id": "cognito",
            "name": "Cognito",
            "type": "cognito",
            "appIds": [_APP],
            "index": 2,
            "description": "the old app",
            "configuration": {
                **_COMMON,
                "region": "eu-west-1",
                "clientId": "c2",
                "userPoolId": "pool",
                "accessKeyId": "emu_canary_access_key_id",
                "secretAccessKey": "emu_canary_secret_access_key",
                "clientSecret": "emu_canary_client_secret",
            },
        },
        {
            "id": "firebase",
            "name": "Firebase",
            "type": "firebase",
            "index": 3,
            "configuration": {
                **_COMMON,
                "apiKey": "emu_canary_api_key",
                "serviceAccount": {"type": "service_account", "private_key": "emu_canary_private_key"},
            },
        },
        {
            "id": "code",
            "name": "Own code",
            "type": "custom-code",
            "index": 4,
            "configuration": {
                **_COMMON,
                "codePayload": "emu_canary_code",
                "getUserCodePayload": "emu_canary_user_code",
            },
        },
        {
            "id": "federation",
            "name": "OpenID",
            "type": "federation",
            "index": 5,
            "configuration": {
                **_COMMON,
                "wellknownUrl": "https://idp.example",
                "clientId": "c5",
                "secret": "emu_canary_f",
            },
        },
    ]
}
"""Rows that there are before each request: a user source of each type with secrets."""
