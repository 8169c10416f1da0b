"""``parse_event``: each form of a body, whatever else is in it, and what is no event."""

from __future__ import annotations

import contextlib
import json
import pickle
import traceback
from typing import Any, Final, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontegg_async import InvalidArgumentError
from frontegg_async.errors import WebhookPayloadError
from frontegg_async.webhooks import EventKeyLiteral, WebhookEvent, parse_event

CREATED: Final = "frontegg.tenant.created"
TENANT: Final = {"tenantId": "acme", "name": "Acme", "updatedAt": "2026-11-27T10:00:00.000Z", "plan": "new"}
USER: Final = {"id": "ann", "email": "ann@acme.example", "tenantId": "acme", "metadata": '{"a": 1}'}
CONTEXT: Final = {"vendorId": "v", "tenantId": "acme", "userId": "ann"}


def _event(key: str = CREATED, **fields: object) -> dict[str, object]:
    return {"eventKey": key, **fields}


@pytest.mark.parametrize(
    ("body", "tenant_id", "user_id", "tenant", "user"),
    [
        (_event(eventContext=CONTEXT, tenant=TENANT), "acme", "ann", "Acme", None),
        (_event(eventContext=CONTEXT, data=TENANT), "acme", "ann", "Acme", None),
        (_event(eventContext=CONTEXT, data={"tenant": TENANT}), "acme", "ann", "Acme", None),
        (_event(eventContext=CONTEXT, **TENANT), "acme", "ann", "Acme", None),
        (_event(eventContext=CONTEXT), "acme", "ann", None, None),
        (_event(), None, None, None, None),
        (_event(tenantId="acme"), "acme", None, "", None),
        (_event(tenant=TENANT), "acme", None, "Acme", None),
        (_event(data={"tenantId": "acme"}), "acme", None, "", None),
        (_event("CREATE_TENANT", data=TENANT), "acme", None, "Acme", None),
        (_event("own.event", data={"tenantId": "acme"}), "acme", None, None, None),
        (_event("frontegg.user.created", eventContext=CONTEXT, user=USER), "acme", "ann", None, "ann@acme.example"),
        (_event("frontegg.user.created", eventContext={}, user=USER), "acme", "ann", None, "ann@acme.example"),
        (_event("frontegg.user.created", data=USER), "acme", "ann", None, "ann@acme.example"),
        (_event("frontegg.userApiToken.created", data={"id": "x"}), None, None, None, None),
        (
            _event("frontegg.scim.user.created", eventContext=CONTEXT | {"userId": "idp_provisioned"}, user=USER),
            *("acme", "ann", None, "ann@acme.example"),
        ),
        (_event("frontegg.scim.group.created", eventContext={"userId": "idp_provisioned"}), None, None, None, None),
        (_event(eventContext={"tenantId": 7, "userId": ""}, tenant=[TENANT], user={"id": None}), *[None] * 4),
        (_event(eventContext="none", tenant={"name": "no id"}, data=[1]), *[None] * 4),
        (_event(eventContext=CONTEXT, tenant={"tenantId": 10**30}), "acme", "ann", None, None),
        (_event(eventContext=CONTEXT, tenant={"tenantId": "\ud800"}), "acme", "ann", None, None),
        (_event("USER_SIGNUP", eventContext=CONTEXT, data={"user": USER}), "acme", "ann", None, "ann@acme.example"),
        (_event("frontegg.something.new", eventContext=CONTEXT, något="ö\0"), "acme", "ann", None, None),
    ],
)
def test_each_form_of_a_body(
    body: dict[str, object], tenant_id: str | None, user_id: str | None, tenant: str | None, user: str | None
) -> None:
    """With a subject, in an envelope, with its fields at the top, without one; as bytes, text and mapping."""
    event = parse_event(body)

    assert (event.event_key, event.tenant_id, event.user_id) == (body["eventKey"], tenant_id, user_id)
    assert (event.tenant.name if event.tenant else None) == tenant
    assert (event.user.email if event.user else None) == user
    assert event.payload == body
    text = json.dumps(body)
    if "\\ud800" in text:  # no text of an encoding
        return
    for form in (text, text.encode(), bytearray(text.encode())):
        same = parse_event(form)
        assert (same.event_key, same.tenant_id, same.user_id) == (event.event_key, tenant_id, user_id)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("", "not_json"),
        (b"\xff", "not_json"),
        (b"\xef\xbb\xbf{}", "not_json"),
        ("{'eventKey': 1}", "not_json"),
        ('{"eventKey": NaN}', "not_json"),
        ('{"eventKey": "a", "eventKey": "b"}', "not_json"),
        (b'{"eventKey":"a","eventContext":{"tenantId":"a","tenantId":"b"}}', "not_json"),
        (bytearray(b'{"eventKey":"a","b":[{"c":1,"c":1}]}'), "not_json"),
        ({"eventKey": CREATED, "at": object()}, "not_json"),
        ({"eventKey": CREATED, "at": float("nan")}, "not_json"),
        ({"eventKey": CREATED, 1: 2}, "not_json"),
        (None, "not_an_event"),
        ([_event()], "not_an_event"),
        ("null", "not_an_event"),
        ("[]", "not_an_event"),
        ('"frontegg.tenant.created"', "not_an_event"),
        ("{}", "not_an_event"),
        ({"event": CREATED}, "not_an_event"),
        ({"eventKey": ""}, "not_an_event"),
        ({"eventKey": 1}, "not_an_event"),
        ({"eventKey": [CREATED]}, "not_an_event"),
        ({"data": {"eventKey": CREATED}}, "not_an_event"),
        ("[" * 200_000, "too_deep"),
        ('{"eventKey": "a", "b": ' + "[" * 128 + "]" * 128 + "}", "too_deep"),
        (" " * 1_048_577, "too_large"),
        ("ö" * 600_000, "too_large"),
    ],
)
def test_what_is_no_event(body: Any, reason: str) -> None:
    """Each has its reason; the error holds nothing of the body."""
    with pytest.raises(WebhookPayloadError) as caught:
        parse_event(body)

    assert caught.value.reason == reason
    assert isinstance(caught.value, ValueError)
    assert [frame.f_code.co_filename for frame, _ in traceback.walk_tb(caught.value.__traceback__)] == [__file__]
    assert caught.value.__cause__ is caught.value.__context__ is None


def test_limits_are_exact() -> None:
    """A body of just the most bytes is read, and one of the deepest nesting."""
    body = json.dumps(_event()).encode()
    deepest = '{"eventKey": "a", "b": ' + "[" * 127 + "]" * 127 + "}"

    assert parse_event(body, max_bytes=len(body)).event_key == CREATED
    assert parse_event(deepest).event_key == "a"
    with pytest.raises(WebhookPayloadError, match=f"more than {len(body) - 1} bytes"):
        parse_event(body, max_bytes=len(body) - 1)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"body": "{}", "max_bytes": 0}, "max_bytes must be a whole number from 1"),
        ({"body": "{}", "max_bytes": 2.5}, "max_bytes must be a whole number from 1"),
    ],
)
def test_arguments_are_checked(arguments: dict[str, Any], message: str) -> None:
    """A mistake of the program is no bad body."""
    with pytest.raises(InvalidArgumentError, match=message):
        parse_event(**arguments)


def test_an_event_is_a_value() -> None:
    """It shows no data of people, can be sent to another process, and does not change with what it was made of."""
    body: dict[str, Any] = _event("frontegg.user.created", eventContext=dict(CONTEXT), user=USER)
    event = parse_event(body)
    body["eventContext"]["tenantId"] = "other"

    assert repr(event) == "WebhookEvent(event_key='frontegg.user.created', tenant_id='acme', user_id='ann')"
    assert event.context == CONTEXT
    assert pickle.loads(pickle.dumps(event)) == event == WebhookEvent.from_dict(event.to_dict())
    assert hash(event) == hash(pickle.loads(pickle.dumps(event)))


def test_the_known_keys() -> None:
    """They are sorted, once each, and all of the service but for the one that it misspells."""
    keys: tuple[str, ...] = get_args(EventKeyLiteral)

    assert list(keys) == sorted(set(keys))
    assert [key for key in keys if not key.startswith("frontegg.")] == ["ffrontegg.user.plan.unassigned"]


_JSON: Final[st.SearchStrategy[Any]] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=12,
)
_NAMES: Final = ("eventContext", "tenant", "user", "data", "tenantId", "id", "own")


@given(st.text(min_size=1), st.dictionaries(st.sampled_from(_NAMES), _JSON | st.just(TENANT) | st.just(USER)))
def test_whatever_has_a_key_is_an_event(key: str, fields: dict[str, Any]) -> None:
    """Ids are text or nothing, subjects models or nothing, and text gives what the mapping gives."""
    event = parse_event({**fields, "eventKey": key})

    assert event.event_key == key
    assert event.tenant_id is None or event.tenant_id
    assert event.user_id is None or event.user_id
    assert event.tenant is None or event.tenant.tenant_id
    assert event.user is None or event.user.id
    with contextlib.suppress(WebhookPayloadError):  # JSON text has no lone surrogates, and no number beyond its range
        assert parse_event(json.dumps({**fields, "eventKey": key})).event_key == key


@given(st.binary(max_size=200) | _JSON.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_are_an_event_or_refused(body: bytes) -> None:
    """Nothing else is raised, whatever comes."""
    with contextlib.suppress(WebhookPayloadError):
        parse_event(body)
