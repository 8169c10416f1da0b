"""`Plan`: a list of changes to review, which `AsyncFrontegg.apply` sends unchanged."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal, Self, TypeAlias

from frontegg_async._values.kinds import kind_of
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.plans.guards import GuardName, PlanGuard, guards_of
from frontegg_async.plans.plan_checks import check_content
from frontegg_async.plans.plan_content import PlanContent
from frontegg_async.plans.plan_file import (
    FORMAT,
    Header,
    PlanNote,
    decode,
    digest_of,
    encode_header,
    encode_lines,
    write_plan,
)
from frontegg_async.plans.write import KINDS, Change, ChangeKind, Write

PlanFormat: TypeAlias = Literal["table", "markdown", "json", "jsonl"]
"""The text formats of a plan."""

_SHORT: Final = 12
_NOTES: Final = 1_000
"""The maximum number of notes in a plan."""
_LOCKED_AT_ONCE: Final = 100


class Plan:
    """The changes that files would make in an environment. `AsyncFrontegg.apply` sends exactly these changes.

    `AsyncFrontegg.plan` makes a plan. `save` writes the plan to a file, and `load` reads a plan from a file.

    Args:
        content: The content of the whole file.
        name: The name of the file, for messages.

    Raises:
        InvalidArgumentError: The content is not a plan, or was changed after it was written.
    """

    def __init__(self, content: bytes, name: str = "plan") -> None:
        self._bytes = content
        header, writes = decode(content, name)
        check_content(header, writes, name)
        self._content = PlanContent(header, writes, digest_of(content))
        self.digest: Final = self._content.digest
        """The SHA-256 of the file, 64 hexadecimal digits."""

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Self:
        """Read a plan from a file. The call blocks.

        Args:
            path: The file.

        Raises:
            InvalidArgumentError: The content is not a plan, or was changed after it was written.
            OSError: The file cannot be read.
        """
        if not isinstance(path, str | os.PathLike):
            raise InvalidArgumentError(f"path must be the path of a plan, not {kind_of(path)}")
        return cls(Path(path).read_bytes(), os.fspath(path))

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the plan to a file that only its owner may read. The call blocks.

        Args:
            path: The file. An existing file is replaced.

        Raises:
            InvalidArgumentError: ``path`` is not a path, or the file is a SQLite database such as a ledger.
            OSError: The file cannot be written.
        """
        if not isinstance(path, str | os.PathLike):
            raise InvalidArgumentError(f"path must be a path, not {kind_of(path)}")
        write_plan(Path(path), self._bytes)

    @property
    def counts(self) -> Mapping[ChangeKind, int]:
        """The number of changes of each kind."""
        counts = self._content.header.counts
        return {kind: counts.get(kind, 0) for kind in KINDS}

    @property
    def guards(self) -> Mapping[str, PlanGuard]:
        """The guards by name, such as ``delete``. Each guard limits one kind of dangerous changes."""
        return self._content.guards

    @property
    def shut_guards(self) -> Sequence[PlanGuard]:
        """The guards that prevent the application of the plan."""
        return self._content.shut_guards

    @property
    def environment_id(self) -> str | None:
        """The id of the Frontegg environment of the plan; ``None`` if the service does not show the id."""
        return self._content.header.environment.get("id")

    @property
    def environment_type(self) -> str | None:
        """The type of the Frontegg environment, such as ``production``; ``None`` if the service does not show it."""
        return self._content.header.environment.get("type")

    @property
    def accounts(self) -> int:
        """The number of accounts in the environment."""
        return self._content.header.accounts

    @property
    def objects(self) -> Mapping[str, int]:
        """The number of objects in each part of the environment that was read, such as ``{"roles": 4}``."""
        return self._content.header.objects

    @property
    def requests(self) -> int:
        """The number of write requests. `AsyncFrontegg.apply` also sends read requests."""
        return self._content.header.requests

    @property
    def emails(self) -> int:
        """The number of e-mails that the changes cause."""
        return self._content.header.emails

    @property
    def notes(self) -> Sequence[PlanNote]:
        """The first 1,000 values that the plan leaves out, with the reasons.

        `not_planned` is the total number of such values.
        """
        return self._content.header.notes

    @property
    def not_planned(self) -> int:
        """The number of values that the plan leaves out."""
        return self._content.header.not_planned

    @property
    def writes(self) -> Sequence[Write]:
        """The writes, in the order of sending."""
        return self._content.writes

    def __len__(self) -> int:
        return self._content.total

    def __bool__(self) -> bool:
        """Whether the plan contains changes."""
        return bool(self._content.writes)

    def __iter__(self) -> Iterator[Change]:
        return self._content.changes()

    def lines(self, format: PlanFormat = "table") -> Iterator[str]:
        """Yield the plan as lines of text.

        Args:
            format: ``table`` for people, ``markdown``, ``json`` for one list, or ``jsonl`` for one object per line.

        Raises:
            InvalidArgumentError: ``format`` is unknown.
        """
        from frontegg_async.plans import rendering  # noqa: PLC0415 - only needed to show a plan

        return rendering.lines(self._content, format)

    def _repr_html_(self) -> str:
        """Return HTML for notebooks: a table of the first changes."""
        from frontegg_async.plans import rendering  # noqa: PLC0415 - only needed in notebooks

        return rendering.html(self._content)

    def __str__(self) -> str:
        return "\n".join(self.lines())

    def __repr__(self) -> str:
        # Tracebacks may show a plan that was refused, which has no content.
        content: PlanContent | None = getattr(self, "_content", None)
        return "<Plan>" if content is None else f"<Plan {content.digest[:_SHORT]}: {content.total:,} changes>"


def make_plan(
    writes: Sequence[Write],
    *,
    environment: Mapping[str, str | None],
    inputs: Sequence[Mapping[str, str]],
    accounts: int,
    notes: Sequence[PlanNote],
    allowed: Mapping[GuardName, int],
    populations: Mapping[str, int] = MappingProxyType({}),
    objects: Mapping[str, int] = MappingProxyType({}),
) -> Plan:
    """Make a plan from writes.

    Args:
        writes: The writes, in the order of sending.
        environment: The id and the type of the environment.
        inputs: The name and the SHA-256 of each input.
        accounts: The number of accounts in the environment.
        notes: The values that the plan leaves out, with the reasons.
        allowed: The numbers of dangerous changes that the caller allows, by guard.
        populations: The number of present objects of which each guard limits a share, by guard. The default is the
            number of accounts.
        objects: The number of objects in each part of the environment that was read.

    Raises:
        InvalidArgumentError: An allowed number differs from the number in the plan.
    """
    known = {**dict.fromkeys(("delete", "lock", "move"), accounts), **populations}
    guards = guards_of(writes, known, allowed)
    lines = encode_lines(writes)
    counts = Counter(change.kind for write in writes for change in write.changes())
    header = Header(
        format=FORMAT,
        environment=dict(environment),
        inputs=[dict(each) for each in inputs],
        accounts=accounts,
        objects=dict(objects),
        populations=known,
        counts={kind: counts[kind] for kind in KINDS if counts[kind]},
        requests=_requests(writes),
        emails=sum(write.send_email is True for write in writes),
        guards={
            name: {"count": each.count, "limit": each.limit, "allowed": each.allowed} for name, each in guards.items()
        },
        not_planned=len(notes),
        notes=list(notes[:_NOTES]),
        writes=len(writes),
        digest=digest_of(lines),
    )
    return Plan(encode_header(header) + lines)


def _requests(writes: Sequence[Write]) -> int:
    """Return the number of requests for writes.

    One request locks up to 100 accounts. A move needs two requests. An object needs one request for its fields, and one
    request for each list or map.
    """
    counts = Counter(write.operation for write in writes)
    batches = sum(-(-counts[name] // _LOCKED_AT_ONCE) for name in ("lock", "unlock"))
    moves = sum(
        (change.before is not None) + (change.after is not None)
        for write in writes
        if write.operation == "move"
        for change in write.changes()
    )
    objects = sum(_requests_of_object(write) for write in writes if write.operation == "update_object")
    others = sum(count for name, count in counts.items() if name not in ("lock", "unlock", "move", "update_object"))
    return batches + moves + objects + others


def _requests_of_object(write: Write) -> int:
    return len({name.partition(".")[0] if "." in name else "" for name in write.sets})
