"""`Made`: the record of the objects that a run makes. It is a file, so that clean-up is possible even after a crash."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Self, cast

from frontegg_async._core.runtime.replaced_file import replace_file
from frontegg_async._values.json_values import JsonValue
from frontegg_async.endpoints import Auth, Endpoint, all_endpoints
from frontegg_async.errors import ConfigurationError
from frontegg_async.managed.registry import ENVIRONMENT

DEFAULT_FILE: Final = "frontegg-conformance.state.json"
_PREFIX: Final = re.compile(r"conformance-[0-9a-f]{12}-", re.ASCII)
_DELETIONS: Final = {
    endpoint.name: endpoint
    for endpoint in all_endpoints()
    if endpoint.method == "DELETE" and Auth.TENANT in endpoint.auth
}
"""The operations that delete a row of the account in the tenant header, by their names."""

PARTS: Final = frozenset(part for part, kind in ENVIRONMENT.items() if kind.can_delete)
"""The parts of the environment in which a run may make objects."""


class Made:
    """The record of a run: its accounts and rows, and the parts of the environment in which the run makes objects.

    Each entry is written to the file before its object is made. The keys of the objects begin with the prefix.

    Args:
        path: The file.
        place: The environment: a hash of its address and the client id.
        prefix: The prefix of the ids of the accounts.
    """

    def __init__(self, path: Path, place: str, prefix: str) -> None:
        self.path = path
        self.place = place
        self.prefix = prefix
        self.accounts: list[str] = []
        self.rows: list[tuple[str, dict[str, str], str]] = []
        self.parts: list[str] = []

    @classmethod
    def begin(cls, path: Path, place: str) -> Self:
        """Return the record of a new run, with a new prefix.

        Raises:
            ConfigurationError: The file exists already, or cannot be written.
        """
        _check_file(path)
        made = cls(path, place, f"conformance-{secrets.token_hex(6)}-")
        made._write("x")
        return made

    @classmethod
    def read(cls, path: Path) -> Self:
        """Return the record of a run that did not clean up.

        Raises:
            ConfigurationError: The file does not exist, or is not a record.
        """
        _check_file(path)
        try:
            text = path.read_text(encoding="utf-8")
        except FileNotFoundError:
            raise ConfigurationError(f"there is nothing to clean up: {path} does not exist") from None
        except OSError as error:
            raise ConfigurationError(f"{path} cannot be read: {error.strerror}") from error
        except ValueError:
            text = "?"  # reported below as a file that is not a record
        if not text:  # the run was killed at its start
            raise ConfigurationError(f"there is nothing to clean up: {path} is empty, and may be deleted")
        try:
            return cls._parse(path, text)
        except (ValueError, LookupError, TypeError, AttributeError):
            raise ConfigurationError(
                f"{path} is not a record of a run of the conformance kit: choose another file with --state"
            ) from None

    @classmethod
    def _parse(cls, path: Path, text: str) -> Self:
        data = cast("dict[str, JsonValue]", json.loads(text))
        prefix, place = data["prefix"], data["place"]
        if not isinstance(prefix, str) or not isinstance(place, str) or not _PREFIX.fullmatch(prefix):
            raise ValueError
        made = cls(path, place, prefix)
        made.accounts = [str(each) for each in cast("list[str]", data["accounts"])]
        made.rows = [
            (str(name), {str(key): str(value) for key, value in fields.items()}, str(tenant_id))
            for name, fields, tenant_id in cast("list[tuple[str, dict[str, str], str]]", data["rows"])
        ]
        made.parts = [str(each) for each in cast("list[str]", data.get("parts", []))]
        owners = [*made.accounts, *(tenant_id for _, _, tenant_id in made.rows)]
        known = all(name in _DELETIONS for name, _, _ in made.rows) and all(part in PARTS for part in made.parts)
        if not all(map(made.owns, owners)) or not known:
            raise ValueError
        return made

    def has(self, name: str) -> bool:
        """Return whether an account is in the record."""
        return self.prefix + name in self.accounts

    def account(self, name: str) -> str:
        """Record an account before it is made, and return its id."""
        tenant_id = self.prefix + name
        if tenant_id not in self.accounts:
            self.accounts.append(tenant_id)
            self._write("w")
        return tenant_id

    def forget(self, name: str) -> None:
        """Remove an account from the record, since it does not exist."""
        if self.has(name):
            self.accounts.remove(self.prefix + name)
            self._write("w")

    def row(self, endpoint: Endpoint[object], fields: Mapping[str, str], tenant_id: str) -> None:
        """Record a row of an account, with the operation that deletes the row."""
        if endpoint.name not in _DELETIONS or not self.owns(tenant_id):
            raise ValueError(f"{endpoint.name} deletes no row of an account of the kit")
        self.rows.append((endpoint.name, dict(fields), tenant_id))
        self._write("w")

    def part(self, name: str) -> None:
        """Record a part of the environment, such as ``roles``, before an object is made in this part."""
        if name not in PARTS:
            raise ValueError(f"the kit makes no object in {name}")
        if name not in self.parts:
            self.parts.append(name)
            self._write("w")

    def owns(self, tenant_id: object) -> bool:
        """Return whether an id or key belongs to an account or an object of this run."""
        return isinstance(tenant_id, str) and tenant_id.startswith(self.prefix)

    @staticmethod
    def deletion(name: str) -> Endpoint[object]:
        """Return the operation that deletes a row, by the name of the operation."""
        return _DELETIONS[name]

    @property
    def requests(self) -> int:
        """The maximum number of requests of clean-up: one a row or account, four a part, and three for listings."""
        rows = {(name, *sorted(fields.items())) for name, fields, _ in self.rows}
        return len(self.accounts) + len(rows) + 4 * len(self.parts) + 3

    def end(self) -> None:
        """Remove the file after everything is deleted."""
        self.path.unlink(missing_ok=True)

    def _write(self, mode: str) -> None:
        noted = {"accounts": self.accounts, "rows": self.rows, "parts": self.parts}
        text = json.dumps({"place": self.place, "prefix": self.prefix, **noted}, indent=1)
        try:
            if mode == "x":
                with self.path.open("x", encoding="utf-8") as file:
                    file.write(text)
                return
            replace_file(self.path, text)
        except FileExistsError:
            raise ConfigurationError(
                f"{self.path} belongs to a run that has not cleaned up. If the run has ended, --clean deletes its "
                "objects. If the run is still active, choose another file with --state"
            ) from None
        except OSError as error:
            raise ConfigurationError(f"{self.path} cannot be written: {error.strerror}") from error


def _check_file(path: Path) -> None:
    """Refuse directories, and devices, whose content may be endless."""
    if path.exists() and not path.is_file():
        raise ConfigurationError(f"{path} is not a file: choose a file with --state")
