"""Rows of tenants as the service sends them, for tests of decoding."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from hypothesis import strategies as st

MOMENT: Final = "2024-05-06T07:08:09.123Z"
READ: Final = datetime(2024, 5, 6, 7, 8, 9, 123_000, tzinfo=UTC)

REQUIRED: Final[dict[str, Any]] = {"tenantId": "t1", "name": "Acme", "createdAt": MOMENT, "updatedAt": MOMENT}
"""The least that a row has."""

TYPICAL: Final[dict[str, Any]] = REQUIRED | {
    "deletedAt": None,
    "id": "5f0c",
    "vendorId": "v1",
    "isReseller": False,
    "metadata": '{"plan": "pro"}',
    "creatorName": "Jo",
    "creatorEmail": "jo@example.com",
    "status": "active",
    "website": "https://acme.example",
    "timezone": "Europe/Berlin",
    "currency": "EUR",
}

TEXTS: Final = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
JSON: Final = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=5,
)
MOMENTS: Final = st.builds(
    lambda moment, digits, zone: moment.isoformat() + (f".{digits}" if digits else "") + zone,
    st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30)).map(lambda moment: moment.replace(microsecond=0)),  # noqa: DTZ001 - the zone is drawn apart
    st.text("0123456789", max_size=9),
    st.sampled_from(["Z", "z", "+00:00", "-00:00", "+05:45", "-08:00", "+23:59"]),
)

_NULLABLE_TEXT: Final = st.none() | TEXTS
_FIELDS: Final[dict[str, st.SearchStrategy[Any]]] = {
    "deletedAt": st.none() | MOMENTS,
    "isReseller": st.none() | st.booleans(),
    "hasCustomLogin": st.none() | st.booleans(),
    "isLocked": st.none() | st.booleans(),
    "metadata": st.none() | TEXTS | JSON,
    "numberOfEmployees": st.none() | st.integers() | TEXTS,
    "yearFounded": st.none() | st.integers() | TEXTS,
    "annualRevenue": st.none() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    "totalFunding": st.none() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    **dict.fromkeys(
        [
            *(
                "id",
                "vendorId",
                "creatorName",
                "creatorEmail",
                "status",
                "website",
                "applicationUrl",
                "logo",
                "logoUrl",
            ),
            *(
                "address",
                "timezone",
                "currency",
                "alias",
                "domain",
                "loginUrl",
                "dateFormat",
                "timeFormat",
                "tenantType",
            ),
            *("address2", "countryCode", "state", "city", "postCode", "industry"),
        ],
        _NULLABLE_TEXT,
    ),
}
KNOWN: Final = frozenset(REQUIRED) | frozenset(_FIELDS)
UNKNOWN: Final = st.dictionaries(
    st.sampled_from(
        ["parentTenantId", "tenant_id", "extra", "learned_0", 'a"b', "a\\b", "a\nb", "", "\u00e9", "{}", "self"]
    )
    | TEXTS.filter(lambda name: name not in KNOWN and name != "jwtSecret"),
    JSON,
    max_size=4,
)


@st.composite
def tenant_rows(draw: st.DrawFn) -> dict[str, Any]:
    """A row with some of the fields, some that no model knows, in any order."""
    row: dict[str, Any] = {"tenantId": draw(TEXTS), "name": draw(TEXTS)}
    row |= {name: draw(MOMENTS) for name in ("createdAt", "updatedAt")}
    row |= {
        name: draw(_FIELDS[name]) for name in draw(st.lists(st.sampled_from(sorted(_FIELDS)), unique=True, max_size=8))
    }
    row |= draw(UNKNOWN)
    return {name: row[name] for name in draw(st.permutations(sorted(row)))}
