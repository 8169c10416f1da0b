"""``frontegg.onboard(...)``: create an account in steps, which a later call can continue."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import attrs

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._core.runtime.tracebacks import without_frames
from frontegg_async._values.ascii_case import folded
from frontegg_async.errors import ConflictError, ErrorDetails, OnboardingError
from frontegg_async.models.onboarding import Onboarding, OnboardingStep, StepName, StepOutcome
from frontegg_async.models.tenant_writes import TenantCreate
from frontegg_async.models.tenants import Tenant
from frontegg_async.models.users import UserToInvite
from frontegg_async.options import Options
from frontegg_async.resources.applications import AsyncApplications
from frontegg_async.resources.of_tenant.applications import AsyncTenantApplications
from frontegg_async.resources.roles import AsyncRoles
from frontegg_async.resources.support.created_by_name import check_names
from frontegg_async.resources.support.created_tenants import check_create
from frontegg_async.resources.support.invited_users import invitation
from frontegg_async.resources.support.steps import Steps, conflict
from frontegg_async.resources.tenants import AsyncTenants
from frontegg_async.resources.users import AsyncUsers


async def onboard(
    caller: Caller,
    tenant: TenantCreate,
    owner: UserToInvite,
    *,
    role_keys: Sequence[str],
    applications: Sequence[str],
    options: Options | None,
) -> Onboarding:
    """Create an account with its applications and its owner, as ``AsyncFrontegg.onboard`` documents.

    Args:
        caller: Makes the requests.
        tenant: The tenant, whose creator is the owner.
        owner: The owner, without roles.
        role_keys: The keys of the owner's roles.
        applications: The names of the tenant's applications.
        options: Options for each request.

    Raises:
        OnboardingError: A step failed after this call had created something.
        FronteggError: The first step failed, or an argument is not allowed.
    """
    _check_owner(owner)
    arguments.check_body(tenant)
    await check_create(tenant, caller.options_for(options).deadline)
    keys = _names(role_keys, "role_keys")
    names = _names(applications, "applications")
    role_ids = await AsyncRoles(caller).ids_of(keys, options=options) if keys else ()
    app_ids = await AsyncApplications(caller).ids_of(names, options=options) if names else ()
    steps = _Steps(caller, tenant, attrs.evolve(owner, role_ids=role_ids or None), app_ids, options)
    await steps.take()
    return steps.result()


def _names(values: Sequence[str], argument: str) -> tuple[str, ...]:
    return () if values in ((), []) else check_names(values, argument)


@without_frames
def _check_owner(owner: UserToInvite) -> None:
    arguments.check_email(owner.email, "owner_email")
    if owner.name is not None:
        arguments.check_text(owner.name, "owner_name")
    arguments.check_body(invitation(owner))


class _Steps(Steps[OnboardingStep]):
    """The steps of one call, and their results so far."""

    found_done = StepOutcome.PRESENT

    def __init__(
        self,
        caller: Caller,
        tenant: TenantCreate,
        owner: UserToInvite,
        app_ids: tuple[str, ...],
        options: Options | None,
    ) -> None:
        super().__init__()
        self._tenant = tenant
        self._owner = owner
        self._role_ids = tuple(owner.role_ids or ())
        self._options = options
        self._tenants = AsyncTenants(caller)
        self._users = AsyncUsers(caller)
        self._applications = AsyncTenantApplications(caller.for_tenant(tenant.tenant_id))
        self._has_others = False
        self._owner_id = ""
        self.plan(
            (
                (OnboardingStep(name=StepName.TENANT), self._make_tenant),
                *((_assignment(app_id), partial(self._assign, app_id)) for app_id in app_ids),
                (OnboardingStep(name=StepName.OWNER), self._invite_owner),
                (OnboardingStep(name=StepName.ROLES), self._give_roles),
            )
        )

    def failed(self, reason: str, details: ErrorDetails) -> OnboardingError:
        """Return the error for an incomplete account."""
        return OnboardingError(
            f"the account {self._tenant.tenant_id} is incomplete, since {reason}; "
            "call onboard() again with this tenant_id to go on",
            attrs.evolve(details, onboarding=self.result()),
        )

    def note(self, steps: str) -> str:
        """Return the note for a cancelled call."""
        tenant_id = self._tenant.tenant_id
        return f"The steps of the account {tenant_id!r}: {steps}. Call onboard() again with this tenant_id to go on."

    def result(self) -> Onboarding:
        """Return the results of the steps so far."""
        return Onboarding(tenant_id=self._tenant.tenant_id, owner_id=self._owner_id or None, steps=tuple(self.steps))

    async def _make_tenant(self) -> bool:
        wanted = self._tenant
        tenant, is_new = await self._tenants.ensure(
            wanted.tenant_id,
            name=wanted.name or "",  # an earlier check refuses an empty name
            creator_email=wanted.creator_email,
            creator_name=wanted.creator_name,
            is_reseller=wanted.is_reseller,
            parent_tenant_id=wanted.parent_tenant_id,
            metadata=wanted.metadata,
            options=self._options,
        )
        if not is_new:
            await self._check_present(tenant)
        return is_new

    async def _check_present(self, tenant: Tenant) -> None:
        """Refuse a tenant that another owner created, and a tenant that its owner has left."""
        if not self._is_owner(tenant.creator_email):
            raise conflict("there is a tenant with this id, and another owner created it")
        tenant_id, options = tenant.tenant_id, self._options
        two = await self._users.list(tenant_id, page_size=2, prefetch=0, options=options).first_page()
        self._has_others = any(not self._is_owner(user.email) for user in two.items)
        if self._has_others:
            named = await self._users.list(tenant_id, email=self._owner.email, options=options).all()
            owners = [user for user in named if self._is_owner(user.email)]
            if not owners:
                raise conflict("the account has other users, and its owner has left the account")
            self._owner_id = owners[0].id

    def _is_owner(self, email: str | None) -> bool:
        return folded(email or "") == folded(self._owner.email)

    async def _assign(self, app_id: str) -> bool:
        try:
            await self._applications.assign(app_id, options=self._options)
        except ConflictError:
            return False
        return True

    async def _invite_owner(self) -> bool:
        owner = self._owner
        if self._has_others:
            return False
        try:
            invited = await self._users.invite(
                self._tenant.tenant_id,
                email=owner.email,
                name=owner.name,
                role_ids=owner.role_ids,
                send_email=owner.send_email,
                options=self._options,
            )
        except ConflictError:
            user = await self._users.get_by_email(owner.email, options=self._options)
            if not self._is_owner(user.email):
                raise conflict("the service returned another user for the owner's e-mail address") from None
            if self._tenant.tenant_id not in user.tenant_ids:
                raise conflict("the owner's invitation was refused, and the owner is not in the account") from None
            self._owner_id = user.id
            return False
        self._owner_id = invited.id
        return True

    async def _give_roles(self) -> bool:
        if not self._role_ids:
            return False
        tenant_id, user_id = self._tenant.tenant_id, self._owner_id
        present = await self._users.list_roles([user_id], tenant_id=tenant_id, options=self._options)
        had = {role_id for each in present for role_id in each.role_ids}
        lacking = [role_id for role_id in self._role_ids if role_id not in had]
        if not lacking:
            return False
        if self._has_others:
            raise conflict("the account has other users, and its owner no longer has all of the roles")
        await self._users.assign_roles(user_id, tenant_id=tenant_id, role_ids=lacking, options=self._options)
        return True


def _assignment(app_id: str) -> OnboardingStep:
    return OnboardingStep(name=StepName.APPLICATION, app_id=app_id)
