"""Exercises of webhooks and prehooks."""

from __future__ import annotations

from typing import Any, Final

from tests.emulator.cases import case
from tests.exercises.exercise import bad, both, forbidden, good, refused

_URL: Final = "http://127.0.0.1:9/hooks"
"""An address where nobody listens."""
_KEYS: Final = ["frontegg.tenant.created", "frontegg.tenant.renamedOneDay"]
_HOOK: Final[dict[str, Any]] = {"url": _URL, "secret": "s", "event_keys": _KEYS}
_NO_KEYS: Final[dict[str, Any]] = {**_HOOK, "event_keys": []}
_PREHOOK: Final = {"url": _URL, "secret": "s", "event_keys": ["DELETE_TENANT"], "fail_method": "close"}


def _create(client: Any, *tenant_id: str, **changes: Any) -> Any:
    return client.webhooks.create(*tenant_id, **{**_HOOK, **changes})


def _create_prehook(client: Any, **changes: Any) -> Any:
    return client.prehooks.create(**{**_PREHOOK, **changes})


EXERCISES: Final = (
    *both("webhooks.list", wrong=("options must be Options", {"options": 1})),
    good("webhooks.list", lambda s: s.frontegg.webhooks.get("acme", "of-acme")),
    good("webhooks.list", lambda s: s.frontegg.for_tenant("acme").webhooks.get("of-acme")),
    good("webhooks.list", lambda s: s.frontegg.webhooks.of_environment.get("hook")),
    good("webhooks.list", lambda s: s.user.webhooks.get("of-acme"), "user"),
    bad("webhooks.list", "webhook_id", lambda s: s.frontegg.webhooks.get("acme", "..")),
    bad("webhooks.list", "tenant_id", lambda s: s.frontegg.webhooks.list("").all()),
    *both("webhooks.create", **_HOOK, wrong=("is_active", {"is_active": "yes"})),
    good("webhooks.create", lambda s: s.frontegg.webhooks.of_environment.create(**_HOOK, display_name="Ours")),
    refused("webhooks.create", 401, lambda s: _create(s.frontegg, "acme"), switches={"webhooks_by_vendor": "refuse"}),
    bad("webhooks.create", "url must be an absolute URL", lambda s: _create(s.frontegg, "acme", url="app.example.com")),
    bad("webhooks.create", "url must have no fragment", lambda s: _create(s.frontegg, "acme", url=f"{_URL}#x")),
    bad("webhooks.create", "secret must not be empty", lambda s: _create(s.frontegg, "acme", secret=" ")),
    bad("webhooks.create", "secret must be text", lambda s: _create(s.user, secret=None)),
    bad("webhooks.create", "one event key", lambda s: s.frontegg.webhooks.of_environment.create(**_NO_KEYS)),
    bad(
        "webhooks.create",
        "did you mean 'frontegg.tenant.created'",
        lambda s: _create(s.frontegg, "acme", event_keys=["tenant.created"]),
    ),
    bad("webhooks.create", r"event_keys\[1\]", lambda s: _create(s.user, event_keys=["frontegg.a", "frontegg"])),
    *both(
        "webhooks.update", "of-acme", url=_URL, event_keys=_KEYS, display_name=None, wrong=("secret", {"secret": ""})
    ),
    good("webhooks.update", lambda s: s.frontegg.webhooks.of_environment.update("hook", is_active=False)),
    refused("webhooks.update", 404, lambda s: s.frontegg.webhooks.update("acme", "hook", is_active=False)),
    refused("webhooks.update", 404, lambda s: s.frontegg.webhooks.of_environment.update("of-acme", is_active=False)),
    bad("webhooks.update", "at least one of url", lambda s: s.frontegg.webhooks.update("acme", "hook")),
    *both("webhooks.delete", "of-acme", wrong=("options must be Options", {"options": 1})),
    good("webhooks.delete", lambda s: s.frontegg.webhooks.of_environment.delete("hook")),
    refused("webhooks.delete", 404, lambda s: s.user.webhooks.delete("hook"), "user"),
    bad("webhooks.delete", "webhook_id", lambda s: s.frontegg.webhooks.delete("acme", "")),
    good("webhooks.list_logs", lambda s: s.frontegg.webhooks.list_logs("acme", "of-acme").all()),
    good("webhooks.list_logs", lambda s: s.frontegg.webhooks.of_environment.list_logs("hook").all()),
    good("webhooks.list_logs", lambda s: s.user.webhooks.list_logs("of-acme", page_size=1).first_page(), "user"),
    forbidden("webhooks.list_logs", lambda s: s.user.webhooks.list_logs("of-acme").all()),
    refused("webhooks.list_logs", 404, lambda s: s.frontegg.webhooks.list_logs("nobody", "hook").all()),
    bad("webhooks.list_logs", "webhook_id", lambda s: s.frontegg.webhooks.list_logs("acme", "").all()),
    bad("webhooks.list_logs", "page_size", lambda s: s.frontegg.webhooks.of_environment.list_logs("hook", page_size=0)),
    *both("webhooks.redeliver", "delivery-of-acme", wrong=("options must be Options", {"options": 1})),
    good("webhooks.redeliver", lambda s: s.frontegg.webhooks.of_environment.redeliver("delivery")),
    refused("webhooks.redeliver", 404, lambda s: s.frontegg.webhooks.redeliver("acme", "delivery")),
    bad("webhooks.redeliver", "log_id", lambda s: s.frontegg.webhooks.redeliver("acme", "..")),
    *both("webhooks.test", url=_URL, secret="s", payload={"any": [None]}, wrong=("payload", {"payload": [1]})),
    good("webhooks.test", lambda s: s.frontegg.webhooks.of_environment.test(url=_URL, secret="s")),
    bad("webhooks.test", "secret", lambda s: s.frontegg.webhooks.test("acme", url=_URL, secret="")),
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

_ACME: Final = {"headers": {"frontegg-tenant-id": "acme"}}
_NOBODY: Final = {"headers": {"frontegg-tenant-id": "nobody"}}

CASES: Final = (
    case("webhooks.list", 200, **_ACME),
    case("webhooks.list", 200, token="user"),
    case("webhooks.create", 201, body=_BODY, **_ACME),
    case("webhooks.create", 201, body={**_BODY, "url": "http://127.0.0.1:99999/"}, **_ACME),
    case("webhooks.update", 200, "of-acme", body={"isActive": False}, **_ACME),
    case("webhooks.delete", 200, "of-acme", **_ACME),
    case("webhooks.list_logs", 200, query=(("id", "of-acme"), ("limit", "1")), **_ACME),
    case("webhooks.redeliver", 201, "delivery-of-acme", **_ACME),
    case("webhooks.test", 201, body={"url": _URL, "secret": "s"}, **_ACME),
    *(
        case("webhooks.create", 400, body={**_BODY, **wrong}, **_ACME)
        for wrong in ({"url": "x"}, {"secret": ""}, {"eventKeys": []})
    ),
    case("webhooks.update", 400, "of-acme", body={}, **_ACME),
    case("webhooks.update", 404, "hook", body={"isActive": False}, **_ACME),
    case("webhooks.delete", 404, "none", **_ACME),
    case("webhooks.list_logs", 400, query=(("limit", "0"),), **_ACME),
    case("webhooks.redeliver", 404, "none", **_ACME),
    case("webhooks.redeliver", 404, "unmade", **_ACME),
    case("webhooks.list", 404, **_NOBODY),
    case("webhooks.create", 404, body=_BODY, **_NOBODY),
    case("webhooks.list_logs", 404, **_NOBODY),
    case("webhooks.test", 404, body={"url": _URL, "secret": "s"}, **_NOBODY),
    case("webhooks.list", 403),
    case("webhooks.list", 200, switches={"webhooks_by_vendor": "serve"}),
    case("webhooks.list", 401, switches={"webhooks_by_vendor": "refuse"}),
    *(
        case(f"webhooks.{verb}", 403, *fields, body=body, token="bare")
        for verb, fields, body in (
            ("list", (), None),
            ("create", (), _BODY),
            ("update", ("of-acme",), {"isActive": False}),
            ("delete", ("of-acme",), None),
            ("list_logs", (), None),
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
        {"id": "unmade", "tenantId": "acme", "at": _THEN, "webhookId": "of-acme"},
    ],
    "eventDefinitions": [{"id": "defined", "key": "mine", "createdAt": _THEN}],
    "prehooks": [
        {"id": "prehook", "eventKeys": ["SAML_AUTH"], "failMethod": "CLOSE", **_ROW},
        {"id": "other", "eventKeys": ["SEND_SMS"], "failMethod": "OPEN", **_ROW, "isActive": False},
    ],
}
"""Rows that there are before each request."""
