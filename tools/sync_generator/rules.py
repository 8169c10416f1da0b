"""What differs between the twins: one table of names, one of wording, and whether everything in them is used."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

NAMES: Final[Mapping[str, str]] = {
    "AccessTokenVerifier": "AccessTokenVerifier",
    "AsyncAccessTokens": "AccessTokens",
    "AsyncAccountSettings": "AccountSettings",
    "AsyncApiTokens": "ApiTokens",
    "AsyncFrontegg": "Frontegg",
    "AsyncHierarchy": "Hierarchy",
    "AsyncMigrationProgress": "MigrationProgress",
    "AsyncMigrations": "Migrations",
    "AsyncPages": "Pages",
    "AsyncSso": "Sso",
    "AsyncSsoDefaultRoles": "SsoDefaultRoles",
    "AsyncSsoDomains": "SsoDomains",
    "AsyncSsoExcludedEmails": "SsoExcludedEmails",
    "AsyncSsoGroups": "SsoGroups",
    "AsyncSsoSettings": "SsoSettings",
    "AsyncSubTenants": "SubTenants",
    "AsyncTenantAccessTokens": "TenantAccessTokens",
    "AsyncTenantHierarchy": "TenantHierarchy",
    "AsyncFronteggUser": "FronteggUser",
    "AsyncMe": "Me",
    "AsyncOwnAccessTokens": "OwnAccessTokens",
    "AsyncOwnApiTokens": "OwnApiTokens",
    "AsyncOwnTenant": "OwnTenant",
    "AsyncOwnTenantAccessTokens": "OwnTenantAccessTokens",
    "AsyncTenantApiTokens": "TenantApiTokens",
    "AsyncTenantSso": "TenantSso",
    "AsyncTenantSsoDefaultRoles": "TenantSsoDefaultRoles",
    "AsyncTenantSsoDomains": "TenantSsoDomains",
    "AsyncTenantSsoGroups": "TenantSsoGroups",
    "AsyncTenantUserAccessTokens": "TenantUserAccessTokens",
    "AsyncTenantUserApiTokens": "TenantUserApiTokens",
    "AsyncTenantView": "TenantView",
    "AsyncTenantAccountSettings": "TenantAccountSettings",
    "AsyncTenants": "Tenants",
    "TokenVerifier": "TokenVerifier",
    "AsyncUserAccessTokens": "UserAccessTokens",
    "AsyncUserApiTokens": "UserApiTokens",
    "aclose": "close",
    "__aenter__": "__enter__",
    "__aexit__": "__exit__",
}
"""The name of the blocking twin of each class and method that has one, where it is not the same method's name."""

ALIKE: Final = frozenset(name for name, twin in NAMES.items() if name == twin)
"""The classes that have the same name in both packages; inside a twin, the other one is called ``Async...``."""

BY_HAND: Final[Mapping[str, str]] = {
    "AsyncMigrationProgress": "frontegg_sync.progress",
    "AsyncPages": "frontegg_sync.pages",
}
"""The twins that are not generated, and their modules."""

SECRETS: Final = frozenset({"authorization", "headers", "idp_client_secret", "oidc_secret", "proxy", "secret", "token"})
"""The parameters that hold a secret as text, or may have one among others.

A twin's frame is part of an error's traceback, and does not keep it.
"""

EXPORTS: Final[Mapping[str, str]] = {"Runner": "frontegg_sync._bridge.runner"}
"""What only the blocking package exports, and the modules."""

WORDING: Final[Sequence[tuple[str, str]]] = (
    (r", asyncio first\.", ", blocking."),
    (r"Use it in ``async with``", "Threads may share it. Use it in ``with``"),
    (r", plain or ``async``,", ""),
    (
        r"A connector of your own to borrow; it is never closed\.",
        (
            "A connector of your own to borrow; it is never closed. Make it in the loop of a runner, by a coroutine "
            "function that you give to ``runner.call``, and give that runner too."
        ),
    ),
)
"""How docstrings are worded otherwise: patterns, in which a space is any white space, and replacements."""

RUNNER_DOC: Final = "runner: Whose thread makes the calls; one of the client's own by default."

BESIDE_DOC: Final = "runner: Whose thread makes the calls; that of ``client``, or one of the verifier's own by default."

_FORBIDDEN: Final = re.compile(r"\w*(?:async|await)\w*", re.IGNORECASE)


def async_name(name: str) -> str:
    """Return what a class of the async package is called inside its twin."""
    return f"Async{name}" if name in ALIKE else name


class GeneratorError(Exception):
    """The source has something that cannot be twinned; the message begins with file and line."""


@dataclass(frozen=True)
class Rules:
    """The tables, together with what of them was used."""

    names: Mapping[str, str] = field(default_factory=lambda: NAMES)
    wording: Sequence[tuple[str, str]] = WORDING
    secrets: frozenset[str] = SECRETS
    used: set[str] = field(default_factory=set)

    def rename(self, text: str) -> str:
        """Return source text with every name of the table in its blocking form."""
        return re.sub(r"\b[A-Za-z_]\w*\b", self._rename, text)

    def _rename(self, match: re.Match[str]) -> str:
        name = match[0]
        if name not in self.names:
            return name
        self.used.add(name)
        return self.names[name]

    def reword(self, text: str) -> str:
        """Return the text of a docstring as it is right for the blocking twin."""
        for pattern, replacement in self.wording:
            text, count = re.subn(pattern.replace(" ", r"\s+"), replacement, text)
            if count:
                self.used.add(pattern)
        return self.rename(text)

    def hidden(self, parameters: Sequence[str]) -> list[str]:
        """Return those of some parameters that hold a secret."""
        found = [name for name in parameters if name in self.secrets]
        self.used.update(found)
        return found

    def unused(self) -> list[str]:
        """Return what nothing used."""
        rules = (*self.names, *(pattern for pattern, _ in self.wording), *sorted(self.secrets))
        return [rule for rule in rules if rule not in self.used]


def forbidden_word(text: str) -> str | None:
    """Return a word that has no place in the blocking package, if there is one."""
    found = _FORBIDDEN.search(text)
    return None if found is None else found[0]
