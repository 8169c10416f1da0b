"""Bodies that are wrong, each by its name: with what is expected, and where the refusal must say what is wrong."""

from __future__ import annotations

import json
from typing import Final

from frontegg_async.models.auth import EnvironmentToken
from frontegg_async.models.tenants import Tenant
from frontegg_async.models.users import UserCount
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
    "error envelope": (
        json.dumps({"errors": [CANARY]}).encode(),
        {f"$.{name}: is missing" for name in ("tenantId", "name", "createdAt", "updatedAt")},
    ),
    "id is a number": (changed(tenantId=5), {"$.tenantId: expected str, got int"}),
    "id is null": (changed(tenantId=None), {"$.tenantId: expected str, got NoneType"}),
    "name is an object": (changed(name={CANARY: CANARY}), {"$.name: expected str, got dict"}),
    "name is an array": (changed(name=[CANARY]), {"$.name: expected str, got list"}),
    "name is a flag": (changed(name=True), {"$.name: expected str, got bool"}),
    "moment is text": (changed(createdAt=CANARY), {"$.createdAt: expected datetime, got str"}),
    "moment is a number": (changed(createdAt=1_700_000_000), {"$.createdAt: expected datetime, got int"}),
    "moment is null": (changed(updatedAt=None), {"$.updatedAt: expected datetime, got NoneType"}),
    "moment is not of the calendar": (
        changed(createdAt="2024-02-30T00:00:00Z"),
        {"$.createdAt: expected datetime, got str"},
    ),
    "flag is text": (changed(isReseller=CANARY), {"$.isReseller: expected bool or null, got str"}),
    "flag is a number": (changed(isLocked=1), {"$.isLocked: expected bool or null, got int"}),
    "number is a fraction": (
        changed(numberOfEmployees=1.5),
        {"$.numberOfEmployees: expected int or str or null, got float"},
    ),
    "number is a flag": (changed(yearFounded=True), {"$.yearFounded: expected int or str or null, got bool"}),
    "number is an object": (
        changed(annualRevenue={}),
        {"$.annualRevenue: expected int or float or str or null, got dict"},
    ),
    "many at once": (
        changed(name=5, creatorEmail=[CANARY], status={"a": CANARY}),
        {
            "$.name: expected str, got int",
            "$.creatorEmail: expected str or null, got list",
            "$.status: expected str or null, got dict",
        },
    ),
    "within an array": (b"[%b]" % changed(name=5), {"$[0].name: expected str, got int"}),
}
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
    "items are null": (b'{"items": null, "_metadata": {"totalItems": 0}}', {"$.items: expected array, got NoneType"}),
    "no metadata": (b'{"items": [%b]}' % GOOD, {"$._metadata.totalItems: expected count, got NoneType"}),
    "metadata is text": (
        b'{"items": [], "_metadata": "canary@example.com"}',
        {"$._metadata.totalItems: expected count, got NoneType"},
    ),
    "total is missing": (b'{"items": [], "_metadata": {}}', {"$._metadata.totalItems: expected count, got NoneType"}),
    "total is null": (
        b'{"items": [], "_metadata": {"totalItems": null}}',
        {"$._metadata.totalItems: expected count, got NoneType"},
    ),
    "total is negative": (
        b'{"items": [], "_metadata": {"totalItems": -1}}',
        {"$._metadata.totalItems: expected count, got int"},
    ),
    "total is a fraction": (
        b'{"items": [], "_metadata": {"totalItems": 1.0}}',
        {"$._metadata.totalItems: expected count, got float"},
    ),
    "total is a flag": (
        b'{"items": [], "_metadata": {"totalItems": true}}',
        {"$._metadata.totalItems: expected count, got bool"},
    ),
    "total is text": (
        b'{"items": [], "_metadata": {"totalItems": "5"}}',
        {"$._metadata.totalItems: expected count, got str"},
    ),
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
        b'{"items": [%b, %b], "_metadata": {"totalItems": 2}}' % (GOOD, changed(name=5, status=[CANARY])),
        {"$.items[1].name: expected str, got int", "$.items[1].status: expected str or null, got list"},
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
