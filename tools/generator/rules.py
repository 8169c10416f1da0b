"""The differences between the packages: tables of names and of wording. An unused entry is an error."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

NAMES: Final[Mapping[str, str]] = {"aclose": "close", "__aenter__": "__enter__", "__aexit__": "__exit__"}
"""The methods with twins of another name. A class ``AsyncX`` has the twin ``X``."""

BASES: Final[Mapping[str, str]] = {"OnlyAsyncWith": "OnlyWith"}
"""The bases that are not generated, each with the base of the twin."""

TARGETS: Final[Mapping[str, str]] = {"_core/call/base_client.py": "_bridge/base_client.py"}
"""The modules whose twins have another path."""

BY_HAND: Final[Mapping[str, str]] = {
    "AsyncAuditExport": "frontegg_sync.audit_streams",
    "AsyncAuditTail": "frontegg_sync.audit_streams",
    "AsyncMigrationProgress": "frontegg_sync.progress",
    "AsyncMirrorRun": "frontegg_sync.mirror.run",
    "AsyncPages": "frontegg_sync.pages",
    "AsyncUserMigration": "frontegg_sync.user_migration",
}
"""The twins that are not generated, and their modules."""

LAZY: Final = frozenset({"Bulk", "FronteggUser", "TenantView"})
"""The twins whose modules are imported only when a program creates the first instance."""

SECRETS: Final = frozenset(
    {
        "authorization",
        "code",
        "current_password",
        "headers",
        "idp_client_secret",
        "mfa_secret",
        "new_password",
        "oidc_secret",
        "otc_token",
        "password",
        "password_hash",
        "password_hash_config",
        "proxy",
        "secret",
        "token",
    }
)
"""The parameters whose value is a secret as text, or may contain a secret besides other values.

A twin's frame is part of an error's traceback, and must not keep the secret.
"""

CLIENT_SECRETS: Final = frozenset({"base_url", "domain", "issuer", "jwks_url", "public_key"})
"""The parameters of constructors that contain a secret only if the caller makes a mistake.

Examples are an address with a password, and a private key instead of a public key.
"""

EXPORTS: Final[Mapping[str, str]] = {"Runner": "frontegg_sync._bridge.runner"}
"""The names that only the blocking package exports, and their modules."""

WORDING: Final[Sequence[tuple[str, str]]] = (
    (r", asyncio first\.", ", blocking."),
    (r"Use it in ``async with``", "Threads may share the client. Use it in ``with``"),
    (r", plain or ``async``,", ""),
    (
        r"A connector of your own to use; you close it\.",
        (
            "A connector of your own to use; you close it. Create the connector in the event loop of a runner: pass "
            "a coroutine function to ``runner.call``. Pass that runner too."
        ),
    ),
)
"""Replacements in docstrings: patterns, in which a space matches any white space, and new texts."""

RUNNER_DOC: Final = "runner: The runner whose thread makes the calls. By default the client creates its own runner."

BESIDE_DOC: Final = (
    "runner: The runner whose thread makes the calls. By default this is the runner of ``client``. Without "
    "``client``, the verifier creates its own runner."
)

IDS: Final[Mapping[str, str]] = {
    "tenant_id": "tenant_id: The id of the tenant, 1 to 256 characters.",
    "user_id": "user_id: The id of the user, 1 to 256 characters.",
}
"""The documentation of the ids that generated methods take first."""


@dataclass(frozen=True)
class Binding:
    """A class to generate from a class for one tenant or user. The generated methods take the ids first."""

    source: str
    name: str
    ids: tuple[str, ...] = ("tenant_id",)
    raises: tuple[str, ...] = ()
    docstring: str = ""
    """The first paragraph of the docstring.

    The default is the paragraph of the source, with "tenants" instead of "one tenant".
    """

    @property
    def first(self) -> str:
        """The id that methods take first: the user's id if they take one."""
        return self.ids[-1]

    @property
    def by_name(self) -> str | None:
        """The id that methods take as a keyword argument, so that nobody swaps the two ids."""
        return self.ids[0] if len(self.ids) > 1 else None


@dataclass(frozen=True)
class Release:
    """A class to generate from methods of another class, without parameters whose values are known."""

    source: str
    name: str
    module: str
    """The module in the directory ``views``."""
    docstring: str
    methods: tuple[str, ...]
    known: Mapping[str, str | None]
    """The omitted parameters, and the code that is passed instead; ``None`` for the default."""
    wording: tuple[tuple[str, str], ...] = ()
    base: str = ""


_NO_USER: Final = "NotFoundError: The tenant has no such user."
_NO_TENANT_OR_USER: Final = "NotFoundError: There is no such tenant, or the tenant has no such user."

_ACCESS_TOKENS: Final = "JWTs that programs send in the header ``x-api-key`` to act as a user."
_API_TOKENS: Final = "credentials with which programs authenticate as a user."
_INVITATIONS: Final = "links for inviting others. A user has at most one in each tenant."

BINDINGS: Final[Sequence[Binding]] = (
    Binding(
        "AsyncOwnAccessTokens",
        "AsyncTenantUserAccessTokens",
        ("user_id",),
        (_NO_USER,),
        f"The access tokens of one tenant's users: {_ACCESS_TOKENS}",
    ),
    Binding(
        "AsyncOwnAccessTokens",
        "AsyncUserAccessTokens",
        ("tenant_id", "user_id"),
        (_NO_TENANT_OR_USER,),
        f"The access tokens of users: {_ACCESS_TOKENS}",
    ),
    Binding(
        "AsyncOwnApiTokens",
        "AsyncTenantUserApiTokens",
        ("user_id",),
        (_NO_USER,),
        f"The API tokens of one tenant's users: {_API_TOKENS}",
    ),
    Binding(
        "AsyncOwnApiTokens",
        "AsyncUserApiTokens",
        ("tenant_id", "user_id"),
        (_NO_TENANT_OR_USER,),
        f"The API tokens of users: {_API_TOKENS}",
    ),
    Binding(
        "AsyncUserOwnInvitation",
        "AsyncTenantUserInvitations",
        ("user_id",),
        (_NO_USER,),
        f"The invitations of one tenant's users: {_INVITATIONS}",
    ),
    Binding(
        "AsyncUserOwnInvitation",
        "AsyncUserInvitations",
        ("tenant_id", "user_id"),
        (_NO_TENANT_OR_USER,),
        f"The invitations of users: {_INVITATIONS}",
    ),
)
"""The generated classes for users. `bound.by_convention` adds a class for each ``AsyncTenant...``."""

RELEASES: Final[Sequence[Release]] = (
    Release(
        "AsyncTenants",
        "TenantVerbs",
        "tenant",
        "The operations on one tenant.",
        ("get", "update", "delete", "lock", "unlock", "add_metadata", "delete_metadata"),
        {"tenant_id": "str(self._caller.tenant_id)", "tenant_ids": "[str(self._caller.tenant_id)]"},
        wording=(
            (r"(Get|Change fields of|Delete) a tenant\b(?: by its id)?", r"\1 the tenant"),
            (r"\ba tenant's metadata", "the tenant's metadata"),
            (r"(Lock|Unlock) tenants(?=[:.])", r"\1 the tenant"),
            (r"their users cannot", "its users cannot"),
            (r"switch into them\.", "switch into it."),
            (r", a request for each 100 ids", ""),
            (r" PartialFailureError: There were more than 100 ids, and some requests failed\.", ""),
            (r" InvalidArgumentError: ``tenant_ids`` is empty or one of them is not allowed; nothing was sent\.", ""),
        ),
    ),
    Release(
        "AsyncUsers",
        "AsyncTenantUsers",
        "users",
        "The users of one tenant.",
        (
            "list",
            "get",
            "invite",
            "resend_invitation",
            "invite_many",
            "add_to_tenant",
            "remove_from_tenant",
            "update",
            "switch_tenant",
            "assign_roles",
            "unassign_roles",
            "list_roles",
            "list_groups",
            "disable",
            "enable",
            "list_sessions",
            "end_session",
            "end_sessions",
            "set_expiration",
            "make_permanent",
            "create",
            "search",
        ),
        {"tenant_id": "str(self._caller.tenant_id)"},
        wording=(
            (r"List the users of a tenant, or of the whole environment\.", "List the users of the tenant."),
            (r"There is no such user, or the user is not in the tenant", "The tenant has no such user"),
        ),
    ),
    Release(
        "AsyncTenantSso",
        "AsyncOwnSso",
        "own_sso",
        "The SSO configurations of the user's own tenant.",
        ("create", "update"),
        {"skip_email_domain_validation": None},
        wording=(
            (r"/sso/v2/configurations(\S*)`` \(used by other clients\)", r"/sso/v1/configurations\1`` (documented)"),
        ),
        base="SsoConfigurations",
    ),
)
"""The classes of one tenant that are generated."""

_FORBIDDEN: Final = re.compile(r"\w*(?:async|await)\w*", re.IGNORECASE)


def async_name(name: str) -> str:
    """Return the name of a class of the async package inside its twin."""
    return name if name.startswith("Async") else f"Async{name}"


class GeneratorError(Exception):
    """The source has an unsupported statement. The message begins with file and line."""


@dataclass(frozen=True)
class Rules:
    """The tables, and their used entries."""

    names: Mapping[str, str] = field(default_factory=lambda: NAMES)
    wording: Sequence[tuple[str, str]] = WORDING
    secrets: frozenset[str] = SECRETS
    bindings: Sequence[Binding] = BINDINGS
    releases: Sequence[Release] = RELEASES
    used: set[str] = field(default_factory=set)

    def with_classes(self, names: Iterable[str]) -> Rules:
        """Return the tables with the names of the classes that have twins."""
        return replace(self, names={**self.names, **{name: name.removeprefix("Async") for name in names}})

    def rename(self, text: str) -> str:
        """Return source text with the blocking form of every name of the table."""
        return re.sub(r"\b[A-Za-z_]\w*\b", self._rename, text)

    def _rename(self, match: re.Match[str]) -> str:
        name = match[0]
        if name not in self.names:
            return name
        self.used.add(name)
        return self.names[name]

    def reword(self, text: str) -> str:
        """Return the text of a docstring for the blocking twin."""
        for pattern, replacement in self.wording:
            text, count = re.subn(pattern.replace(" ", r"\s+"), replacement, text)
            if count:
                self.used.add(pattern)
        return self.rename(text)

    def hidden(self, parameters: Sequence[str]) -> list[str]:
        """Return the parameters that hold a secret."""
        found = [name for name in parameters if name in self.secrets]
        self.used.update(found)
        return found

    def hidden_by_constructor(self, parameters: Sequence[str]) -> list[str]:
        """Return the parameters of a constructor that hold a secret, perhaps by mistake."""
        return self.hidden(parameters) + [name for name in parameters if name in CLIENT_SECRETS]

    def unused(self) -> list[str]:
        """Return the unused entries."""
        rules = (*NAMES, *(pattern for pattern, _ in self.wording), *sorted(self.secrets))
        return [rule for rule in rules if rule not in self.used]


def forbidden_word(text: str) -> str | None:
    """Return a word that must not occur in the blocking package, if there is one."""
    found = _FORBIDDEN.search(text)
    return None if found is None else found[0]
