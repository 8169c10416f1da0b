"""The keys of the events that webhooks and prehooks are about. The service may have others, so each key is a text."""

from __future__ import annotations

from typing import Literal, TypeAlias

EventKeyLiteral: TypeAlias = Literal[
    "ffrontegg.user.plan.unassigned",  # the service misspells it
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
    "frontegg.user.temporary.access.temporary.to.permanentd",  # as the service spells it
    "frontegg.user.updated",
    "frontegg.userApiToken.created",
    "frontegg.userApiToken.deleted",
]
"""The keys of the events that are known to come by webhook."""

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
"""The keys of the events that are known to have prehooks."""
