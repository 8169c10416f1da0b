"""`Writes`: the possible changes of a command, for messages after an interruption or a failed output."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import attrs

from frontegg_async._formats.records import IDS

if TYPE_CHECKING:
    from frontegg_async.models.snapshots import RequestSnapshot, ResponseSnapshot

UNDECLARED: Final = "api"
"""The operation name of requests that the catalogue does not contain."""
_IDS: Final = frozenset({*IDS, "owner_id", "user_id", "tenantId", "clientId"})
"""The names of the fields with the id of a created object."""
_MOST: Final = 20
"""The maximum number of results whose ids are kept."""
_NOT_SENT: Final = frozenset({"connect_timeout", "dns", "tls", "proxy", "refused", "unreachable"})
"""The failures of requests that never reached the service."""


@attrs.define
class Writes:
    """The writing operations of a command, and the ids in its results.

    The size does not grow with the number of requests: this class keeps names and counts.
    """

    _sent: set[str] = attrs.Factory(set[str])
    _in_flight: Counter[str] = attrs.Factory(Counter[str])
    _unclear: set[str] = attrs.Factory(set[str])
    _done: dict[str, None] = attrs.Factory(dict[str, None])
    _results: list[str] = attrs.Factory(list[str])

    def send(self, request: RequestSnapshot) -> None:
        """Record a request that is sent.

        Args:
            request: The request.
        """
        if request.method != "GET":
            self._sent.add(_name_of(request))
            self._in_flight[_name_of(request)] += 1

    def receive(self, response: ResponseSnapshot) -> None:
        """Record a response, or the failure of a request.

        Args:
            response: The response.
        """
        if response.request.method == "GET":
            return
        name, status = _name_of(response.request), response.status
        self._in_flight[name] -= 1
        if status is None:
            if response.failure not in _NOT_SENT:
                self._unclear.add(name)
        elif status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.REQUEST_TIMEOUT:
            self._unclear.add(name)
        elif status < HTTPStatus.MULTIPLE_CHOICES:
            self._unclear.discard(name)
            self._done[name] = None

    @property
    def has_any(self) -> bool:
        """Whether the command has sent a writing request. `clear` does not change this."""
        return bool(_writing(dict.fromkeys(self._sent)))

    def keep(self, record: Mapping[str, object]) -> None:
        """Keep the ids of a result.

        Args:
            record: The result, in the form of the output.
        """
        if (self._done or self._unclear) and len(self._results) < _MOST:
            ids = [f"{name} {value!r}" for name, value in record.items() if value and name in _IDS]
            self._results += [", ".join(ids)] if ids else []

    def clear(self) -> None:
        """Forget the writes, if the command reports them itself or has undone them."""
        self._in_flight.clear()
        self._unclear.clear()
        self._done.clear()
        self._results.clear()

    def of_interrupted(self) -> list[str]:
        """Return the sentences for a command that was interrupted."""
        unknown = dict.fromkeys([*(name for name, number in self._in_flight.items() if number > 0), *self._unclear])
        return [
            *self._of_done(name for name in self._done if self._results and name not in unknown),
            *(f"It is unknown whether {name} was done: check before you repeat it." for name in _writing(unknown)),
        ]

    def of_unwritten(self, *, is_successful: bool) -> list[str]:
        """Return the sentences for a command whose result could not be written.

        Args:
            is_successful: Whether the command succeeded.
        """
        return self._of_done([*self._done, *sorted(self._unclear)] if is_successful else self._done)

    def _of_done(self, names: Iterable[str]) -> list[str]:
        done = _writing(dict.fromkeys(names))
        if not done:
            return []
        results = f" The result: {'; '.join(self._results)}." if self._results else ""
        return [f"{', '.join(done)} {'was' if len(done) == 1 else 'were'} done: do not repeat it.{results}"]


def _name_of(request: RequestSnapshot) -> str:
    return f"{request.method} {urlsplit(request.url).path}" if request.operation == UNDECLARED else request.operation


def _writing(names: Mapping[str, None]) -> list[str]:
    """Return the names of the operations that write."""
    if not names:
        return []
    from frontegg_async.endpoints import all_endpoints  # noqa: PLC0415 - only failed commands need it

    reading = {each.name for each in all_endpoints() if not each.writes}
    return [name for name in names if name not in reading]
