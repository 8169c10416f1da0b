"""People, policies and SSO configurations of any accounts, and what files ask for of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Final, cast

import attrs
from hypothesis import strategies as st

from frontegg_async._values.json_values import JsonValue
from frontegg_async.emulator.services.roles.rows import default_id
from frontegg_async.emulator.services.security.rows import policy_id
from frontegg_async.snapshots.rows import Row

ROLES: Final[Mapping[str, str]] = {
    "Admin": default_id("role", "Admin"),
    "ReadOnly": default_id("role", "ReadOnly"),
    "a.b": "r-1",
    "Own": "r-own",
}
"""The ids of roles by their keys."""
OWN_ROLE: Final = "Own"
"""The role of one account, the first one of the estate; all others are roles of the environment."""

WIRE_NAMES: Final[Mapping[str, Mapping[str, str]]] = {
    "mfa": {
        "enforce": "enforceMFAType",
        "allow_remember_my_device": "allowRememberMyDevice",
        "device_expiration": "mfaDeviceExpiration",
    },
    "lockout": {"enabled": "enabled", "max_attempts": "maxAttempts"},
    "password": {"min_length": "minLength", "optional_tests": "optionalTests", "required_tests": "requiredTests"},
    "sessions": {
        "idle.enabled": "sessionIdleTimeoutConfiguration.isActive",
        "idle.timeout": "sessionIdleTimeoutConfiguration.timeout",
    },
    "email_domains": {"enabled": "active", "mode": "type", "block_public_domains": "blockPublicDomains"},
}
"""The names of fields of policies on the wire, by the names that files have."""
KINDS: Final = {"email_domains": "emailDomainConfig"}
"""The names of policies in the state of an emulator, where they have others than in files."""

_MOMENT: Final = "2025-01-01T00:00:00.000Z"
_STAMPS: Final = {"createdAt": _MOMENT, "updatedAt": _MOMENT}
_PEOPLE: Final = ("ann@a.example", "Bob@B.example", "CAT@c.example", "dan+x@d.example")
_STRANGERS: Final = ("eve@a.example", "Fay@B.example")
_NAME: Final = st.sampled_from(["Ann", "Bob", " x ", "=1+1", "\u00e9", "a,b", "x/"]) | st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=8
)
_SPELL: Final[st.SearchStrategy[Callable[[str], str]]] = st.sampled_from([str, str.lower, str.upper])
_FLAG: Final = st.booleans()
_URL: Final = st.sampled_from(["https://a.example/sso", "https://b.example/x/"])
_KEY: Final = st.sampled_from(["a", "a.b", "\u00e9", "x y"])


def _some(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=fields)


_POLICIES: Final[Mapping[str, tuple[st.SearchStrategy[Row], st.SearchStrategy[Row]]]] = {
    # The first values are for an account that may have no policy, the second for an account with a policy.
    "mfa": (
        st.fixed_dictionaries(
            {"enforce": st.sampled_from(["DontForce", "Force", "ForceExceptSAML"])},
            optional={"device_expiration": st.integers(1, 9)},
        ),
        _some(
            enforce=st.sampled_from(["DontForce", "force", "ForceExceptSAML"]),
            allow_remember_my_device=_FLAG,
            device_expiration=st.integers(1, 9),
        ),
    ),
    "lockout": (
        st.fixed_dictionaries({"enabled": _FLAG, "max_attempts": st.integers(1, 5)}),
        _some(enabled=_FLAG, max_attempts=st.integers(1, 5)),
    ),
    "password": (
        _some(min_length=st.integers(1, 20), optional_tests=_some(requireLowercase=_FLAG, requireNumbers=_FLAG)),
        _some(min_length=st.integers(1, 20), required_tests=_some(checkThreeRepeatedChars=_FLAG)),
    ),
    "sessions": (
        st.fixed_dictionaries({"idle": st.fixed_dictionaries({"enabled": _FLAG, "timeout": st.integers(60, 99)})}),
        _some(idle=_some(enabled=_FLAG, timeout=st.integers(60, 99))),
    ),
    "email_domains": (
        st.fixed_dictionaries({"enabled": _FLAG}, optional={"mode": st.sampled_from(["ALLOW", "BLOCK"])}),
        _some(enabled=_FLAG, mode=st.sampled_from(["allow", "BLOCK"]), block_public_domains=_FLAG),
    ),
}
_SSO: Final = _some(
    enabled=_FLAG,
    sso_endpoint=_URL | st.none(),
    sign_request=_FLAG,
    sp_entity_id=st.sampled_from(["x", "urn:a"]),
    sub_account_access_limit=st.integers(0, 9) | st.none(),
    config_metadata=st.dictionaries(_KEY, st.none() | st.integers(0, 1) | st.just("x"), max_size=2),
)


@attrs.frozen
class Parts:
    """People, policies and SSO configurations, as seeds have them."""

    users: Sequence[dict[str, Any]]
    tables: Mapping[str, list[dict[str, Any]]]
    home: str | None
    """The id of the account that has a role of its own."""


@st.composite
def parts(draw: st.DrawFn, ids: Sequence[str]) -> Parts:
    """Draw the people, policies and SSO configurations of accounts, most of which have none.

    Args:
        draw: Draws values.
        ids: The ids of the accounts.
    """
    home = ids[0] if ids else None
    own = [] if home is None else [_role(OWN_ROLE, home)]
    tables: dict[str, list[dict[str, Any]]] = {"roles": [_role("a.b", ""), *own]}
    if not ids or not draw(_FLAG):
        return Parts((), tables, home)
    for tenant_id in ids:
        if draw(st.integers(0, 2)) == 0:
            _add_policies(draw, tenant_id, tables)
        if draw(st.integers(0, 2)) == 0:
            _add_sso(draw, tenant_id, tables, ids)
    people = draw(st.lists(st.sampled_from(_PEOPLE), unique=True, min_size=1))
    return Parts([_person(draw, each, ids) for each in people], tables, home)


def _role(key: str, tenant_id: str) -> dict[str, Any]:
    return {"id": ROLES[key], "key": key, "name": key, "tenantId": tenant_id, **_STAMPS}


def _roles(home: str | None, tenant_id: str) -> st.SearchStrategy[list[str]]:
    """Return the keys of some roles that an account may use."""
    keys = sorted(each for each in ROLES if each != OWN_ROLE or tenant_id == home)
    return st.lists(st.sampled_from(keys), unique=True, max_size=2)


def _person(draw: st.DrawFn, email: str, ids: Sequence[str]) -> dict[str, Any]:
    homes = draw(st.lists(st.sampled_from(ids), unique=True, min_size=1, max_size=3))
    status = st.sampled_from(["Activated", "PendingLogin", "PendingInvitation", "NotActivated"])
    return {
        "email": email,
        "name": draw(st.none() | _NAME),
        "tenantId": homes[0],
        "tenantIds": homes,
        "isLocked": draw(st.integers(0, 3)) == 0,
        "managedBy": draw(st.sampled_from(["frontegg", "frontegg", "frontegg", "scim2", "external"])),
        "memberships": {
            each: {
                "roleIds": [ROLES[key] for key in draw(_roles(ids[0], each))],
                "status": draw(status),
                "isDisabled": draw(st.integers(0, 3)) == 0,
            }
            for each in homes
        },
    }


def _add_policies(draw: st.DrawFn, tenant_id: str, tables: dict[str, list[dict[str, Any]]]) -> None:
    for name in draw(st.sets(st.sampled_from(sorted(_POLICIES)), max_size=2)):
        kind = KINDS.get(name, name)
        values: dict[str, Any] = {}
        for field, value in flat(name, draw(_POLICIES[name][0])).items():
            *above, last = WIRE_NAMES[name].get(field, field).split(".")
            inner = values
            for each in above:
                inner = inner.setdefault(each, {})
            inner[last] = value
        row = {"id": policy_id(kind, tenant_id), "kind": kind, "tenantId": tenant_id, "values": values, **_STAMPS}
        tables.setdefault("policies", []).append(row)


def flat(policy: str, values: Mapping[str, Any]) -> dict[str, JsonValue]:
    """Return the values of a policy by flat names.

    Args:
        policy: The key of the policy.
        values: The values by the names of fields.
    """
    if policy != "sessions":
        return dict(values)
    return {f"{name}.{key}": value for name, inner in values.items() for key, value in inner.items()}


def _add_sso(draw: st.DrawFn, tenant_id: str, tables: dict[str, list[dict[str, Any]]], ids: Sequence[str]) -> None:
    for index, name in enumerate(draw(st.lists(st.sampled_from(["saml", "oidc"]), unique=True, min_size=1))):
        own_id = f"{tenant_id}/{name}"
        given = {_camel(key): value for key, value in draw(_SSO).items() if value is not None}
        row = {"id": own_id, "tenantId": tenant_id, "type": name, "generatedVerification": "v", **_STAMPS, **given}
        row["roleIds"] = [ROLES[key] for key in draw(_roles(ids[0], tenant_id))]
        tables.setdefault("ssoConfigurations", []).append(row)
        part = {"tenantId": tenant_id, "ssoConfigId": own_id, "createdAt": _MOMENT}
        for place in range(draw(st.integers(0, 1))):
            domain = f"d{place}-{ids.index(tenant_id)}-{index}.example"
            domain_row = {**part, "id": domain, "domain": domain, "validated": draw(_FLAG), "txtRecord": "t"}
            tables.setdefault("ssoDomains", []).append(domain_row)
        for group in draw(st.lists(_KEY, unique=True, max_size=2)):
            role_ids = [ROLES[key] for key in draw(_roles(ids[0], tenant_id))]
            group_row = {**part, "id": f"{own_id}/{group}", "group": group, "roleIds": role_ids}
            tables.setdefault("ssoGroups", []).append(group_row)


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(each.title() for each in others)


def add_parts(draw: st.DrawFn, seeded: Parts, rows: Mapping[str, Row], open_ids: Collection[str]) -> None:
    """Give some rows of a file people, policies and SSO configurations.

    Args:
        draw: Draws values.
        seeded: What the estate has.
        rows: The rows of accounts that are not removed, by id.
        open_ids: The ids of accounts to which people can be invited: that are not locked when this happens.
    """
    if not rows or not draw(_FLAG):
        return
    people = _PeopleOfFile(draw, seeded, open_ids)
    for number, (tenant_id, row) in enumerate(rows.items()):
        if draw(st.integers(0, 2)) == 0:
            row["users"] = people.of_row(tenant_id)
        if draw(st.integers(0, 2)) == 0:
            row["policies"] = _policies_of_row(draw, seeded, tenant_id)
        if draw(st.integers(0, 2)) == 0:
            row["sso"] = _sso_of_row(draw, seeded.home, tenant_id, number)
    people.name_new_ones()


class _PeopleOfFile:
    """Draws the people of a file, whose names are not contrary: a person has one name in all accounts."""

    def __init__(self, draw: st.DrawFn, seeded: Parts, open_ids: Collection[str]) -> None:
        self._draw = draw
        self._home = seeded.home
        self._open_ids = open_ids
        self._members = {(user["email"], each): user for user in seeded.users for each in user["tenantIds"]}
        self._present = {user["email"]: user["name"] for user in seeded.users}
        self._names: dict[str, str] = {email: draw(_NAME) for email in (*_PEOPLE, *_STRANGERS)}
        self._of_directories = {user["email"] for user in seeded.users if user["managedBy"] != "frontegg"}
        self._renamed = set[str]()
        self._invited: list[tuple[str, Row]] = []

    def of_row(self, tenant_id: str) -> Row:
        """Draw the people of a row."""
        emails = self._draw(st.lists(st.sampled_from([*self._names]), unique=True, max_size=3))
        there = [each for each in emails if (each, tenant_id) in self._members or self._may_invite(each, tenant_id)]
        return {self._draw(_SPELL)(each): self._entry(each, tenant_id) for each in there}

    def _may_invite(self, email: str, tenant_id: str) -> bool:
        return tenant_id in self._open_ids and email not in self._of_directories

    def _entry(self, email: str, tenant_id: str) -> Row:
        if self._draw(st.integers(0, 3)) == 0:
            return {"absent": True}
        entry: Row = {}
        person = self._members.get((email, tenant_id))
        if self._draw(_FLAG):
            entry["roles"] = cast("JsonValue", self._draw(_roles(self._home, tenant_id)))
        if person is None:
            self._invited.append((email, entry))
        elif self._draw(_FLAG):
            entry["name"] = self._names[email]
            self._renamed |= {email} if person["managedBy"] == "frontegg" else set()
        return entry

    def name_new_ones(self) -> None:
        """Name some people who are invited: whoever is in other accounts as there, or as the file names them there."""
        for email, entry in self._invited:
            is_named = email in self._renamed or email not in self._present
            name = self._names[email] if is_named else self._present[email]
            if name is not None and self._draw(_FLAG):
                entry["name"] = name


def _policies_of_row(draw: st.DrawFn, seeded: Parts, tenant_id: str) -> Row:
    there = {row["kind"] for row in seeded.tables.get("policies", ()) if row["tenantId"] == tenant_id}
    names = sorted(draw(st.sets(st.sampled_from(sorted(_POLICIES)), max_size=2)))
    return {name: cast("JsonValue", draw(_POLICIES[name][KINDS.get(name, name) in there])) for name in names}


def _sso_of_row(draw: st.DrawFn, home: str | None, tenant_id: str, number: int) -> Row:
    found: Row = {}
    for name in draw(st.sets(st.sampled_from(["saml", "oidc"]), min_size=1)):
        values: Row = cast("Row", draw(_SSO))
        if draw(_FLAG):
            values["domains"] = [f"{draw(_SPELL)('new')}-{number}-{name}.example"]
        if draw(_FLAG):
            values["default_roles"] = cast("JsonValue", draw(_roles(home, tenant_id)))
        if draw(_FLAG):
            groups = st.dictionaries(_KEY, st.none() | _roles(home, tenant_id), max_size=2)
            values["groups"] = cast("JsonValue", draw(groups))
        if values.get("enabled") and values.get("sso_endpoint") is None:
            values["sso_endpoint"] = draw(_URL)  # a new SAML configuration must have one
        found[name] = values
    return found
