"""``DuplicateGuard``, which detects webhooks that the service sends again."""

from __future__ import annotations

import hashlib
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from typing import Final, Protocol, runtime_checkable

from frontegg_async._core.runtime.tracebacks import without_frames
from frontegg_async._values.durations import in_seconds
from frontegg_async._values.kinds import kind_of, shown
from frontegg_async.errors import ConfigurationError, InvalidArgumentError
from frontegg_async.webhooks.verifier import header_value

_DAY: Final = 86_400.0
_MOST_ENTRIES: Final = 10_000_000


@runtime_checkable
class WebhookGuard(Protocol):
    """A detector of repeated webhooks: `DuplicateGuard`, or your own class, whose methods may be ``async``."""

    def is_duplicate(self, headers: Mapping[str, str | Sequence[str]], body: bytes, /) -> bool | Awaitable[bool]:
        """Return whether a webhook was received before, and remember the webhook.

        Args:
            headers: The headers of the request.
            body: The body of the request, unparsed.
        """
        ...

    def forget(self, headers: Mapping[str, str | Sequence[str]], body: bytes, /) -> Awaitable[None] | None:
        """Forget a webhook whose handling failed.

        Args:
            headers: The headers of the request.
            body: The body of the request, unparsed.
        """
        ...


class DuplicateGuard:
    """Detector of repeated webhooks, with a memory in this process.

    The service sends no id with an event. The guard regards two webhooks as the same webhook if the header
    ``x-webhook-secret`` and the body are equal. The header alone is not sufficient: several events of one second may
    have equal headers. The guard does not detect an event that the service sends again with a new header. Handlers must
    therefore tolerate repeated events.

    Threads may share a guard. The guard stores a hash of each webhook, which needs about 200 bytes.

    Args:
        max_entries: The largest number of remembered webhooks, 1 to 10,000,000. The guard forgets the oldest first.
        ttl: The time in seconds for which a webhook is remembered.
        clock: A function that returns the time in seconds, from a clock that never goes back.

    Raises:
        ConfigurationError: A setting is out of range. The message names the setting.
    """

    def __init__(
        self, *, max_entries: int = 10_000, ttl: float | timedelta = _DAY, clock: Callable[[], float] = time.monotonic
    ) -> None:
        if isinstance(max_entries, bool) or not isinstance(max_entries, int) or not 1 <= max_entries <= _MOST_ENTRIES:
            raise ConfigurationError(
                f"max_entries must be a whole number from 1 to {_MOST_ENTRIES}, not {shown(max_entries)}"
            )
        ttl = in_seconds(ttl, "ttl", ConfigurationError)
        if isinstance(ttl, bool) or not isinstance(ttl, int | float) or not 0 < ttl < math.inf:
            raise ConfigurationError(f"ttl must be a positive number of seconds, not {shown(ttl)}")
        self._max_entries = max_entries
        self._ttl = ttl
        self._clock = clock
        self._lock = threading.Lock()
        self._seen: OrderedDict[bytes, float] = OrderedDict()

    @without_frames
    def is_duplicate(self, headers: Mapping[str, str | Sequence[str]], body: bytes | str) -> bool:
        """Return whether a webhook was received before, and remember the webhook.

        Verify the webhook first. Otherwise, forged webhooks could displace remembered webhooks.

        Args:
            headers: The headers of the request.
            body: The body of the request, unparsed.

        Raises:
            InvalidArgumentError: An argument has a wrong type.
        """
        key, now = key_of(headers, body), self._clock()
        with self._lock:
            while self._seen and now - next(iter(self._seen.values())) >= self._ttl:
                self._seen.popitem(last=False)
            if key in self._seen:
                return True
            self._seen[key] = now
            if len(self._seen) > self._max_entries:
                self._seen.popitem(last=False)
            return False

    @without_frames
    def forget(self, headers: Mapping[str, str | Sequence[str]], body: bytes | str) -> None:
        """Forget a webhook whose handling failed, so that the next delivery of the webhook is handled.

        Args:
            headers: The headers of the request.
            body: The body of the request, unparsed.

        Raises:
            InvalidArgumentError: An argument has a wrong type.
        """
        key = key_of(headers, body)
        with self._lock:
            self._seen.pop(key, None)

    def __len__(self) -> int:
        return len(self._seen)


def key_of(headers: Mapping[str, str | Sequence[str]], body: object) -> bytes:
    """Return the key of a webhook: a hash of its header and its body.

    Args:
        headers: The headers of the request.
        body: The body of the request, unparsed.

    Raises:
        InvalidArgumentError: An argument has a wrong type.
    """
    if not isinstance(body, bytes | str):
        raise InvalidArgumentError(f"body must be the received bytes or text, not {kind_of(body)}")
    header = header_value(headers).encode("utf-8", "surrogatepass")
    raw = body if isinstance(body, bytes) else body.encode("utf-8", "surrogatepass")
    return hashlib.sha256(hashlib.sha256(header).digest() + raw).digest()
