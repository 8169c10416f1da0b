"""``frontegg.offboard(...)``: end a user's access to a tenant in steps, which a later call can continue."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from functools import partial

import attrs

from frontegg_async._core.call.caller import Caller
from frontegg_async._values.flags import check_flag
from frontegg_async.endpoints import users as endpoints
from frontegg_async.errors import (
    ErrorDetails,
    FronteggError,
    InvalidArgumentError,
    NotFoundError,
    OffboardingError,
    Outcome,
)
from frontegg_async.models.offboarding import Offboarding, OffboardingStep, OffboardingStepName
from frontegg_async.models.onboarding import StepOutcome
from frontegg_async.options import Options
from frontegg_async.resources.of_tenant.own_users import AsyncOwnUsers
from frontegg_async.resources.of_tenant.user_access_tokens import AsyncOwnAccessTokens
from frontegg_async.resources.of_tenant.user_api_tokens import AsyncOwnApiTokens
from frontegg_async.resources.support.last_owner import is_last_owner
from frontegg_async.resources.support.read_back import is_answered_absent
from frontegg_async.resources.support.steps import Act, Steps, conflict
from frontegg_async.resources.support.user_lookups import check_user_id
from frontegg_async.resources.support.writes import of_whole


async def offboard(
    caller: Caller, user_id: str, *, tenant_id: str, allow_last_owner: bool, options: Options | None
) -> Offboarding:
    """End a user's access to a tenant, as ``AsyncFrontegg.offboard`` documents.

    Args:
        caller: Makes the requests.
        user_id: The id of the user.
        tenant_id: The id of the tenant.
        allow_last_owner: Whether the user may be the last owner of the tenant.
        options: Options for each request.

    Raises:
        OffboardingError: A step failed after this call had removed something.
        FronteggError: Nothing was changed.
    """
    check_user_id(user_id)
    check_flag(allow_last_owner, "allow_last_owner", InvalidArgumentError)
    of_tenant = caller.for_tenant(tenant_id)
    of_tenant.check_writable("offboard", options)
    steps = _Steps(of_tenant, user_id, tenant_id, options)
    try:
        await steps.prepare(allow_last_owner=allow_last_owner)
    except FronteggError as error:
        failure = of_whole(error, Outcome.NOT_SENT)
    else:
        await steps.take()
        return steps.result()
    raise failure.fresh()


class _Steps(Steps[OffboardingStep]):
    """The steps of one call, and their results so far."""

    found_done = StepOutcome.ABSENT

    def __init__(self, caller: Caller, user_id: str, tenant_id: str, options: Options | None) -> None:
        super().__init__()
        self._caller = caller
        self._user_id = user_id
        self._tenant_id = tenant_id
        self._options = options
        self._users = AsyncOwnUsers(caller)
        self._of_user = caller.for_user(user_id)

    async def prepare(self, *, allow_last_owner: bool) -> None:
        """Read the user's sessions, tokens and roles in the tenant, and plan the steps.

        Args:
            allow_last_owner: Whether the user may be the last owner of the tenant.
        """
        options, names = self._options, OffboardingStepName
        user = await self._users.get(self._user_id, options=options)
        if not allow_last_owner and await is_last_owner(self._caller, user, options):
            raise conflict(
                f"user {self._user_id!r} is the last owner of tenant {self._tenant_id!r}: nobody could administer it "
                "afterwards; give another user the role of an owner first, or pass allow_last_owner=True"
            )
        api_tokens, access_tokens = AsyncOwnApiTokens(self._of_user), AsyncOwnAccessTokens(self._of_user)
        client_ids = [token.client_id for token in await api_tokens.list(options=options).all()]
        token_ids = [token.id for token in await access_tokens.list(options=options).all()]
        sessions = await self._of_user.value(endpoints.SESSIONS, options=options)
        held = await self._users.list_roles([self._user_id], options=options)
        role_ids = [role_id for each in held for role_id in each.role_ids]
        self.plan(
            (
                (OffboardingStep(name=names.SESSIONS), self._end_sessions if sessions else _nothing),
                *self._deletions(names.API_TOKEN, client_ids, api_tokens.delete),
                *self._deletions(names.ACCESS_TOKEN, token_ids, access_tokens.delete),
                (OffboardingStep(name=names.ROLES), partial(self._take_roles, role_ids) if role_ids else _nothing),
                (OffboardingStep(name=names.MEMBERSHIP), self._end_membership),
            )
        )

    def failed(self, reason: str, details: ErrorDetails) -> OffboardingError:
        """Return the error for steps that are incomplete."""
        return OffboardingError(
            f"user {self._user_id} has not left tenant {self._tenant_id} completely, since {reason}; "
            "call offboard() again to go on",
            attrs.evolve(details, offboarding=self.result()),
        )

    def note(self, steps: str) -> str:
        """Return the note for a cancelled call."""
        return (
            f"The steps of user {self._user_id!r} who leaves tenant {self._tenant_id!r}: {steps}. "
            "Call offboard() again to go on."
        )

    def result(self) -> Offboarding:
        """Return the results of the steps so far."""
        return Offboarding(user_id=self._user_id, tenant_id=self._tenant_id, steps=tuple(self.steps))

    def _deletions(
        self,
        name: OffboardingStepName,
        token_ids: Sequence[str],
        delete: Callable[..., Coroutine[object, object, None]],
    ) -> list[tuple[OffboardingStep, Act]]:
        """Return a step for each token."""
        if not token_ids:
            return [(OffboardingStep(name=name), _nothing)]
        return [
            (
                OffboardingStep(name=name, token_id=token_id),
                partial(_delete, partial(delete, token_id, options=self._options)),
            )
            for token_id in token_ids
        ]

    async def _end_sessions(self) -> bool:
        await self._of_user.value(endpoints.END_SESSIONS, options=self._options)
        return True

    async def _take_roles(self, role_ids: Sequence[str]) -> bool:
        await self._users.unassign_roles(self._user_id, role_ids=role_ids, warn_last_owner=False, options=self._options)
        return True

    async def _end_membership(self) -> bool:
        return await _delete(partial(self._users.remove, self._user_id, warn_last_owner=False, options=self._options))


async def _nothing() -> bool:
    return False


async def _delete(delete: Callable[[], Coroutine[object, object, None]]) -> bool:
    """Delete an object. Return whether the object existed."""
    try:
        await delete()
    except NotFoundError as error:
        if not is_answered_absent(error):
            raise
        return False
    return True
