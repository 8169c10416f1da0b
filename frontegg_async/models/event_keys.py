"""The keys of the events of webhooks and prehooks. Methods accept other keys too, since the service may add keys."""

from __future__ import annotations

from typing import Literal, TypeAlias

EventKeyLiteral: TypeAlias = Literal[
    "ffrontegg.user.plan.unassigned",  # the spelling of the service
    "frontegg.account.security.domain.restricted",
    "frontegg.group.created",
    "frontegg.group.deleted",
    "frontegg.group.roles.updated",
    "frontegg.group.updated",
    "frontegg.group.users.added",
    "frontegg.group.users.removed",
    "frontegg.scim.group.created",
    "frontegg.scim.group.deleted",
    "frontegg.scim.group.updated",
    "frontegg.scim.user.created",
    "frontegg.scim.user.deleted",
    "frontegg.scim.user.updated",
    "frontegg.tenant.app.assigned",
    "frontegg.tenant.app.unassigned",
    "frontegg.tenant.created",
    "frontegg.tenant.deleted",
    "frontegg.tenant.locked",
    "frontegg.tenant.plan.assigned",
    "frontegg.tenant.plan.unassigned",
    "frontegg.tenant.unlocked",
    "frontegg.tenant.updated",
    "frontegg.tenantApiToken.created",
    "frontegg.tenantApiToken.deleted",
    "frontegg.user.activated",
    "frontegg.user.app.assigned",
    "frontegg.user.app.unassigned",
    "frontegg.user.authenticated",
    "frontegg.user.authenticatedWithSAML",
    "frontegg.user.authenticatedWithSSO",
    "frontegg.user.changedPassword",
    "frontegg.user.created",
    "frontegg.user.deleted",
    "frontegg.user.disabledMFA",
    "frontegg.user.enrolledMFA",
    "frontegg.user.failedAuthentication",
    "frontegg.user.forgotPassword",
    "frontegg.user.invitedToTenant",
    "frontegg.user.joinedTenantUsingInvitationLink",
    "frontegg.user.plan.assigned",
    "frontegg.user.plan.unassigned",
    "frontegg.user.removedFromTenant",
    "frontegg.user.signedUp",
    "frontegg.user.temporary.access.edited",
    "frontegg.user.temporary.access.given",
    "frontegg.user.temporary.access.temporary.to.permanentd",  # the spelling of the service
    "frontegg.user.updated",
    "frontegg.userApiToken.created",
    "frontegg.userApiToken.deleted",
]
"""The known keys of events that webhooks receive."""

PrehookEventKeyLiteral: TypeAlias = Literal[
    "AUTH_INITIATED",
    "CREATE_TENANT",
    "DELETE_TENANT",
    "JWT_GENERATION",
    "OIDC_AUTH",
    "SAML_AUTH",
    "SEND_SMS",
    "SOCIAL_LOGIN_AUTH",
    "UPDATE_TENANT",
    "USER_DELETE",
    "USER_INVITE",
    "USER_SIGNUP",
    "USER_UPDATE",
]
"""The known keys of events that have prehooks."""
