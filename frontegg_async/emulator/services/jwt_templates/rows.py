"""The stored forms of JWT templates, and of the targeting rules that choose the template of a token."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

from frontegg_async.emulator.checks.nesting import is_too_deep
from frontegg_async.emulator.store.table_row import Find, TableRow


class JwtTemplateRow(TableRow, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A JWT template, which determines the claims of tokens."""

    key: str
    name: str
    expiration: int | float
    algorithm: str
    claims: dict[str, object]
    created_at: str
    updated_at: str
    description: str | None = None

    def moments(self) -> tuple[str, ...]:
        """Return the times in the row, so that their format can be checked."""
        return (self.created_at, self.updated_at)

    def problem(self, find: Find) -> str | None:
        """Return an error if the claims are nested too deeply."""
        del find
        return "the claims are nested too deeply" if is_too_deep(self.claims) else None


class JwtCondition(msgspec.Struct, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A condition in a targeting rule."""

    attribute: str
    op: str
    values: tuple[str, ...]
    negate: bool = False


class JwtRule(msgspec.Struct, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A targeting rule: conditions, and the template for matching tokens. ``treatment`` is the key of the template."""

    treatment: str
    conditions: tuple[JwtCondition, ...]


class JwtTargetingRow(TableRow, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """The targeting rules of an environment. The table contains at most one row of this class."""

    rules: tuple[JwtRule, ...]
    created_at: str
    updated_at: str

    def moments(self) -> tuple[str, ...]:
        """Return the times in the row, so that their format can be checked."""
        return (self.created_at, self.updated_at)


TABLES: Final[Mapping[str, type[TableRow]]] = {"jwtTemplates": JwtTemplateRow, "jwtTargeting": JwtTargetingRow}
