"""OpenFeature: a provider whose boolean flags are the features of Frontegg's plans.

This module needs the extra ``openfeature``. Evaluations use the snapshot of an `AsyncEntitlements` or an
`Entitlements`. They neither wait nor block::

    async with AsyncEntitlements(frontegg) as entitlements:
        api.set_provider_and_wait(FronteggProvider(entitlements))
        flags = api.get_client()
        flags.get_boolean_value("reports", False, EvaluationContext("ann", {"tenantId": "acme"}))
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final, Protocol, TypeAlias, cast

from frontegg_async.entitlements.decisions import Decision
from frontegg_async.entitlements.events import EntitlementsEvent, EntitlementsEventKind
from frontegg_async.errors import (
    ClientClosedError,
    FronteggError,
    InvalidArgumentError,
    MissingExtraError,
    StaleEntitlementsError,
)
from frontegg_async.models.claims import Claims

try:
    # openfeature lacks the file py.typed, which PEP 561 requires in its subpackages.
    from openfeature.evaluation_context import (  # pyright: ignore[reportMissingTypeStubs]  # as above
        EvaluationContext,
        EvaluationContextAttribute,
    )
    from openfeature.event import ProviderEvent, ProviderEventDetails
    from openfeature.exception import (
        ErrorCode,
        GeneralError,
        InvalidContextError,
        ProviderNotReadyError,
        TypeMismatchError,
    )
    from openfeature.flag_evaluation import FlagResolutionDetails, FlagValueType, Reason
    from openfeature.hook import Hook  # pyright: ignore[reportMissingTypeStubs]  # as above
    from openfeature.provider import (  # pyright: ignore[reportMissingTypeStubs]  # as above
        AbstractProvider,
        FeatureProvider,
        Metadata,
    )
    from openfeature.track import TrackingEventDetails  # pyright: ignore[reportMissingTypeStubs]  # as above
except ImportError:
    raise MissingExtraError("this needs OpenFeature: pip install 'frontegg-async[openfeature]'") from None

__all__ = ["FronteggProvider", "OpenEntitlements", "evaluation_context"]

ACCOUNT: Final = "tenantId"
"""The attribute of an evaluation context with the id of the account."""

CLAIMS: Final = "claims"
"""The attribute of an evaluation context with the claims of a verified token."""

_EVENTS: Final = {
    EntitlementsEventKind.READY: ProviderEvent.PROVIDER_READY,
    EntitlementsEventKind.RECOVERED: ProviderEvent.PROVIDER_READY,
    EntitlementsEventKind.CHANGED: ProviderEvent.PROVIDER_CONFIGURATION_CHANGED,
    EntitlementsEventKind.ERROR: ProviderEvent.PROVIDER_STALE,
    EntitlementsEventKind.STALE: ProviderEvent.PROVIDER_ERROR,
}
"""The event of OpenFeature for an event of the entitlements. During an outage, the last snapshot stays in use."""


_Dispatch: TypeAlias = Callable[[FeatureProvider, ProviderEvent, ProviderEventDetails], None]
_Object: TypeAlias = Sequence[FlagValueType] | Mapping[str, FlagValueType]


class OpenEntitlements(Protocol):
    """An `AsyncEntitlements`, or the blocking `Entitlements`."""

    @property
    def is_stale(self) -> bool:
        """Whether the snapshot is too old for decisions."""
        ...

    @property
    def has_outage(self) -> bool:
        """Whether the last refresh failed."""
        ...

    def listen(self, listener: Callable[[EntitlementsEvent], None]) -> Callable[[], None]:
        """Call a function for each event; return a function that stops these calls."""
        ...

    def decide(
        self,
        claims: Claims | Mapping[str, object] | None = None,
        *,
        feature: str | None = None,
        attributes: Mapping[str, object] | None = None,
        tenant_id: str | None = None,
        user_id: str | None = None,
    ) -> Decision:
        """Return whether an account or a user may use a feature."""
        ...


def evaluation_context(claims: Claims, attributes: Mapping[str, object] | None = None) -> EvaluationContext:
    """Return the evaluation context of the caller of a request.

    Args:
        claims: The verified claims of the request's token. Rules can use them.
        attributes: More attributes for rules, by name.
    """
    own = {**(attributes or {}), ACCOUNT: claims.tenant_id, CLAIMS: claims}
    return EvaluationContext(claims.user_id, cast("Mapping[str, EvaluationContextAttribute]", own))


if TYPE_CHECKING:
    _Base = object  # an untyped base would make the provider untyped
else:
    _Base = AbstractProvider  # at run time, for the methods that later versions add


class FronteggProvider(_Base):
    """A provider of OpenFeature: a boolean flag is true if the account of the evaluation context may use the feature.

    The key of a flag is the key of a feature. The attribute ``tenantId`` of the context is the id of the account, and
    ``targeting_key`` is the id of the user. Without a user, the provider decides for the account. The attribute
    ``claims`` may hold the claims of a verified token instead, which name the account and the user. Rules can use all
    attributes by name.

    An unknown feature is false. These cases are errors, for which OpenFeature returns the default of the caller: a flag
    of another type than boolean, a context without an account, and a snapshot that is too old.

    Args:
        entitlements: The entitlements, open. The provider does not close them.
    """

    def __init__(self, entitlements: OpenEntitlements) -> None:
        super().__init__()
        self._entitlements = entitlements
        self._stop_listening: Callable[[], None] | None = None
        self._dispatch: _Dispatch | None = None

    def attach(self, on_emit: _Dispatch) -> None:
        """Store the receiver of events. OpenFeature calls this method when the provider is set.

        Args:
            on_emit: Receives an event.
        """
        self._dispatch = on_emit

    def detach(self) -> None:
        """Forget the receiver of events. OpenFeature calls this method after `shutdown`."""
        self._dispatch = None

    def get_provider_hooks(self) -> list[Hook]:
        """Return the hooks of the provider: none."""
        return []

    def track(
        self,
        tracking_event_name: str,
        evaluation_context: EvaluationContext | None = None,
        tracking_event_details: TrackingEventDetails | None = None,
    ) -> None:
        """Do nothing: Frontegg's features have no tracking events."""

    def get_metadata(self) -> Metadata:
        """Return the name of the provider."""
        return Metadata("Frontegg")

    def initialize(self, evaluation_context: EvaluationContext) -> None:
        """Start emitting events. OpenFeature calls this method when the provider is set.

        Args:
            evaluation_context: Not used.

        Raises:
            ProviderNotReadyError: The entitlements are not open, or too old.
        """
        del evaluation_context
        self.shutdown()
        self._stop_listening = self._entitlements.listen(self._pass_on)
        try:
            is_stale = self._entitlements.is_stale
        except FronteggError as error:
            raise ProviderNotReadyError(error.message) from error
        if is_stale:
            raise ProviderNotReadyError("the entitlements are older than max_age")

    def shutdown(self) -> None:
        """Stop emitting events. OpenFeature calls this when the provider is replaced. The entitlements stay open."""
        stop, self._stop_listening = self._stop_listening, None
        if stop is not None:
            stop()

    def resolve_boolean_details(
        self, flag_key: str, default_value: bool, evaluation_context: EvaluationContext | None = None
    ) -> FlagResolutionDetails[bool]:
        """Return whether the account and the user of a context may use a feature.

        Args:
            flag_key: The key of the feature.
            default_value: Not used. OpenFeature itself returns this value after an error.
            evaluation_context: The account, the user and the attributes.

        Returns:
            The decision. After a refusal, ``reason`` in its metadata is the `DecisionReason`.

        Raises:
            InvalidContextError: The context names no account, or an id is not text.
            ProviderNotReadyError: The entitlements are too old, or not open.
        """
        del default_value
        context = evaluation_context or EvaluationContext()
        try:
            decision, has_outage = self._decide(flag_key, context), self._entitlements.has_outage
        except InvalidArgumentError as error:
            raise InvalidContextError(error.message) from error
        except (StaleEntitlementsError, ClientClosedError) as error:
            raise ProviderNotReadyError(error.message) from error
        except FronteggError as error:
            raise GeneralError(error.message) from error
        reason = Reason.TARGETING_MATCH if decision.is_entitled else Reason.DEFAULT
        return FlagResolutionDetails(
            decision.is_entitled,
            reason=Reason.STALE if has_outage else reason,
            variant="on" if decision.is_entitled else "off",
            flag_metadata={} if decision.reason is None else {"reason": str(decision.reason)},
        )

    def resolve_string_details(
        self, flag_key: str, default_value: str, evaluation_context: EvaluationContext | None = None
    ) -> FlagResolutionDetails[str]:
        """Raise an error: every flag of this provider is a boolean.

        Raises:
            TypeMismatchError: Always.
        """
        del default_value, evaluation_context
        raise _mismatch(flag_key)

    def resolve_integer_details(
        self, flag_key: str, default_value: int, evaluation_context: EvaluationContext | None = None
    ) -> FlagResolutionDetails[int]:
        """Raise an error: every flag of this provider is a boolean.

        Raises:
            TypeMismatchError: Always.
        """
        del default_value, evaluation_context
        raise _mismatch(flag_key)

    def resolve_float_details(
        self, flag_key: str, default_value: float, evaluation_context: EvaluationContext | None = None
    ) -> FlagResolutionDetails[float]:
        """Raise an error: every flag of this provider is a boolean.

        Raises:
            TypeMismatchError: Always.
        """
        del default_value, evaluation_context
        raise _mismatch(flag_key)

    def resolve_object_details(
        self,
        flag_key: str,
        default_value: _Object,
        evaluation_context: EvaluationContext | None = None,
    ) -> FlagResolutionDetails[_Object]:
        """Raise an error: every flag of this provider is a boolean.

        Raises:
            TypeMismatchError: Always.
        """
        del default_value, evaluation_context
        raise _mismatch(flag_key)

    async def resolve_boolean_details_async(
        self, flag_key: str, default_value: bool, evaluation_context: EvaluationContext | None = None
    ) -> FlagResolutionDetails[bool]:
        """Do the same as `resolve_boolean_details`, which does not wait."""
        return self.resolve_boolean_details(flag_key, default_value, evaluation_context)

    async def resolve_string_details_async(
        self, flag_key: str, default_value: str, evaluation_context: EvaluationContext | None = None
    ) -> FlagResolutionDetails[str]:
        """Do the same as `resolve_string_details`, which does not wait."""
        return self.resolve_string_details(flag_key, default_value, evaluation_context)

    async def resolve_integer_details_async(
        self, flag_key: str, default_value: int, evaluation_context: EvaluationContext | None = None
    ) -> FlagResolutionDetails[int]:
        """Do the same as `resolve_integer_details`, which does not wait."""
        return self.resolve_integer_details(flag_key, default_value, evaluation_context)

    async def resolve_float_details_async(
        self, flag_key: str, default_value: float, evaluation_context: EvaluationContext | None = None
    ) -> FlagResolutionDetails[float]:
        """Do the same as `resolve_float_details`, which does not wait."""
        return self.resolve_float_details(flag_key, default_value, evaluation_context)

    async def resolve_object_details_async(
        self, flag_key: str, default_value: _Object, evaluation_context: EvaluationContext | None = None
    ) -> FlagResolutionDetails[_Object]:
        """Do the same as `resolve_object_details`, which does not wait."""
        return self.resolve_object_details(flag_key, default_value, evaluation_context)

    def _decide(self, feature: str, context: EvaluationContext) -> Decision:
        claims: object = context.attributes.get(CLAIMS)
        if isinstance(claims, Claims | Mapping):
            found = cast("Claims | Mapping[str, object]", claims)
            return self._entitlements.decide(found, feature=feature, attributes=context.attributes)
        if claims is not None:
            raise InvalidContextError(f"the attribute {CLAIMS!r} must be the claims of a verified token")
        account = context.attributes.get(ACCOUNT)
        if not isinstance(account, str):
            raise InvalidContextError(f"the evaluation context needs the id of an account as its attribute {ACCOUNT!r}")
        return self._entitlements.decide(
            feature=feature, attributes=context.attributes, tenant_id=account, user_id=context.targeting_key
        )

    def _pass_on(self, event: EntitlementsEvent) -> None:
        details = ProviderEventDetails(message=None if event.error is None else event.error.message)
        if event.kind is EntitlementsEventKind.STALE:
            details.error_code = ErrorCode.PROVIDER_NOT_READY
        dispatch = self._dispatch
        if dispatch is not None:
            dispatch(self, _EVENTS[event.kind], details)


def _mismatch(key: str) -> TypeMismatchError:
    return TypeMismatchError(f"{key!r} is a feature, which is true or false: ask for a boolean")
