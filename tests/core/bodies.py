"""Bodies that are wrong, each by its name: with what is expected, and where the refusal must say what is wrong."""

from __future__ import annotations

import json
from typing import Final

from frontegg_async.models.auth import EnvironmentToken
from frontegg_async.models.tenants import Tenant, UserCount
from tests.core.rows import MOMENT, REQUIRED

CANARY: Final = "canary@example.com"

_PERSONAL: Final = REQUIRED | {"creatorEmail": CANARY, "metadata": json.dumps({"plan": CANARY}), "newField": CANARY}
GOOD: Final = json.dumps(_PERSONAL).encode()
_LEAST: Final = json.dumps(REQUIRED).encode()


def changed(**changes: object) -> bytes:
    return json.dumps(_PERSONAL | changes).encode()


def spliced(text: str) -> bytes:
    """The good row with more members, as raw text."""
    return GOOD[:-1] + b", " + text.encode("utf-8", "surrogatepass") + b"}"


NOT_JSON: Final[dict[str, bytes]] = {
    "truncated at the end": GOOD[:-1],
    "truncated in a text": GOOD[: GOOD.index(CANARY.encode()) + 5],
    "truncated in a name": GOOD[:5],
    "one byte": b"{",
    "trailing comma": GOOD[:-1] + b",}",
    "two values": GOOD + GOOD,
    "trailing garbage": GOOD + b"x",
    "trailing nul": GOOD + b"\x00",
    "byte order mark": b"\xef\xbb\xbf" + GOOD,
    "UTF-16": GOOD.decode().encode("utf-16"),
    "UTF-16 without a mark": GOOD.decode().encode("utf-16-le"),
    "UTF-32": GOOD.decode().encode("utf-32"),
    "invalid UTF-8": GOOD.replace(b"Acme", b"\xff\xfe"),
    "overlong UTF-8": GOOD.replace(b"Acme", b"\xc0\xaf"),
    "cut UTF-8": GOOD.replace(b"Acme", b"\xe2\x82"),
    "surrogate in UTF-8": GOOD.replace(b"Acme", b"\xed\xa0\x80"),
    "lone surrogate escape": GOOD.replace(b"Acme", b"\\ud800"),
    "lone low surrogate escape": GOOD.replace(b"Acme", b"\\udc00"),
    "bad escape": GOOD.replace(b"Acme", b"\\x41"),
    "cut escape": GOOD.replace(b"Acme", b"\\u00"),
    "raw control character": GOOD.replace(b"Acme", b"\x01"),
    "raw line break": GOOD.replace(b"Acme", b"A\ncme"),
    "single quotes": _LEAST.replace(b'"', b"'"),
    "comments": b"/* x */" + GOOD,
    "HTML": b"<html><body>canary@example.com</body></html>",
    "HTML with a success": b"<!DOCTYPE html>" + b" " * 10_000,
    "plain text": CANARY.encode(),
    "only spaces": b"   \n",
    "nul bytes": bytes(100),
    "gzip": b"\x1f\x8b\x08\x00canary@example.com",
    "NaN": spliced('"yearFounded": NaN'),
    "Infinity": spliced('"totalFunding": Infinity'),
    "minus Infinity": spliced('"totalFunding": -Infinity'),
    "NaN in an unknown field": spliced('"other": [NaN]'),
    "1e400": spliced('"totalFunding": 1e400'),
    "minus 1e400": spliced('"totalFunding": -1e400'),
    "1e400 in an unknown field": spliced('"other": {"a": 1e400}'),
    "1e999999999": spliced('"totalFunding": 1e999999999'),
    "5,000 digits": spliced('"yearFounded": ' + "7" * 5_000),
    "5,000 digits in an unknown field": spliced('"other": ' + "7" * 5_000),
    "a million digits": spliced('"other": ' + "7" * 1_000_000),
    "leading zero": spliced('"yearFounded": 01'),
    "plus sign": spliced('"yearFounded": +1'),
    "hexadecimal": spliced('"yearFounded": 0x10'),
    "bare point": spliced('"totalFunding": .5'),
    "deep arrays": b"[" * 100_000,
    "deep arrays, closed": b"[" * 100_000 + b"]" * 100_000,
    "deep objects": b'{"a":' * 100_000,
    "deep objects, closed": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "deep in an unknown field": spliced('"other": ' + "[" * 100_000 + "]" * 100_000),
    "deep in metadata": spliced('"metadata": ' + '{"a":' * 50_000 + "1" + "}" * 50_000),
    "deep behind an escape": spliced('"x": "\\u0041", "other": ' + "[" * 100_000 + "]" * 100_000),
    "True": b"True",
    "undefined": b"undefined",
    "unquoted name": b'{tenantId: "canary@example.com"}',
    "name that is a number": b'{5: "canary@example.com"}',
}
NOT_A_TENANT: Final[dict[str, tuple[bytes, set[str]]]] = {
    "number": (b"42", {"$: expected object, got int"}),
    "text": (json.dumps(CANARY).encode(), {"$: expected object, got str"}),
    "flag": (b"true", {"$: expected object, got bool"}),
    "array of two": (b"[%b,%b]" % (GOOD, GOOD), {"$: expected one object, got an array of 2"}),
    "array of text": (json.dumps([CANARY]).encode(), {"$[0]: expected object, got str"}),
    "array of array": (b"[[%b]]" % GOOD, {"$[0]: expected object, got list"}),
    "error envelope": (json.dumps({"errors": [CANARY]}).encode(), {"$.tenantId: is missing"}),
    "id is a number": (changed(tenantId=5), {"$.tenantId: expected str, got int"}),
    "id is null": (changed(tenantId=None), {"$.tenantId: expected str, got NoneType"}),
    "id is a flag": (changed(tenantId=True), {"$.tenantId: expected str, got bool"}),
    "id is an object": (changed(tenantId={CANARY: CANARY}), {"$.tenantId: expected str, got dict"}),
    "id is an array": (changed(tenantId=[CANARY]), {"$.tenantId: expected str, got list"}),
    "id and more are wrong": (
        changed(tenantId=5, name=[CANARY], createdAt=CANARY),
        {"$.tenantId: expected str, got int"},
    ),
    "within an array": (b"[%b]" % changed(tenantId=5), {"$[0].tenantId: expected str, got int"}),
}
"""Only of its id a tenant is refused."""

ODD_TENANTS: Final[dict[str, dict[str, object]]] = {
    "name is an object": {"name": {CANARY: CANARY}},
    "name is an array": {"name": [CANARY]},
    "name is a flag": {"name": True},
    "name is null": {"name": None},
    "moment is text": {"createdAt": CANARY},
    "moment is a number": {"createdAt": 1_700_000_000},
    "moment is an object": {"updatedAt": {"$date": CANARY}},
    "moment is not of the calendar": {"createdAt": "2024-02-30T00:00:00Z"},
    "moment has a year of five digits": {"createdAt": "10000-01-01T00:00:00Z"},
    "moment is deep": {"createdAt": [[[[CANARY]]]]},
    "flag is text": {"isReseller": CANARY},
    "flag is a number": {"isLocked": 1},
    "number is a fraction": {"numberOfEmployees": 1.5},
    "number is a flag": {"yearFounded": True},
    "number is an object": {"annualRevenue": {}},
    "text is a huge number": {"status": 10**400},
    "text is a tiny number": {"status": 5e-324},
    "many at once": {"name": 5, "creatorEmail": [CANARY], "status": {"a": CANARY}, "createdAt": "", "deletedAt": 0},
}
"""Fields of a tenant that have another type than theirs: what ``extra`` has then, by the names on the wire."""

GIVEN_TWICE: Final[dict[str, tuple[bytes, type[object], str]]] = {
    "id": (spliced(f'"tenantId": "{CANARY}"'), Tenant, "$.tenantId: given twice"),
    "id, escaped": (spliced(f'"tenant\\u0049d": "{CANARY}"'), Tenant, "$.tenantId: given twice"),
    "id, all escaped": (
        spliced('"\\u0074\\u0065\\u006e\\u0061\\u006e\\u0074\\u0049\\u0064": "x"'),
        Tenant,
        "$.tenantId: given twice",
    ),
    "id, in upper hexadecimal": (spliced('"tenantI\\u0064": "x"'), Tenant, "$.tenantId: given twice"),
    "id, three times": (spliced('"tenantId": "x", "tenantId": "y"'), Tenant, "$.tenantId: given twice"),
    "the same id": (spliced('"tenantId": "t1"'), Tenant, "$.tenantId: given twice"),
    "id, in an array": (b"[%b]" % spliced('"tenantId": "x"'), Tenant, "$.tenantId: given twice"),
    "id of a count": (b'{"tenantId": "a", "totalUsers": 1, "tenantId": "b"}', UserCount, "$.tenantId: given twice"),
    "token": (
        b'{"token": "canary@example.com", "expiresIn": 60, "token": "b"}',
        EnvironmentToken,
        "$.token: given twice",
    ),
    "token, escaped": (
        b'{"token": "a", "expiresIn": 60, "t\\u006fken": "canary@example.com"}',
        EnvironmentToken,
        "$.token: given twice",
    ),
    "life": (b'{"token": "a", "expiresIn": 60, "expiresIn": 99}', EnvironmentToken, "$.expiresIn: given twice"),
    "life, escaped": (
        b'{"token": "a", "expiresIn": 60, "expires\\u0049n": 99}',
        EnvironmentToken,
        "$.expiresIn: given twice",
    ),
}
NOT_A_PAGE: Final[dict[str, tuple[bytes, set[str]]]] = {
    "array": (b"[%b]" % GOOD, {"$: expected object, got list"}),
    "null": (b"null", {"$: expected object, got NoneType"}),
    "text": (json.dumps(CANARY).encode(), {"$: expected object, got str"}),
    "empty object": (b"{}", {"$.items: expected array, got NoneType"}),
    "items are an object": (b'{"items": {"a": "canary@example.com"}}', {"$.items: expected array, got dict"}),
    "items are null": (b'{"items": null, "_metadata": {"totalItems": 1}}', {"$.items: expected array, got NoneType"}),
    "items are null and not counted": (b'{"items": null}', {"$.items: expected array, got NoneType"}),
    "items are missing": (b'{"_metadata": {"totalItems": 1}, "item": []}', {"$.items: expected array, got NoneType"}),
    "an item is null": (
        b'{"items": [%b, null], "_metadata": {"totalItems": 2}}' % GOOD,
        {"$.items[1]: expected object, got NoneType"},
    ),
    "an item is text": (
        b'{"items": ["canary@example.com"], "_metadata": {"totalItems": 1}}',
        {"$.items[0]: expected object, got str"},
    ),
    "an item is an array": (
        b'{"items": [[]], "_metadata": {"totalItems": 1}}',
        {"$.items[0]: expected object, got list"},
    ),
    "an item is wrong": (
        b'{"items": [%b, %b], "_metadata": {"totalItems": 2}}' % (GOOD, changed(tenantId=5, status=[CANARY])),
        {"$.items[1].tenantId: expected str, got int"},
    ),
}
NOT_A_TOKEN: Final[dict[str, tuple[bytes, set[str]]]] = {
    "no token": (b'{"expiresIn": 60}', {"$.token: is missing"}),
    "no life": (b'{"token": "canary@example.com"}', {"$.expiresIn: is missing"}),
    "token is null": (b'{"token": null, "expiresIn": 60}', {"$.token: expected str, got NoneType"}),
    "token is an object": (
        b'{"token": {"a": "canary@example.com"}, "expiresIn": 60}',
        {"$.token: expected str, got dict"},
    ),
    "life is text": (b'{"token": "canary@example.com", "expiresIn": "60"}', {"$.expiresIn: expected float, got str"}),
    "life is a flag": (
        b'{"token": "canary@example.com", "expiresIn": true}',
        {"$.expiresIn: expected float, got bool"},
    ),
    "life is null": (
        b'{"token": "canary@example.com", "expiresIn": null}',
        {"$.expiresIn: expected float, got NoneType"},
    ),
    "life is a date": (
        json.dumps({"token": CANARY, "expiresIn": MOMENT}).encode(),
        {"$.expiresIn: expected float, got str"},
    ),
}
