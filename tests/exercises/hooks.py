"""Exercises of webhooks and prehooks."""

from __future__ import annotations

from typing import Any, Final

from tests.emulator.cases import case
from tests.exercises.exercise import bad, forbidden, good, refused

_URL: Final = "http://127.0.0.1:9/hooks"
"""An address where nobody listens."""
_KEYS: Final = ["frontegg.tenant.created", "frontegg.tenant.renamedOneDay"]
_HOOK: Final = {"url": _URL, "secret": "s", "event_keys": _KEYS}
_PREHOOK: Final = {"url": _URL, "secret": "s", "event_keys": ["DELETE_TENANT"], "fail_method": "close"}


def _create(client: Any, **changes: Any) -> Any:
    return client.webhooks.create(**{**_HOOK, **changes})


def _create_prehook(client: Any, **changes: Any) -> Any:
    return client.prehooks.create(**{**_PREHOOK, **changes})


EXERCISES: Final = (
    good("webhooks.list", lambda s: s.frontegg.webhooks.list()),
    good("webhooks.list", lambda s: s.frontegg.webhooks.get("hook")),
    good("webhooks.list", lambda s: s.user.webhooks.get("of-acme"), "user"),
    forbidden("webhooks.list", lambda s: s.user.webhooks.list()),
    bad("webhooks.list", "webhook_id", lambda s: s.frontegg.webhooks.get("..")),
    good("webhooks.create", lambda s: _create(s.frontegg, display_name="Ours", description="x", is_active=False)),
    good("webhooks.create", lambda s: _create(s.user), "user"),
    forbidden("webhooks.create", lambda s: _create(s.user)),
    refused("webhooks.create", 401, lambda s: _create(s.frontegg), switches={"webhooks_by_vendor": "refuse"}),
    bad("webhooks.create", "url must be an absolute URL", lambda s: _create(s.frontegg, url="app.example.com")),
    bad("webhooks.create", "url must have no fragment", lambda s: _create(s.frontegg, url=f"{_URL}#x")),
    bad("webhooks.create", "secret must not be empty", lambda s: _create(s.frontegg, secret=" ")),
    bad("webhooks.create", "secret must be text", lambda s: _create(s.frontegg, secret=None)),
    bad("webhooks.create", "at least one event key", lambda s: _create(s.frontegg, event_keys=[])),
    bad(
        "webhooks.create",
        "did you mean 'frontegg.tenant.created'",
        lambda s: _create(s.frontegg, event_keys=["tenant.created"]),
    ),
    bad("webhooks.create", r"event_keys\[1\]", lambda s: _create(s.frontegg, event_keys=["frontegg.a", "frontegg"])),
    bad("webhooks.create", "is_active", lambda s: _create(s.frontegg, is_active="yes")),
    good(
        "webhooks.update",
        lambda s: s.frontegg.webhooks.update("hook", url=_URL, secret="t", event_keys=_KEYS, display_name=None),
    ),
    good("webhooks.update", lambda s: s.user.webhooks.update("of-acme", is_active=False), "user"),
    forbidden("webhooks.update", lambda s: s.user.webhooks.update("of-acme", is_active=False)),
    refused("webhooks.update", 404, lambda s: s.frontegg.webhooks.update("of-acme", is_active=False)),
    bad("webhooks.update", "at least one of url", lambda s: s.frontegg.webhooks.update("hook")),
    bad("webhooks.update", "secret must not be empty", lambda s: s.frontegg.webhooks.update("hook", secret="")),
    good("webhooks.delete", lambda s: s.frontegg.webhooks.delete("hook")),
    good("webhooks.delete", lambda s: s.user.webhooks.delete("of-acme"), "user"),
    forbidden("webhooks.delete", lambda s: s.user.webhooks.delete("of-acme")),
    refused("webhooks.delete", 404, lambda s: s.user.webhooks.delete("hook"), "user"),
    bad("webhooks.delete", "webhook_id", lambda s: s.frontegg.webhooks.delete("")),
    good("webhooks.logs", lambda s: s.frontegg.webhooks.logs("hook").all()),
    good("webhooks.logs", lambda s: s.user.webhooks.logs("of-acme", page_size=1).first_page(), "user"),
    forbidden("webhooks.logs", lambda s: s.user.webhooks.logs("of-acme").all()),
    bad("webhooks.logs", "webhook_id", lambda s: s.frontegg.webhooks.logs("").all()),
    bad("webhooks.logs", "page_size", lambda s: s.frontegg.webhooks.logs("hook", page_size=0).all()),
    good("webhooks.redeliver", lambda s: s.frontegg.webhooks.redeliver("delivery")),
    good("webhooks.redeliver", lambda s: s.user.webhooks.redeliver("delivery-of-acme"), "user"),
    forbidden("webhooks.redeliver", lambda s: s.user.webhooks.redeliver("delivery-of-acme")),
    refused("webhooks.redeliver", 404, lambda s: s.frontegg.webhooks.redeliver("delivery-of-acme")),
    bad("webhooks.redeliver", "log_id", lambda s: s.frontegg.webhooks.redeliver("..")),
    good("webhooks.test", lambda s: s.frontegg.webhooks.test(url=_URL, secret="s", payload={"any": [None]})),
    good("webhooks.test", lambda s: s.user.webhooks.test(url=_URL, secret="s"), "user"),
    forbidden("webhooks.test", lambda s: s.user.webhooks.test(url=_URL, secret="s")),
    bad("webhooks.test", "payload", lambda s: s.frontegg.webhooks.test(url=_URL, secret="s", payload=[1])),
    bad("webhooks.test", "secret", lambda s: s.frontegg.webhooks.test(url=_URL, secret="")),
    good("prehooks.list", lambda s: s.frontegg.prehooks.get("prehook")),
    bad("prehooks.list", "prehook_id", lambda s: s.frontegg.prehooks.get("")),
    good("prehooks.create", lambda s: _create_prehook(s.frontegg, timeout=2, display_name="Ours", description="x")),
    refused("prehooks.create", 409, lambda s: _create_prehook(s.frontegg, event_keys=["SAML_AUTH", "SEND_SMS"])),
    bad(
        "prehooks.create",
        "fail_method must be one of open, close",
        lambda s: _create_prehook(s.frontegg, fail_method=""),
    ),
    bad("prehooks.create", "did you mean 'SEND_SMS'", lambda s: _create_prehook(s.frontegg, event_keys=["send_sms"])),
    bad("prehooks.create", "event key of prehooks", lambda s: _create_prehook(s.frontegg, event_keys=["frontegg.a"])),
    bad("prehooks.create", "timeout", lambda s: _create_prehook(s.frontegg, timeout=11)),
    good("prehooks.update", lambda s: s.frontegg.prehooks.update("prehook", fail_method="open", timeout=1, url=_URL)),
    refused("prehooks.update", 404, lambda s: s.frontegg.prehooks.update("none", secret="t")),
    refused("prehooks.update", 409, lambda s: s.frontegg.prehooks.update("prehook", event_keys=["SEND_SMS"])),
    bad("prehooks.update", "at least one", lambda s: s.frontegg.prehooks.update("prehook")),
    bad("prehooks.update", "timeout", lambda s: s.frontegg.prehooks.update("prehook", timeout=0)),
    good("prehooks.delete", lambda s: s.frontegg.prehooks.delete("prehook")),
    refused("prehooks.delete", 404, lambda s: s.frontegg.prehooks.delete("none")),
    bad("prehooks.delete", "prehook_id", lambda s: s.frontegg.prehooks.delete("..")),
)

_BODY: Final = {"url": _URL, "secret": "s", "eventKeys": _KEYS, "isActive": True}
_PREHOOK_BODY: Final = {**_BODY, "eventKeys": ["DELETE_TENANT"], "failMethod": "OPEN"}

CASES: Final = (
    case("webhooks.list", 200),
    case("webhooks.list", 200, token="user"),
    case("webhooks.create", 201, body=_BODY),
    case("webhooks.create", 201, body={**_BODY, "url": "http://127.0.0.1:99999/"}),
    case("webhooks.update", 200, "hook", body={"isActive": False}),
    case("webhooks.delete", 200, "hook"),
    case("webhooks.logs", 200, query=(("id", "hook"), ("limit", "1"))),
    case("webhooks.redeliver", 201, "delivery"),
    case("webhooks.test", 201, body={"url": _URL, "secret": "s"}),
    *(
        case("webhooks.create", 400, body={**_BODY, **wrong})
        for wrong in ({"url": "x"}, {"secret": ""}, {"eventKeys": []})
    ),
    case("webhooks.update", 400, "hook", body={}),
    case("webhooks.update", 404, "of-acme", body={"isActive": False}),
    case("webhooks.delete", 404, "none"),
    case("webhooks.logs", 400, query=(("limit", "0"),)),
    case("webhooks.redeliver", 404, "none"),
    case("webhooks.redeliver", 404, "unmade"),
    *(
        case(f"webhooks.{verb}", 403, *fields, body=body, token="bare")
        for verb, fields, body in (
            ("list", (), None),
            ("create", (), _BODY),
            ("update", ("of-acme",), {"isActive": False}),
            ("delete", ("of-acme",), None),
            ("logs", (), None),
            ("redeliver", ("delivery-of-acme",), None),
            ("test", (), {"url": _URL, "secret": "s"}),
        )
    ),
    case("event_definitions.list", 200),
    case("event_definitions.list", 403, token="bare"),
    case("event_definitions.categories", 200, token="user"),
    case("event_definitions.categories", 403, token="bare"),
    case("event_definitions.create", 201, body={"key": "own", "displayName": "Own", "url": "https://a.example"}),
    case("event_definitions.create", 400, body={"displayName": "Own"}),
    case("event_definitions.delete", 200, "defined"),
    case("event_definitions.delete", 404, "none"),
    case("prehooks.list", 200),
    case("prehooks.create", 201, body=_PREHOOK_BODY),
    case("prehooks.update", 200, "prehook", body={"failMethod": "OPEN"}),
    case("prehooks.delete", 200, "prehook"),
    case("prehooks.create", 409, body={**_PREHOOK_BODY, "eventKeys": ["SEND_SMS"]}),
    case("prehooks.update", 409, "prehook", body={"eventKeys": ["SEND_SMS"]}),
    case("prehooks.update", 404, "none", body={"timeout": 1}),
    case("prehooks.update", 400, "prehook", body={}),
    case("prehooks.delete", 404, "none"),
)
"""Requests with the status that each must get: for each operation at first one that succeeds."""

_THEN: Final = "2026-01-01T00:00:00.000Z"
_ROW: Final = {"url": _URL, "secret": "s", "createdAt": _THEN, "updatedAt": _THEN}

TABLES: Final[dict[str, list[dict[str, object]]]] = {
    "webhooks": [
        {"id": "hook", "eventKeys": _KEYS, **_ROW},
        {"id": "of-acme", "tenantId": "acme", "eventKeys": _KEYS, **_ROW},
    ],
    "webhookLogs": [
        {"id": "delivery", "at": _THEN, "webhookId": "hook", "body": "{}", "status": 200},
        {"id": "delivery-of-acme", "tenantId": "acme", "at": _THEN, "webhookId": "of-acme", "body": "{}"},
        {"id": "unmade", "at": _THEN, "webhookId": "hook"},
    ],
    "eventDefinitions": [{"id": "defined", "key": "mine", "createdAt": _THEN}],
    "prehooks": [
        {"id": "prehook", "eventKeys": ["SAML_AUTH"], "failMethod": "CLOSE", **_ROW},
        {"id": "other", "eventKeys": ["SEND_SMS"], "failMethod": "OPEN", **_ROW, "isActive": False},
    ],
}
"""Rows that there are before each request."""
