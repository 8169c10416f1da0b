"""The subject of a decision: an account, a user, and their permissions and attributes for targeting rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeAlias, cast

from frontegg_async._values.entitlement_rules import MISSING
from frontegg_async.models.claims import Claims, TokenType

_JWT: Final = "jwt."
_OF_FRONTEGG: Final = "frontegg."
_CONTAINERS: Final = (dict, list, tuple, Mapping)
_LONGEST_INDEX: Final = 9
_NO_ATTRIBUTES: Final[Mapping[str, object]] = {}
_STAR: Final = "*"
_OF_TENANTS: Final = (TokenType.TENANT_API, TokenType.TENANT_ACCESS)
"""The types of tokens without a user."""
_Nested: TypeAlias = Mapping[str, object] | Sequence[object]
_FRONTEGG_CLAIMS: Final[Mapping[str, str]] = {"email": "email", "emailVerified": "email_verified"}


class Subject:
    """The account and the user of a decision. An attribute is computed when a targeting rule needs it.

    Args:
        tenant_id: The id of the account.
        user_id: The id of the user. ``None`` for the account itself.
        claims: The claims of a token, as `Claims` or a mapping. ``None`` without a token.
        attributes: Additional attributes, by name. A claim takes precedence over an attribute with the same name.
    """

    __slots__ = ("_attributes", "_claims", "_found", "tenant_id", "user_id")

    def __init__(
        self,
        tenant_id: str | None,
        user_id: str | None,
        claims: Claims | Mapping[str, object] | None,
        attributes: Mapping[str, object] | None,
    ) -> None:
        self.tenant_id: str | None = tenant_id
        self.user_id: str | None = user_id
        self._claims = claims
        self._attributes = _NO_ATTRIBUTES if attributes is None else attributes
        self._found: dict[str, object] = {}

    @classmethod
    def of(cls, claims: Claims | Mapping[str, object], attributes: Mapping[str, object] | None) -> Subject:
        """Return the subject of a token.

        Args:
            claims: The verified claims, or a mapping with all claims of a JWT.
            attributes: Additional attributes, by name.
        """
        if isinstance(claims, Claims):
            return cls(_id(claims.tenant_id), claims.user_id, claims, attributes)
        return cls(_id(claims.get("tenantId")), _user_of(claims), claims, attributes)

    def holds(self, permission: str) -> bool:
        """Return whether the token contains a permission, by its key or by a wildcard."""
        claims = self._claims_by_name()
        value = () if claims is None else claims.get("permissions")
        held = cast("Sequence[object]", value) if isinstance(value, list | tuple) else ()
        if permission in held:
            return True
        return any(isinstance(each, str) and _STAR in each and _covers(each, permission) for each in held)

    def attribute(self, name: str) -> object:
        """Return an attribute by name, or `MISSING`."""
        found = self._found.get(name, self)
        if found is self:
            found = self._found[name] = self._look_up(name)
        return found

    def _look_up(self, name: str) -> object:
        if name.startswith(_JWT):
            claims = self._claims_by_name()
            found = MISSING if claims is None else _nested(claims, name[len(_JWT) :])
            if found is not MISSING:
                return found
        elif name.startswith(_OF_FRONTEGG):
            found = self._of_frontegg(name[len(_OF_FRONTEGG) :])
            if found is not None:
                return found[0]
        return self._attributes.get(name, MISSING)

    def _of_frontegg(self, name: str) -> tuple[object] | None:
        """Return the value of an attribute that the service defines, in a tuple. ``None`` for other names."""
        if name == "tenantId":
            return (MISSING if self.tenant_id is None else self.tenant_id,)
        if name == "userId":
            return (MISSING if self.user_id is None else self.user_id,)
        claim, claims = _FRONTEGG_CLAIMS.get(name), self._claims_by_name()
        return None if claim is None or claims is None else (claims.get(claim, MISSING),)

    def _claims_by_name(self) -> Mapping[str, object] | None:
        """Return the claims as a mapping. The mapping is created on demand, because most decisions do not need it."""
        if isinstance(self._claims, Claims):
            self._claims = _by_name(self._claims)
        return self._claims


def _nested(value: _Nested, path: str) -> object:
    """Return the value at a path of names and indexes, joined by dots. If several values match, return the last."""
    found: object = MISSING
    names = _item(value, path) if isinstance(value, Sequence) else value.items()
    for name, each in names:
        if not (isinstance(name, str) and path.startswith(name)):
            continue
        if not (each and isinstance(each, _CONTAINERS)):
            found = each if name == path else found
        elif path.startswith(".", len(name)):
            below = _nested(cast("_Nested", each), path[len(name) + 1 :])
            found = found if below is MISSING else below
    return found


def _item(values: Sequence[object], path: str) -> Iterable[tuple[str, object]]:
    """Return the list item whose index begins a path, and the index as text. Empty if there is no such item."""
    name = path.partition(".")[0]
    if not name.isdecimal() or len(name) > _LONGEST_INDEX or name != str(int(name)) or int(name) >= len(values):
        return ()
    return ((name, values[int(name)]),)


def _user_of(claims: Mapping[str, object]) -> str | None:
    """Return the id of a token's user, as `Claims` does. Claims without a type are treated as a user's claims."""
    kind = claims.get("type", TokenType.USER)
    return None if kind in _OF_TENANTS else _id(claims.get("sub" if kind == TokenType.USER else "userId"))


def _id(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _by_name(claims: Claims) -> Mapping[str, object]:
    """Return claims as a mapping, by their names in the token."""
    own = {
        "type": str(claims.type),
        "sub": claims.subject,
        "tenantId": claims.tenant_id,
        "tenantIds": claims.tenant_ids,
        "roles": claims.roles,
        "permissions": claims.permissions,
        "email": claims.email,
        "name": claims.name,
        "metadata": claims.metadata,
        "iat": claims.issued_at.timestamp(),
        "exp": None if claims.expires_at is None else claims.expires_at.timestamp(),
        "aud": claims.audience if len(claims.audience) > 1 else "".join(claims.audience),
        "iss": claims.issuer,
    }
    # `extra` contains a claim whose form does not match its field. Permissions are an exception: they must match.
    known = {name: value for name, value in own.items() if value or (value is not None and name not in claims.extra)}
    return {**claims.extra, **known, "permissions": claims.permissions}


def _covers(held: str, permission: str) -> bool:
    """Return whether a permission of the token matches the requested permission.

    Each star in the token's permission matches any text. The time is linear.
    """
    first, *middle, last = held.split(_STAR)
    at, end = len(first), len(permission) - len(last)
    if at > end or not (permission.startswith(first) and permission.endswith(last)):
        return False
    for part in middle:
        found = permission.find(part, at, end)
        if found < 0:
            return False
        at = found + len(part)
    return True
