"""Turn the changes of objects into writes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, cast

import msgspec

from frontegg_async.managed.registry import ACCOUNT, ENVIRONMENT
from frontegg_async.plans.account_changes import AccountChanges
from frontegg_async.plans.object_changes import ObjectChange
from frontegg_async.plans.steps import Draft, Step
from frontegg_async.plans.write import Write

_ORDER: Final = {part: index for index, part in enumerate((*ENVIRONMENT, *ACCOUNT))}
_CREATED, _COMPLETED, _REMOVED = range(3)


def environment_drafts(changes: Iterable[ObjectChange]) -> Iterator[Draft]:
    """Yield the writes of objects of the environment: a part after those that it refers to, deletions in reverse.

    Args:
        changes: The changes.
    """
    for change in changes:
        key = f"{change.kind.part}.{change.present_key}"
        index = _ORDER[change.kind.part]
        for place, write in _writes(change, key):
            if place == _REMOVED:
                yield Draft(Step.ENVIRONMENT_DELETION, -index, write)
            else:
                yield Draft(Step.ENVIRONMENT, 2 * index + place, write)


def account_drafts(account: AccountChanges, *, send_email: bool) -> Iterator[Draft]:
    """Yield the writes of people, policies and SSO configurations of an account: additions before removals.

    Args:
        account: The changes of the account.
        send_email: Whether people who are invited get an e-mail.
    """
    own = account.tenant_id if account.is_created else None
    dangers = account.dangers
    for change in account.objects:
        index = 3 * _ORDER[change.kind.part]
        for place, write in _writes(change, account.tenant_id):
            is_email = send_email and write.operation == "create_object" and change.kind.sends_emails
            complete = msgspec.structs.replace(
                write, depends_on=own, dangers=dangers, send_email=True if is_email else None
            )
            dangers = []  # which count once for an account
            yield Draft(Step.OBJECTS, index + place, complete)


def _writes(change: ObjectChange, key: str) -> Iterator[tuple[int, Write]]:
    """Yield the writes of an object, each with its place among the writes of its part."""
    object_id = "" if change.shown is None else change.shown.id
    write = Write(
        operation="update_object",
        key=key,
        id=object_id,
        generation=0,
        sets={},
        before={},
        why=change.why,
        part=change.kind.part,
        object_key=change.present_key,
    )
    replace = msgspec.structs.replace
    if change.is_deleted:
        yield _REMOVED, replace(write, operation="delete_object", before=change.before)
        return
    if change.is_created:
        yield _CREATED, replace(write, operation="create_object", id="", sets=_plain(change.creation), before=None)
    if change.sets:
        is_later = change.is_created
        complete = replace(write, sets=_plain(change.sets), before=change.before)
        if is_later:
            complete = replace(complete, id="", depends_on=key)
        yield (_COMPLETED if is_later else _CREATED), complete


def _plain(values: object) -> dict[str, object]:
    return dict(cast("dict[str, object]", values))
