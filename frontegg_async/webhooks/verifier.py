"""``WebhookVerifier``, which verifies the header that the service adds to webhooks and prehooks."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Final, Literal, TypeAlias, cast, get_args

from frontegg_async._core.auth import jwt_validation
from frontegg_async._core.auth.numeric_dates import seconds_of
from frontegg_async._core.checks.verifier_times import check_clock, check_leeway
from frontegg_async._core.runtime.tracebacks import without_frames
from frontegg_async._values.ascii_case import folded
from frontegg_async._values.durations import in_seconds
from frontegg_async._values.flags import check_flag
from frontegg_async._values.hook_signatures import SIGNATURE_HEADER
from frontegg_async._values.kinds import kind_of, shown
from frontegg_async._values.secret import Hidden, Secret, hide
from frontegg_async.errors import (
    ConfigurationError,
    ErrorDetails,
    InvalidArgumentError,
    TokenVerificationError,
    WebhookVerificationError,
)
from frontegg_async.webhooks.events import WebhookEvent, parse_event

AlgorithmLiteral: TypeAlias = Literal["HS256", "HS384", "HS512"]
"""The supported algorithms for the signature of the header."""

_ALGORITHMS: Final[Sequence[str]] = get_args(AlgorithmLiteral)
_REFUSALS: Final[Mapping[str | None, str]] = {
    "missing": "is missing: the service signs all webhooks, except the webhooks of the portal's test button",
    "ambiguous": "occurs more than once",
    "malformed": "is not a signed JWT; allow_bare_secret=True accepts the secret itself",
    "too_large": f"has more than {jwt_validation.MAX_TOKEN} characters",
    "algorithm": "is not signed with the algorithm of the verifier",
    "unknown_key": "contains its own key, but only the secret of the webhook is trusted",
    "signature": "is not signed with the secret of the webhook: it belongs to another webhook or is forged",
    "claims": "has a time that is not a number",
    "expired": "has expired, or is older than max_age",
    "not_yet_valid": "is not valid yet: check the clock of this machine",
}


class WebhookVerifier:
    """Verifier of the header ``x-webhook-secret``, which proves that the service sent a webhook or a prehook.

    The header is a JWT that is signed with the secret of the hook. The JWT proves that the sender knows the secret. The
    JWT does not cover the body. Do not trust the body: get the object of the event from the API.

    The verifier sends no requests and needs no extra of the package. Threads may share a verifier.

    Args:
        secret: The secret of the hook. While you replace the secret, pass a sequence with the old and the new secret:
            the header must match one of them.
        algorithm: The only accepted algorithm.
        allow_bare_secret: Whether the header may be the secret itself.
        max_age: The largest age of the header in seconds. The age is checked only if the header contains its time of
            creation. ``None`` means that only the expiry is checked.
        leeway: The tolerated difference between clocks in seconds, 0 to 60.
        clock: A function that returns the current time, in seconds since the epoch. In tests, pass ``emulator.time``,
            the clock of the emulator.

    Raises:
        ConfigurationError: A setting is not allowed, such as an empty secret. The message names the setting.
    """

    def __init__(
        self,
        secret: str | Secret | Sequence[str | Secret],
        *,
        algorithm: AlgorithmLiteral = "HS256",
        allow_bare_secret: bool = False,
        max_age: float | timedelta | None = None,
        leeway: float | timedelta = 10.0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        import jwt  # noqa: PLC0415 - the import takes a tenth of a second, and most programs verify no webhooks

        # Keep the secrets out of this frame, which is part of an error's traceback.
        hidden: Hidden[object] = Hidden(secret)
        del secret
        self._secrets = _check_secrets(hidden)
        if algorithm not in _ALGORITHMS:
            raise ConfigurationError(f"algorithm must be one of {', '.join(_ALGORITHMS)}, not {shown(algorithm)}")
        self._algorithm = algorithm
        self._hmac = jwt.get_algorithm_by_name(algorithm)
        self._allow_bare_secret = check_flag(allow_bare_secret, "allow_bare_secret", ConfigurationError)
        self._max_age = _check_max_age(max_age)
        self._leeway = check_leeway(leeway)
        self._clock = check_clock(clock).wall

    @without_frames
    def verify(self, headers: Mapping[str, str | Sequence[str]]) -> None:
        """Verify the header of a request.

        Args:
            headers: The headers of the request from any framework. The names may be in upper or lower case, and the
                values may be texts or lists of texts.

        Raises:
            WebhookVerificationError: The service did not send the request; ``reason`` has the cause in one word.
                Respond with 401.
            InvalidArgumentError: ``headers`` is not a mapping.
        """
        reason = self._reason_to_refuse(_values_of(headers))
        if reason is not None:
            raise WebhookVerificationError(f"{SIGNATURE_HEADER} {_REFUSALS[reason]}", ErrorDetails(reason=reason))

    @without_frames
    def read(
        self, headers: Mapping[str, str | Sequence[str]], body: bytes | str | Mapping[str, object]
    ) -> WebhookEvent:
        """Verify the header of a request, and return the event that its body describes.

        Args:
            headers: The headers of the request, in a form that `verify` accepts.
            body: The unparsed body, or the object that a framework parsed from the body. The limits are 1 MiB and 128
                nested levels.

        Returns:
            The event. The header does not cover the body: get the object of the event from the API.

        Raises:
            WebhookVerificationError: The service did not send the request; ``reason`` has the cause in one word.
                Respond with 401.
            WebhookPayloadError: The body is not an event; ``reason`` has the cause in one word. Respond with 400.
            InvalidArgumentError: ``headers`` is not a mapping.
        """
        self.verify(headers)
        return parse_event(body)

    def _reason_to_refuse(self, values: Sequence[object]) -> str | None:
        if len(values) > 1:
            return "ambiguous"
        value = values[0] if values else ""
        if self._allow_bare_secret and isinstance(value, str) and self._is_secret(Secret(value)):
            return None
        token = jwt_validation.split(value, self._algorithm)
        if isinstance(token, TokenVerificationError):
            return token.reason
        if not self._is_signature(token.signed, token.signature):
            return "signature"
        return self._reason_of_times(token.payload)

    # `_is_secret` and `_is_signature` compare with each secret, so that the time does not reveal the matching secret.
    def _is_secret(self, value: Secret) -> bool:
        return any([value == secret for secret in self._secrets])  # noqa: C419 - see above

    def _is_signature(self, signed: bytes, signature: bytes) -> bool:
        outcomes = [self._hmac.verify(signed, secret.reveal().encode(), signature) for secret in self._secrets]
        return any(outcomes)

    def _reason_of_times(self, payload: bytes) -> str | None:
        claims = jwt_validation.parse_object(payload)
        if claims is None:
            return "malformed"
        times = {name: seconds_of(claims[name]) for name in ("exp", "iat", "nbf") if name in claims}
        known = {name: value for name, value in times.items() if value is not None}
        if len(known) < len(times):
            return "claims"
        now = self._clock()
        if now - self._leeway >= known.get("exp", math.inf):
            return "expired"
        if max(known.get("iat", 0.0), known.get("nbf", 0.0)) > now + self._leeway:
            return "not_yet_valid"
        return "expired" if now - known.get("iat", math.inf) > self._max_age + self._leeway else None

    def __repr__(self) -> str:
        return f"{type(self).__name__}(algorithm={getattr(self, '_algorithm', None)!r})"


@without_frames
def _check_secrets(given: Hidden[object]) -> tuple[Secret, ...]:
    value = given.reveal()
    if isinstance(value, str | Secret):
        values: tuple[object, ...] = (value,)
    elif isinstance(value, Iterable) and not isinstance(value, bytes | Mapping):
        values = tuple(cast("Iterable[object]", value))
    else:
        raise ConfigurationError(f"secret must be text, or a sequence of texts, not {kind_of(given.reveal())}")
    secrets = tuple(check_hook_secret(value, "text, or a sequence of texts", ConfigurationError) for value in values)
    if not secrets:
        raise ConfigurationError("secret must contain at least one secret")
    return secrets


def check_hook_secret(value: object, allowed: str, kind: type[ConfigurationError | InvalidArgumentError]) -> Secret:
    """Check the secret of a hook, and return it as a `Secret`.

    Args:
        value: The secret.
        allowed: The words with which the error describes the allowed values.
        kind: The class of the error.

    Raises:
        FronteggError: The value is not text, or is empty, or contains a lone surrogate. The error's class is ``kind``.
    """
    secret = hide(value)
    if not isinstance(secret, Secret):
        raise kind(f"secret must be {allowed}, not of {kind_of(value)}")
    if not secret.reveal().strip():
        raise kind("secret must not be empty: anybody could sign with an empty secret")
    try:
        secret.reveal().encode()
    except UnicodeEncodeError:
        is_text = False
    else:
        is_text = True
    if not is_text:
        raise kind("secret has a lone surrogate, which is not valid Unicode text")
    return secret


def _check_max_age(value: object) -> float:
    if value is None:
        return math.inf
    value = in_seconds(value, "max_age", ConfigurationError)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < math.inf:
        raise ConfigurationError(f"max_age must be a positive number of seconds, or None, not {shown(value)}")
    return float(value)


def _values_of(headers: object) -> list[object]:
    """Return all values of the header ``x-webhook-secret``.

    Raises:
        InvalidArgumentError: The headers are not a mapping.
    """
    if not isinstance(headers, Mapping) and not hasattr(headers, "items"):
        raise InvalidArgumentError(f"headers must be the mapping of a request's headers, not {kind_of(headers)}")
    found: list[object] = []
    # A framework's mapping yields an item for each header, even for headers with the same name.
    for name, value in cast("Mapping[object, object]", headers).items():
        if isinstance(name, str) and folded(name) == SIGNATURE_HEADER:
            found.extend(cast("Sequence[object]", value) if isinstance(value, list | tuple) else (value,))
    return found


def header_value(headers: Mapping[str, str | Sequence[str]]) -> str:
    """Return the values of the header ``x-webhook-secret`` as one comma-separated text, which may be empty.

    Args:
        headers: The headers of a request, in a form that `WebhookVerifier.verify` accepts.

    Raises:
        InvalidArgumentError: ``headers`` is not a mapping.
    """
    return ",".join(map(str, _values_of(headers)))
