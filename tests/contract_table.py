"""Every operation, typed by hand from the wire contract and from nothing else.

The client and the emulator share one table of operations, so a wrong path in it would pass every other test. This one
is written independently: it imports nothing of the package, and it is never generated. When the two disagree, read the
contract, not the other table.
"""

from __future__ import annotations

from typing import Final, NamedTuple

READS: Final = frozenset(
    {
        "/audits/export/csv",
        "/audits/export/csv/v2",
        "/audits/resources/audits/v2/export/csv",
        "/auth/vendor",
        "/identity/resources/auth/v1/api-token",
        "/identity/resources/auth/v1/api-token/token/refresh",
        "/identity/resources/auth/v1/user",
        "/identity/resources/auth/v1/user/token/refresh",
        "/identity/resources/auth/v2/api-token",
        "/identity/resources/auth/v2/api-token/token/refresh",
        "/identity/resources/configurations/v1/restrictions/ip/verify",
        "/identity/resources/configurations/v1/restrictions/ip/verify/allow",
        "/identity/resources/groups/v1/bulkGet",
        "/identity/resources/tenants/invites/v1/verify",
        "/identity/resources/tenants/users/v1/count",
        "/identity/resources/vendor-only/users/v1/passwords/verify",
    }
)
"""The paths of the POST requests that change nothing but tokens."""


class Operation(NamedTuple):
    """What the contract says of one operation.

    ``credential`` is ``none``, ``V`` (environment token), ``U`` (user token), one of these with ``+T`` (with the tenant
    header), or several; ``status`` is the one of success, 201 for a POST about which the contract is silent;
    ``user_header`` says that a call with an environment token names a user in ``frontegg-user-id``; ``body`` and
    ``query`` are names on the wire.
    """

    method: str
    path: str
    credential: str
    evidence: str
    status: int = 200
    user_header: bool = False
    query: frozenset[str] = frozenset()
    body: frozenset[str] = frozenset()


TENANT_FIELDS: Final = frozenset(
    {
        "tenantId",
        "name",
        "status",
        "website",
        "applicationUrl",
        "logo",
        "logoUrl",
        "address",
        "timezone",
        "currency",
        "creatorName",
        "creatorEmail",
        "isReseller",
        "parentTenantId",
        "metadata",
    }
)

ITEM_QUERY: Final = frozenset({"limit", "offset", "filter", "orderBy", "sortType"})
FEATURE_PLANS: Final = "/entitlements/resources/plans/v1"
FEATURE_PLAN_FIELDS: Final = frozenset(
    {
        "name",
        "description",
        "defaultTreatment",
        "rules",
        "metadata",
        "defaultTimeLimitation",
        "assignOnSignup",
        "featureKeys",
    }
)
FEATURE_FLAGS: Final = "/entitlements/resources/feature-flags/v1"
FEATURE_FLAG_FIELDS: Final = frozenset(
    {"name", "on", "offTreatment", "defaultTreatment", "featureId", "description", "metadata", "rules"}
)
FEATURE_FIELDS: Final = frozenset({"key", "name", "description", "permissions"})

CREDENTIALS: Final = frozenset({"clientId", "secret"})

AUDITS: Final = "/audits/resources/audits/v2"
OLD_AUDITS_QUERY: Final = frozenset(
    {
        "vendorId",
        "tenantId",
        "limit",
        "offset",
        "count",
        "paginationMode",
        "filter",
        "sortBy",
        "sortDirection",
    }
)
AUDITS_QUERY: Final = frozenset(
    {
        "created_from",
        "created_to",
        "tenant_ids",
        "users",
        "email",
        "count",
        "offset",
        "sortBy",
        "sortDirection",
        "filter",
        "featureFlagId",
    }
)

API_TOKEN_FIELDS: Final = frozenset({"description", "metadata", "roleIds", "permissionIds"})
TENANT_API_TOKENS: Final = "/identity/resources/tenants/api-tokens"

ACCESS_TOKEN_FIELDS: Final = frozenset({"description", "expiresInMinutes"})
TENANT_ACCESS_TOKENS: Final = "/identity/resources/tenants/access-tokens/v1"
USER_ACCESS_TOKENS: Final = "/identity/resources/users/access-tokens/v1"

LOGIN_FIELDS: Final = frozenset({"email", "username", "password", "invitationToken", "recaptchaToken"})
HIERARCHY_PAIR: Final = frozenset({"parentTenantId", "childTenantId"})

SUB_TENANT_FIELDS: Final = frozenset(
    {
        "tenantId",
        "name",
        "parentTenantId",
        "status",
        "logo",
        "logoUrl",
        "creatorName",
        "creatorEmail",
        "isReseller",
    }
)

PAGE_QUERY: Final = frozenset({"_limit", "_offset", "_filter", "_sortBy", "_order", "_tenantIds"})

USERS_QUERY: Final = frozenset(
    {
        "_limit",
        "_offset",
        "_email",
        "_tenantId",
        "ids",
        "_namePrefix",
        "_identifier",
        "_identifierType",
        "_includeSubTenants",
        "_externalIds",
        "_preset",
        "_maxInactiveSeconds",
        "_sortBy",
        "_order",
    }
)

EMAILS: Final = "/identity/resources/users/emails/v1"
EMAILS_QUERY: Final = frozenset({"_limit", "_offset", "_sortBy", "_order", "_email", "userIds"})
PHONES: Final = "/identity/resources/users/phone-numbers"
PHONES_QUERY: Final = frozenset({"_limit", "_offset", "_sortBy", "_order", "_phoneNumber"})
USERNAMES: Final = "/identity/resources/usernames/v1"

INVITATION_FIELDS: Final = frozenset(
    {
        "email",
        "username",
        "name",
        "profilePictureUrl",
        "password",
        "phoneNumber",
        "provider",
        "metadata",
        "skipInviteEmail",
        "roleIds",
        "emailMetadata",
        "expirationInSeconds",
    }
)
USER_FIELDS: Final = frozenset({"name", "phoneNumber", "profilePictureUrl", "metadata"})
USERS: Final = "/identity/resources/users"
TEMPORARY: Final = "/identity/resources/users/temporary/v1"
CONFIGURATIONS: Final = "/identity/resources/configurations/v1"
ACTIVATION_FIELDS: Final = frozenset({"userId", "token", "password", "recaptchaToken", "lastTermsCheck"})
SIGN_UP_FIELDS: Final = frozenset(
    {
        "provider",
        "companyName",
        "email",
        "username",
        "name",
        "password",
        "phoneNumber",
        "profilePictureUrl",
        "metadata",
        "roleIds",
        "skipInviteEmail",
        "emailMetadata",
        "recaptchaToken",
        "invitationToken",
    }
)
PASSWORDS: Final = "/identity/resources/users/v1/passwords"
VERIFY_PASSWORD: Final = "/identity/resources/vendor-only/users/v1/passwords/verify"
IDENTIFIER_FIELDS: Final = frozenset({"identifier", "identifierType", "emailMetadata"})
NEW_USER_FIELDS: Final = frozenset(
    {
        "tenantId",
        "email",
        "username",
        "name",
        "password",
        "phoneNumber",
        "metadata",
        "vendorMetadata",
        "roleIds",
        "expirationInSeconds",
        "mfaBypass",
        "externalId",
    }
)
PHRASE_QUERY: Final = frozenset(
    {
        "_phraseSearchContains",
        "_phraseSearchExcludes",
        "_phraseSearchOptional",
        "_phraseSearchApproximate",
        "_limit",
        "_offset",
        "_email",
        "_tenantId",
        "ids",
        "_namePrefix",
        "_identifier",
        "_identifierType",
        "_includeSubTenants",
        "_externalIds",
        "_sortBy",
        "_order",
    }
)
MEMBERS: Final = "/team/resources/members/v1"

SSO_FIELDS: Final = frozenset(
    {
        "enabled",
        "ssoEndpoint",
        "publicCertificate",
        "signRequest",
        "acsUrl",
        "spEntityId",
        "type",
        "oidcClientId",
        "oidcSecret",
        "configMetadata",
        "overrideActiveTenant",
        "subAccountAccessLimit",
        "idpClientId",
        "idpClientSecret",
    }
)
SSO: Final = "/team/resources/sso/v1/configurations"
SSO_V2: Final = "/team/resources/sso/v2/configurations"
SAML: Final = "/team/resources/sso/v1/saml/configurations"
OIDC: Final = "/team/resources/sso/v1/oidc/configurations"

SUB_TENANT_USERS: Final = "/identity/resources/sub-tenants/users/v1"
INVITES: Final = "/identity/resources/tenants/invites"
INVITE_FIELDS: Final = frozenset({"expiresInMinutes", "shouldSendEmail"})
JWT_TEMPLATES: Final = "/identity/resources/jwt-templates/v1"
JWT_TEMPLATE_FIELDS: Final = frozenset({"key", "name", "description", "expiration", "algorithm", "templateSchema"})
ACTIVE_TENANTS: Final = "/identity/resources/applications/user-tenants/active/v1"
USER_MIGRATIONS: Final = "/identity/resources/migrations"
# The description has no password; two customers send one
MIGRATED_USER: Final = USER_FIELDS | {
    "tenantId",
    "email",
    "username",
    "password",
    "passwordHash",
    "passwordHashType",
    "passwordHashConfig",
    "authenticatorAppMfaSecret",
    "phoneNumberType",
    "provider",
    "vendorMetadata",
    "roleIds",
    "externalId",
    "verifyUser",
}
AUTH0_MIGRATION: Final = frozenset({"domain", "clientId", "secret", "tenantIdFieldName", "isTenantIdOnUserMetadata"})
USER_SOURCES: Final = "/identity/resources/user-sources/v1"
USER_SOURCE_FIELDS: Final = frozenset({"name", "configuration", "index", "description"})
USER_SOURCE_TYPES: Final = (
    "external/auth0",
    "external/cognito",
    "external/firebase",
    "external/custom-code",
    "federation",
)
USER_SOURCE_APPLICATIONS: Final = frozenset({"userSourceId", "appIds"})
JWT_TARGETING: Final = "/identity/resources/configurations/v1/jwt-template-targeting"
WEBHOOK_FIELDS: Final = frozenset({"displayName", "description", "url", "secret", "eventKeys", "isActive"})
PREHOOKS: Final = "/prehooks/resources/configurations/v1"
PREHOOK_FIELDS: Final = WEBHOOK_FIELDS | {"failMethod", "timeout"}
ROLES: Final = "/identity/resources/roles/v1"
ROLE_FIELDS: Final = frozenset({"key", "name", "description", "isDefault", "firstUserRole", "migrateRole", "level"})
EVENTS: Final = "/event/resources/configurations/v1"
TRIGGERS: Final = "/event/resources/triggers/v3"
PERMISSIONS: Final = "/identity/resources/permissions/v1"
# The description of PATCH lacks assignmentType; Terraform's provider sends it
PERMISSION_FIELDS: Final = frozenset({"key", "name", "description", "categoryId", "assignmentType"})
GROUPS: Final = "/identity/resources/groups/v1"
GROUP_FIELDS: Final = frozenset({"name", "color", "description", "metadata"})
RELATIONS: Final = frozenset({"_groupsRelations"})
APPLICATIONS: Final = "/applications/resources/applications/v1"
APPLICATION_FIELDS: Final = frozenset(
    {
        "name",
        "appURL",
        "loginURL",
        "logoURL",
        "accessType",
        "isDefault",
        "isActive",
        "type",
        "frontendStack",
        "description",
        "metadata",
        "allowDcr",
    }
)
ASSIGNMENTS: Final = "/applications/resources/applications/tenant-assignments"
ASSIGNMENT_QUERY: Final = frozenset({"appIds", "tenantIds", "accessType"})
APPLICATION_USERS: Final = frozenset({"appId", "tenantId", "userIds"})
SCIM: Final = "/directory/resources/v1/configurations/scim2"
POLICIES: Final = "/identity/resources/configurations/v1"
MFA_FIELDS: Final = frozenset({"enforceMFAType", "allowRememberMyDevice", "mfaDeviceExpiration"})
CAPTCHA_FIELDS: Final = frozenset({"enabled", "siteKey", "secretKey", "minScore", "ignoredEmails"})
LOCKOUT_FIELDS: Final = frozenset({"enabled", "maxAttempts"})
PASSWORD_FIELDS: Final = frozenset(
    {
        "allowPassphrases",
        "maxLength",
        "minLength",
        "minPhraseLength",
        "minOptionalTestsToPass",
        "blockPwnedPasswords",
        "optionalTests",
        "requiredTests",
    }
)
HISTORY_FIELDS: Final = frozenset({"enabled", "historySize"})
SESSIONS: Final = "/identity/resources/configurations/sessions/v1"
SESSION_FIELDS: Final = frozenset(
    {"sessionIdleTimeoutConfiguration", "sessionTimeoutConfiguration", "sessionConcurrentConfiguration"}
)
IP: Final = f"{POLICIES}/restrictions/ip"
COUNTRIES: Final = "/security-engines/resources/policies/v1/country-restriction"
EMAIL_DOMAINS: Final = "/identity/resources/configurations/restrictions/v1/email-domain"

OPERATIONS: Final[tuple[Operation, ...]] = (
    # Tokens and keys
    Operation("POST", "/auth/vendor", "none", "D", body=CREDENTIALS),
    Operation("GET", "/.well-known/jwks.json", "none", "C"),
    Operation("GET", "/vendors", "V", "D"),
    Operation("GET", "/identity/resources/configurations/v1", "V or U", "D"),
    # What access tokens entitle to; the tenant header is described, and three shipped verifiers send none
    Operation("GET", "/identity/resources/vendor-only/tenants/access-tokens/v1/{id}", "V or V+T", "D"),
    Operation("GET", "/identity/resources/vendor-only/tenants/access-tokens/v1/active", "V or V+T", "C"),
    Operation("GET", "/identity/resources/vendor-only/users/access-tokens/v1/{id}", "V or V+T", "D"),
    Operation("GET", "/identity/resources/vendor-only/users/access-tokens/v1/active", "V or V+T", "D"),
    # Access tokens of a tenant and of a user
    Operation("POST", TENANT_ACCESS_TOKENS, "V+T or U", "D", 201, body=ACCESS_TOKEN_FIELDS | {"roleIds"}),
    Operation("GET", TENANT_ACCESS_TOKENS, "V+T or U", "D"),
    Operation("DELETE", f"{TENANT_ACCESS_TOKENS}/{{id}}", "V+T or U", "D"),
    Operation("POST", USER_ACCESS_TOKENS, "V+T or U", "D", 201, user_header=True, body=ACCESS_TOKEN_FIELDS),
    Operation("GET", USER_ACCESS_TOKENS, "V+T or U", "D", user_header=True),
    Operation("DELETE", f"{USER_ACCESS_TOKENS}/{{id}}", "V+T or U", "D", user_header=True),
    # Sessions
    Operation("POST", "/identity/resources/auth/v1/user", "none", "D", body=LOGIN_FIELDS),
    Operation(
        "POST", "/identity/resources/auth/v1/user/token/refresh", "none", "D", 201, body=frozenset({"refreshToken"})
    ),
    Operation("POST", "/identity/resources/auth/v1/api-token", "none", "C", body=frozenset({"clientId", "secret"})),
    Operation("POST", "/identity/resources/auth/v2/api-token", "none", "D", body=frozenset({"clientId", "secret"})),
    Operation(
        "POST", "/identity/resources/auth/v1/api-token/token/refresh", "none", "C", body=frozenset({"refreshToken"})
    ),
    Operation(
        "POST", "/identity/resources/auth/v2/api-token/token/refresh", "none", "D", body=frozenset({"refreshToken"})
    ),
    # API tokens of a tenant and of a user
    Operation("POST", f"{TENANT_API_TOKENS}/v2", "V+T or U", "D", 201, body=API_TOKEN_FIELDS | {"expiresInMinutes"}),
    Operation("POST", f"{TENANT_API_TOKENS}/v1", "V+T or U", "D", 201, body=API_TOKEN_FIELDS | {"expiresInMinutes"}),
    Operation("GET", f"{TENANT_API_TOKENS}/v1", "V+T or U", "D"),
    Operation("PATCH", f"{TENANT_API_TOKENS}/v1/{{id}}", "V+T or U", "D", body=API_TOKEN_FIELDS),
    Operation("DELETE", f"{TENANT_API_TOKENS}/v1/{{id}}", "V+T or U", "D"),
    Operation(
        "POST",
        "/identity/resources/users/api-tokens/v1",
        "V+T or U",
        "D",
        201,
        user_header=True,
        body=frozenset({"description", "metadata", "expiresInMinutes"}),
    ),
    Operation("GET", "/identity/resources/users/api-tokens/v1", "V+T or U", "D", user_header=True),
    Operation("DELETE", "/identity/resources/users/api-tokens/v1/{id}", "V+T or U", "D", user_header=True),
    # Accounts
    Operation("POST", "/tenants/resources/tenants/v1", "V", "L", 201, body=TENANT_FIELDS),
    Operation("GET", "/tenants/resources/tenants/v2", "V", "L", query=PAGE_QUERY),
    Operation("GET", "/tenants/resources/tenants/v1", "V", "L"),
    Operation("GET", "/tenants/resources/tenants/v2/{tenantId}", "V", "C"),
    Operation("GET", "/tenants/resources/tenants/v1/{tenantId}", "V", "L"),
    Operation("GET", "/tenants/resources/tenants/v2/alias/{alias}", "V", "D"),
    Operation("PUT", "/tenants/resources/tenants/v2/{tenantId}", "V", "C", body=TENANT_FIELDS),
    Operation("PUT", "/tenants/resources/tenants/v1/{tenantId}", "V", "D", body=TENANT_FIELDS),
    Operation("DELETE", "/tenants/resources/tenants/v1/{tenantId}", "V", "L"),
    Operation("DELETE", "/tenants/resources/tenants/v1", "U", "D"),
    Operation("POST", "/tenants/resources/tenants/v1/{tenantId}/metadata", "V", "L", 201, body=frozenset({"metadata"})),
    Operation("DELETE", "/tenants/resources/tenants/v1/{tenantId}/metadata/{key}", "V", "L"),
    Operation("POST", "/tenants/resources/tenants/v1/lock", "V", "D", 204, body=frozenset({"tenantIds"})),
    Operation("POST", "/tenants/resources/tenants/v1/unlock", "V", "D", 204, body=frozenset({"tenantIds"})),
    # Audits; a written row may have any other fields, and count and offset are of items
    Operation("GET", AUDITS, "V or V+T or U", "L", query=AUDITS_QUERY),
    Operation("POST", f"{AUDITS}/export/csv", "V+T or U", "D", query=AUDITS_QUERY, body=frozenset({"properties"})),
    Operation("POST", "/audits", "V+T", "D", 202, body=frozenset({"severity", "action", "description", "email"})),
    Operation("GET", "/audits/stats", "V+T or U", "C"),
    Operation("GET", "/audits", "V or V+T or U", "D", query=OLD_AUDITS_QUERY),
    *(
        Operation("POST", path, "V+T or U", "D", 201, query=OLD_AUDITS_QUERY, body=frozenset({"properties"}))
        for path in ("/audits/export/csv", "/audits/export/csv/v2")
    ),
    Operation("GET", "/audits/resources/metrics/v1", "V", "D", query=frozenset({"from", "to", "limit", "frequency"})),
    # Custom events, as Frontegg's client for Node sends them
    Operation("POST", TRIGGERS, "V+T", "C", 201, body=frozenset({"eventKey", "data", "channelConfiguration"})),
    Operation("GET", f"{TRIGGERS}/{{eventId}}/statuses", "V", "C"),
    # SCIM configurations
    Operation("GET", SCIM, "V or U", "D", query=frozenset({"tenantId", "source", "connectionName"})),
    Operation("POST", SCIM, "V+T or U", "D", 201, body=frozenset({"source", "connectionName", "syncToUserManagement"})),
    Operation("GET", f"{SCIM}/{{id}}", "V+T or U", "D"),
    Operation("PATCH", f"{SCIM}/{{id}}", "V+T or U", "D", 204, body=frozenset({"syncToUserManagement"})),
    Operation("DELETE", f"{SCIM}/{{id}}", "V+T or U", "D", 204, body=frozenset({"deleteAll"})),
    # Security policies; without the tenant header, a policy is that of the whole environment
    Operation("GET", f"{POLICIES}/mfa-policy", "V or V+T or U", "D"),
    Operation("PUT", f"{POLICIES}/mfa-policy", "V or V+T or U", "D", body=MFA_FIELDS),
    Operation("POST", f"{POLICIES}/mfa-policy", "V or V+T or U", "D", 201, body=MFA_FIELDS),
    Operation("PATCH", f"{POLICIES}/mfa-policy", "V or V+T or U", "D", body=MFA_FIELDS),
    # Policies of the environment only
    *(
        Operation("GET", f"{POLICIES}/{policy}/vendor", "U", "C")
        for policy in ("mfa-policy", "lockout-policy", "password-history-policy")
    ),
    Operation("GET", f"{POLICIES}/password-rotation/vendor", "V or U", "D"),
    Operation("GET", f"{SESSIONS}/vendor", "V or U", "D"),
    Operation("GET", f"{POLICIES}/user-emails-policy", "V or U", "D"),
    Operation("POST", f"{POLICIES}/user-emails-policy", "V", "D", body=frozenset({"allowEmailChange"})),
    Operation("GET", f"{POLICIES}/mfa/strategies", "V or U", "D"),
    Operation("POST", f"{POLICIES}/mfa/strategies", "V", "D", 201, body=frozenset({"strategy", "isActive"})),
    Operation("GET", f"{POLICIES}/mfa", "V", "D"),
    Operation("POST", f"{POLICIES}/mfa", "V", "D", 201, body=frozenset({"authenticationApp", "sms", "email"})),
    Operation("GET", f"{POLICIES}/captcha-policy", "V or V+T", "D"),
    Operation("POST", f"{POLICIES}/captcha-policy", "V or V+T", "D", 201, body=CAPTCHA_FIELDS),
    Operation("PUT", f"{POLICIES}/captcha-policy", "V or V+T", "D", body=CAPTCHA_FIELDS),
    Operation("GET", f"{POLICIES}/lockout-policy", "V or V+T or U", "D"),
    Operation("POST", f"{POLICIES}/lockout-policy", "V or V+T or U", "D", 201, body=LOCKOUT_FIELDS),
    Operation("PATCH", f"{POLICIES}/lockout-policy", "V or V+T or U", "D", body=LOCKOUT_FIELDS),
    Operation("GET", f"{POLICIES}/password", "V or V+T or U", "D"),
    Operation("POST", f"{POLICIES}/password", "V or V+T or U", "D", 201, body=PASSWORD_FIELDS),
    Operation("GET", f"{POLICIES}/password-history-policy", "V or V+T or U", "D"),
    Operation("POST", f"{POLICIES}/password-history-policy", "V or V+T or U", "D", 201, body=HISTORY_FIELDS),
    Operation("PATCH", f"{POLICIES}/password-history-policy", "V or V+T or U", "D", body=HISTORY_FIELDS),
    Operation("GET", f"{POLICIES}/password-rotation", "V or V+T or U", "D"),
    Operation(
        "POST",
        f"{POLICIES}/password-rotation",
        "V or V+T or U",
        "D",
        body=frozenset({"isActive", "rotationPeriod", "notificationPeriod"}),
    ),
    Operation("GET", SESSIONS, "V or V+T or U", "D"),
    Operation("POST", SESSIONS, "V or V+T or U", "D", 201, body=SESSION_FIELDS),
    # Restrictions; those of e-mail domains have no documented tenant header, which the SDK sends all the same
    Operation("GET", IP, "V+T or U", "D", query=frozenset({"_limit", "_offset", "_filter"})),
    Operation("POST", IP, "V+T or U", "D", 201, body=frozenset({"ip", "strategy", "isActive", "description"})),
    Operation("POST", f"{IP}/bulk", "V+T or U", "C", 201, body=frozenset({"ips"})),
    Operation("DELETE", f"{IP}/{{id}}", "V+T or U", "D"),
    Operation("GET", f"{IP}/config", "V+T or U", "D"),
    Operation("POST", f"{IP}/config", "V+T or U", "D", 201, body=frozenset({"strategy", "isActive"})),
    Operation("POST", f"{IP}/verify", "V+T or U", "D", 201),
    Operation("POST", f"{IP}/verify/allow", "V+T or U", "D", 201),
    Operation("GET", EMAIL_DOMAINS, "V+T or U", "D", query=frozenset({"_limit", "_offset"})),
    Operation("POST", EMAIL_DOMAINS, "V+T or U", "D", 201, body=frozenset({"domain", "type"})),
    Operation("DELETE", f"{EMAIL_DOMAINS}/{{id}}", "V+T or U", "D"),
    Operation("POST", f"{EMAIL_DOMAINS}/replace-bulk", "V+T or U", "D", 201, body=frozenset({"domains", "type"})),
    Operation("GET", f"{EMAIL_DOMAINS}/config", "V+T or U", "D"),
    Operation(
        "POST",
        f"{EMAIL_DOMAINS}/config",
        "V+T or U",
        "D",
        201,
        body=frozenset({"active", "type", "blockPublicDomains"}),
    ),
    Operation("GET", f"{COUNTRIES}/countries", "U", "C"),
    Operation("POST", f"{COUNTRIES}/countries", "U", "C", 201, body=frozenset({"countries"})),
    Operation("GET", COUNTRIES, "U", "C"),
    Operation(
        "POST",
        COUNTRIES,
        "U",
        "C",
        201,
        body=frozenset({"enabled", "action", "failStrategy", "shouldSendRestrictionEmail"}),
    ),
    # Account settings
    Operation("GET", "/tenants/resources/account-settings/v1", "V+T or U", "D"),
    Operation(
        "PUT",
        "/tenants/resources/account-settings/v1",
        "V+T or U",
        "D",
        body=frozenset(
            {
                "name",
                "applicationUrl",
                "loginUrl",
                "address",
                "timezone",
                "dateFormat",
                "timeFormat",
                "currency",
                "logo",
            }
        ),
    ),
    Operation("GET", "/tenants/resources/account-settings/v1/public", "V+T or U", "D"),
    # Migration
    Operation("POST", "/tenants/resources/migrations/v1/tenants", "V", "D", 202, body=frozenset({"tenants"})),
    Operation("GET", "/tenants/resources/migrations/v1/tenants/status/{migrationId}", "V", "D"),
    # The users of sub-accounts, whom users of their parents manage; v2 is called with a slash at its end
    Operation(
        "GET", SUB_TENANT_USERS, "U", "C", query=frozenset({"_limit", "_offset", "_filter", "_sortBy", "_order"})
    ),
    Operation("POST", SUB_TENANT_USERS, "U", "C", 201, body=frozenset({"user", "subTenants"})),
    Operation(
        "POST",
        "/identity/resources/sub-tenants/users/v2",
        "U",
        "C",
        201,
        body=frozenset({"users", "tenantId", "roleIds", "allowSubAccountAccess"}),
    ),
    Operation("DELETE", SUB_TENANT_USERS, "U", "C", body=frozenset({"userId", "subTenants"})),
    Operation("POST", f"{SUB_TENANT_USERS}/{{userId}}/roles", "U", "C", 201, body=frozenset({"subTenantsRoles"})),
    Operation("PATCH", f"{SUB_TENANT_USERS}/{{userId}}/roles", "U", "C", body=frozenset({"subTenantsRoles"})),
    Operation("DELETE", f"{SUB_TENANT_USERS}/{{userId}}/roles", "U", "C", body=frozenset({"subTenantsRoles"})),
    # A user's own profile
    Operation("GET", "/identity/resources/users/v2/me", "U", "D"),
    Operation("GET", "/identity/resources/users/v3/me", "U", "D"),
    Operation(
        "PUT",
        "/identity/resources/users/v2/me",
        "U",
        "D",
        body=frozenset({"phoneNumber", "profilePictureUrl", "metadata", "name"}),
    ),
    Operation("GET", "/identity/resources/users/v1/me/authorization", "U", "D"),
    # Invitations to a tenant, general ones and those of users
    Operation("POST", f"{INVITES}/v1", "V", "D", 201, body=INVITE_FIELDS | {"tenantId", "userId", "roleIds"}),
    Operation("GET", f"{INVITES}/v1/all", "V", "D"),
    Operation("DELETE", f"{INVITES}/v1/token/{{id}}", "V", "D"),
    Operation("POST", f"{INVITES}/v1/verify", "V", "D", 200, body=frozenset({"token"})),
    Operation("GET", f"{INVITES}/v1/configuration", "V or U", "D"),
    Operation("GET", f"{INVITES}/v1/user", "V+T or U", "D", user_header=True),
    Operation("POST", f"{INVITES}/v1/user", "V+T or U", "D", 201, user_header=True, body=INVITE_FIELDS),
    Operation("POST", f"{INVITES}/v2/user", "V+T or U", "D", 201, user_header=True, body=INVITE_FIELDS | {"roleIds"}),
    Operation("PATCH", f"{INVITES}/v1/user", "V+T or U", "D", user_header=True, body=INVITE_FIELDS),
    Operation("DELETE", f"{INVITES}/v1/user", "V+T or U", "D", user_header=True),
    # JWT templates, and which tokens get which
    Operation("POST", JWT_TEMPLATES, "V", "D", 201, body=JWT_TEMPLATE_FIELDS),
    Operation(
        "GET",
        JWT_TEMPLATES,
        "V",
        "D",
        query=frozenset({"keys", "ids", "_limit", "_offset", "_sortBy", "_order"}),
    ),
    Operation("GET", f"{JWT_TEMPLATES}/{{id}}", "V", "D"),
    Operation("PUT", f"{JWT_TEMPLATES}/{{id}}", "V", "D", body=JWT_TEMPLATE_FIELDS),
    Operation("DELETE", f"{JWT_TEMPLATES}/{{id}}", "V", "D", 204),
    Operation("GET", JWT_TARGETING, "V", "D"),
    Operation("POST", JWT_TARGETING, "V", "D", 201, body=frozenset({"rules"})),
    Operation("PUT", JWT_TARGETING, "V", "D", body=frozenset({"rules"})),
    Operation("PATCH", f"{JWT_TARGETING}/{{id}}", "V", "D", body=frozenset({"rules"})),
    Operation("DELETE", f"{JWT_TARGETING}/{{id}}", "V", "D"),
    Operation("GET", USER_SOURCES, "V", "D"),
    Operation("GET", f"{USER_SOURCES}/{{id}}", "V", "D"),
    Operation("GET", f"{USER_SOURCES}/{{id}}/users", "V", "D", query=frozenset({"_limit", "_offset"})),
    *(
        Operation("POST", f"{USER_SOURCES}/{kind}", "V", "D", 201, body=USER_SOURCE_FIELDS | {"appIds"})
        for kind in USER_SOURCE_TYPES
    ),
    *(
        Operation("PUT", f"{USER_SOURCES}/{kind}/{{id}}", "V", "D", body=USER_SOURCE_FIELDS)
        for kind in USER_SOURCE_TYPES
    ),
    Operation("DELETE", f"{USER_SOURCES}/{{id}}", "V", "D"),
    Operation("POST", f"{USER_SOURCES}/assign", "V", "D", 201, body=USER_SOURCE_APPLICATIONS),
    Operation("POST", f"{USER_SOURCES}/unassign", "V", "D", 201, body=USER_SOURCE_APPLICATIONS),
    # Hierarchy
    Operation("POST", "/tenants/resources/hierarchy/v1", "V", "D", 201, body=HIERARCHY_PAIR),
    Operation("DELETE", "/tenants/resources/hierarchy/v1", "V", "C", body=HIERARCHY_PAIR),
    Operation("GET", "/tenants/resources/hierarchy/v1", "V+T or U", "D"),
    Operation("GET", "/tenants/resources/hierarchy/v1/tree", "V+T or U", "D"),
    Operation("GET", "/tenants/resources/hierarchy/v1/parents", "V+T or U", "D"),
    Operation("GET", "/tenants/resources/hierarchy/v1/parents/{tenantId}", "U", "C"),
    Operation(
        "GET",
        "/tenants/resources/hierarchy/v2",
        "V+T or U",
        "C",
        query=frozenset({"_limit", "_offset", "_filter", "_subTenantId", "_sortBy", "_order"}),
    ),
    Operation("GET", "/tenants/resources/hierarchy/v2/metadata", "V+T or U", "C", query=frozenset({"_tenantIds"})),
    # Sub-accounts
    Operation("POST", "/tenants/resources/sub-tenants/v1", "V or U", "D", 201, body=SUB_TENANT_FIELDS),
    Operation("PATCH", "/tenants/resources/sub-tenants/v1/{tenantId}", "V or U", "C", body=frozenset({"name"})),
    Operation(
        "PUT",
        "/tenants/resources/sub-tenants/v1/{tenantId}/management",
        "V or U",
        "D",
        body=frozenset({"isReseller"}),
    ),
    Operation(
        "PUT",
        "/tenants/resources/sub-tenants/v1/{tenantId}/hierarchy-settings",
        "V or U",
        "D",
        body=frozenset({"subAccountAccessType"}),
    ),
    Operation("DELETE", "/tenants/resources/sub-tenants/v1/{tenantId}", "V or U", "D"),
    Operation(
        "PUT",
        "/identity/resources/sub-tenants/users/v1/{userId}/access",
        "V or U",
        "D",
        body=frozenset({"allowAccess"}),
    ),
    # Their users
    Operation(
        "POST",
        "/identity/resources/tenants/users/v1/count",
        "V or U",
        "C",
        201,
        body=frozenset({"tenantIds", "excludeInvisibleUsers"}),
    ),
    Operation(
        "PUT",
        "/identity/resources/users/v1/tenants/migrate",
        "V",
        "D",
        body=frozenset({"srcTenantId", "targetTenantId"}),
    ),
    # SSO of a tenant; v2 has the tenant in the body, and shipped clients send skipEmailDomainValidation there
    Operation("POST", SSO_V2, "V", "C", 201, body=SSO_FIELDS | {"tenantId", "skipEmailDomainValidation"}),
    Operation(
        "PATCH", f"{SSO_V2}/{{configurationId}}", "V", "C", body=SSO_FIELDS | {"tenantId", "skipEmailDomainValidation"}
    ),
    Operation("POST", SSO, "V+T or U", "D", 201, body=SSO_FIELDS),
    Operation("GET", SSO, "V+T or U", "D"),
    Operation("PATCH", f"{SSO}/{{configurationId}}", "V+T or U", "D", body=SSO_FIELDS),
    Operation("DELETE", f"{SSO}/{{configurationId}}", "V+T or U", "D"),
    Operation("POST", f"{SSO}/metadata", "V+T or U", "D", 201, body=frozenset({"metadata"})),
    Operation("PUT", f"{SSO}/{{configurationId}}/metadata", "V+T or U", "D", body=frozenset({"metadata"})),
    Operation("POST", f"{SSO}/{{configurationId}}/domains", "V+T or U", "D", 201, body=frozenset({"domain"})),
    Operation("DELETE", f"{SSO}/{{configurationId}}/domains/{{domainId}}", "V+T or U", "D"),
    Operation("PUT", f"{SSO}/{{configurationId}}/domains/{{domainId}}/validate/email", "V+T or U", "D"),
    Operation("PUT", f"{SSO_V2}/{{configurationId}}/domains/{{domainId}}/validate", "V+T or U", "D"),
    Operation("PUT", f"{SSO}/{{configurationId}}/roles", "V+T or U", "D", 201, body=frozenset({"roleIds"})),
    Operation("GET", f"{SSO}/{{configurationId}}/roles", "V+T or U", "D"),
    Operation("POST", f"{SSO}/{{configurationId}}/groups", "V+T or U", "D", 201, body=frozenset({"group", "roleIds"})),
    Operation("GET", f"{SSO}/{{configurationId}}/groups", "V+T or U", "D"),
    Operation(
        "PATCH", f"{SSO}/{{configurationId}}/groups/{{groupId}}", "V+T or U", "D", body=frozenset({"group", "roleIds"})
    ),
    Operation("DELETE", f"{SSO}/{{configurationId}}/groups/{{groupId}}", "V+T or U", "D"),
    Operation("GET", f"{SAML}/sp-metadata", "V+T or U", "D"),
    # SSO of the environment
    Operation("GET", f"{SAML}/vendor-config", "V", "D"),
    Operation("GET", f"{SAML}/sp-certificate", "V", "D"),
    Operation("POST", f"{SSO}/excluded-emails", "V", "D", 201, body=frozenset({"email"})),
    Operation("GET", f"{SSO}/excluded-emails", "V", "D"),
    Operation("DELETE", f"{SSO}/excluded-emails/{{email}}", "V", "D"),
    Operation("PUT", f"{SSO}/domains/{{domain}}/force-validate", "V", "D", body=frozenset({"validated", "tenantId"})),
    Operation("GET", f"{SSO}/multiple-sso-per-domain", "V", "D"),
    Operation(
        "PUT",
        f"{SSO}/multiple-sso-per-domain",
        "V",
        "D",
        201,
        body=frozenset({"unspecifiedTenantStrategy", "active", "useActiveTenant"}),
    ),
    Operation("GET", f"{SSO}/domains", "V", "D"),
    Operation(
        "PUT",
        f"{SSO}/domains",
        "V",
        "D",
        201,
        body=frozenset({"allowVerifiedUsersToAddDomains", "skipDomainVerification", "bypassDomainCrossValidation"}),
    ),
    Operation("GET", OIDC, "V", "D", 201),
    Operation("POST", OIDC, "V", "D", 201, body=frozenset({"active", "redirectUri"})),
    # Roles; admin portals call them with the tokens of users, about their own tenant
    Operation("GET", ROLES, "V or V+T or U", "D"),
    Operation(
        "GET",
        "/identity/resources/roles/v2",
        "V or V+T or U",
        "D",
        query=frozenset({"_limit", "_offset", "_filter", "_sortBy", "_order", "_levels", "_tenantIds"}),
    ),
    Operation("POST", ROLES, "V or V+T or U", "D", 201, body=ROLE_FIELDS),
    Operation(
        "POST",
        "/identity/resources/roles/v2",
        "V+T or U",
        "D",
        body=frozenset({"key", "name", "description", "isDefault", "baseRoleId", "permissionIds"}),
    ),
    Operation("PATCH", f"{ROLES}/{{roleId}}", "V or V+T or U", "D", body=ROLE_FIELDS),
    Operation("DELETE", f"{ROLES}/{{roleId}}", "V or V+T or U", "D", 204),
    Operation("PUT", f"{ROLES}/{{roleId}}/permissions", "V or V+T or U", "D", body=frozenset({"permissionIds"})),
    Operation("PUT", f"{ROLES}/{{roleId}}/tenant", "V", "D", body=frozenset({"tenantId"})),
    # Permissions
    Operation("GET", PERMISSIONS, "V or U", "D"),
    Operation("POST", PERMISSIONS, "V", "D", 201, body=PERMISSION_FIELDS),
    Operation("PATCH", f"{PERMISSIONS}/{{permissionId}}", "V", "D", body=PERMISSION_FIELDS),
    Operation("DELETE", f"{PERMISSIONS}/{{permissionId}}", "V", "D", 204),
    Operation("PUT", f"{PERMISSIONS}/{{permissionId}}/roles", "V", "D", body=frozenset({"roleIds"})),
    Operation("GET", f"{PERMISSIONS}/categories", "V or U", "D"),
    Operation("POST", f"{PERMISSIONS}/categories", "V", "D", 201, body=frozenset({"name", "description"})),
    Operation("PATCH", f"{PERMISSIONS}/categories/{{categoryId}}", "V", "D", body=frozenset({"name", "description"})),
    Operation("DELETE", f"{PERMISSIONS}/categories/{{categoryId}}", "V", "D"),
    # Groups
    Operation("GET", GROUPS, "V+T or U", "D", query=RELATIONS),
    Operation(
        "GET",
        "/identity/resources/groups/v2",
        "V+T or U",
        "D",
        query=RELATIONS | {"_limit", "_offset", "_sortBy", "_order"},
    ),
    Operation("GET", f"{GROUPS}/{{groupId}}", "V+T or U", "D", query=RELATIONS),
    Operation("POST", f"{GROUPS}/bulkGet", "V+T or U", "D", 201, query=RELATIONS, body=frozenset({"groupsIds"})),
    Operation("POST", GROUPS, "V+T or U", "D", 201, body=GROUP_FIELDS),
    Operation("PATCH", f"{GROUPS}/{{groupId}}", "V+T or U", "D", body=GROUP_FIELDS),
    Operation("DELETE", f"{GROUPS}/{{groupId}}", "V+T or U", "D"),
    Operation("POST", f"{GROUPS}/{{groupId}}/roles", "V+T or U", "D", 201, body=frozenset({"roleIds"})),
    Operation("DELETE", f"{GROUPS}/{{groupId}}/roles", "V+T or U", "D", body=frozenset({"roleIds"})),
    Operation("POST", f"{GROUPS}/{{groupId}}/users", "V+T or U", "D", 201, body=frozenset({"userIds"})),
    Operation("DELETE", f"{GROUPS}/{{groupId}}/users", "V+T or U", "D", body=frozenset({"userIds"})),
    Operation("GET", f"{GROUPS}/config", "V or U", "D"),
    Operation("POST", f"{GROUPS}/config", "V", "D", 201, body=frozenset({"enabled", "rolesEnabled"})),
    # Applications
    Operation(
        "GET",
        APPLICATIONS,
        "V or U",
        "D",
        query=frozenset(
            {
                "_accessType",
                "_isDefault",
                "_isActive",
                "ids",
                "type",
                "frontendStack",
                "name",
                "_excludeAgents",
            }
        ),
    ),
    Operation("GET", f"{APPLICATIONS}/default", "V", "D"),
    Operation("GET", f"{APPLICATIONS}/{{appId}}", "V", "D"),
    Operation("POST", APPLICATIONS, "V", "D", 201, body=APPLICATION_FIELDS),
    Operation("PATCH", f"{APPLICATIONS}/{{appId}}", "V", "D", 201, body=APPLICATION_FIELDS | {"appHost"}),
    Operation("DELETE", f"{APPLICATIONS}/{{appId}}", "V", "D"),
    # The tenants and users that have them
    Operation("GET", f"{ASSIGNMENTS}/v1", "V+T or U", "D", query=ASSIGNMENT_QUERY),
    Operation("GET", f"{ASSIGNMENTS}/v2", "V+T or U", "D", query=ASSIGNMENT_QUERY),
    Operation("GET", f"{ASSIGNMENTS}/v1/{{appId}}", "V", "D"),
    Operation("POST", f"{ASSIGNMENTS}/v1/{{appId}}", "V", "D", 201, body=frozenset({"tenantId", "accessType"})),
    Operation("PUT", f"{ASSIGNMENTS}/v1/{{appId}}/{{tenantId}}", "V", "D", body=frozenset({"accessType"})),
    Operation("DELETE", f"{ASSIGNMENTS}/v1/{{appId}}/{{tenantId}}", "V", "D"),
    Operation("POST", "/identity/resources/applications/v1", "V", "D", 201, body=APPLICATION_USERS),
    Operation("DELETE", "/identity/resources/applications/v1", "V", "D", body=APPLICATION_USERS),
    Operation("GET", "/identity/resources/applications/v1/{appId}/users", "V", "D"),
    Operation("GET", "/identity/resources/applications/v1/{userId}/apps", "V or U", "D"),
    # A user's own tenants, or those of the user whom an environment's call names
    Operation("GET", "/identity/resources/users/v2/me/tenants", "V or U", "D", user_header=True),
    Operation("GET", "/identity/resources/users/v3/me/tenants", "U", "C"),
    Operation("GET", "/identity/resources/users/v2/me/hierarchy", "U", "D"),
    Operation(
        "PUT",
        "/identity/resources/users/v1/tenant",
        "V+T or U",
        "D",
        user_header=True,
        body=frozenset({"tenantId"}),
    ),
    # Users; tokens of users and of tenants are about their own tenant. That the roles of users take them is assumed
    Operation("GET", f"{USERS}/v3", "V or V+T or U", "D", query=USERS_QUERY),
    Operation("GET", f"{USERS}/v3/roles", "V+T or U", "L", query=frozenset({"ids"})),
    Operation("GET", f"{USERS}/v3/groups", "V+T or U", "L", query=frozenset({"ids"})),
    Operation("GET", "/identity/resources/vendor-only/users/v1/{userId}", "V", "D"),
    Operation("GET", f"{USERS}/v1/{{userId}}", "V+T or U", "D"),
    Operation("GET", f"{USERS}/v1/email", "V", "D", query=frozenset({"email"})),
    Operation("GET", f"{USERS}/v1", "V or V+T", "L", query=frozenset({"_limit", "_offset"})),
    Operation("GET", f"{USERS}/v2", "V+T or U", "C", query=frozenset({"_limit", "_offset", "_sortBy", "_order"})),
    Operation("POST", f"{USERS}/v2", "V+T or U", "D", 201, body=INVITATION_FIELDS),
    Operation("POST", f"{USERS}/v1", "V+T", "D", 201, body=INVITATION_FIELDS),
    Operation("POST", f"{USERS}/v1/invitation/reset", "V+T or U", "D", body=frozenset({"email"})),
    Operation("POST", f"{USERS}/v1/invitation/reset/all", "V+T or U", "D", body=frozenset({"email"})),
    Operation("POST", f"{USERS}/bulk/v1/invite", "V+T", "D", 202, body=frozenset({"users"})),
    Operation("GET", f"{USERS}/bulk/v1/status/{{id}}", "V", "D"),
    Operation("GET", ACTIVE_TENANTS, "V", "D", user_header=True),
    Operation("PUT", ACTIVE_TENANTS, "V", "D", user_header=True, body=frozenset({"activeApplicationTenants"})),
    Operation("POST", f"{USER_MIGRATIONS}/v1/local", "V", "D", 201, body=MIGRATED_USER),
    Operation("POST", f"{USER_MIGRATIONS}/v1/local/bulk", "V", "D", 202, body=frozenset({"users"})),
    Operation("GET", f"{USER_MIGRATIONS}/v1/local/bulk/status/{{migrationId}}", "V", "D"),
    Operation("POST", f"{USER_MIGRATIONS}/v2/local/bulk", "V", "D", 202, body=frozenset({"users"})),
    Operation("POST", f"{USER_MIGRATIONS}/v1/auth0", "V", "D", 201, body=AUTH0_MIGRATION),
    Operation("PUT", f"{USERS}/v1", "V+T", "D", user_header=True, body=USER_FIELDS),
    Operation(
        "PUT", f"{USERS}/v1/{{userId}}", "V", "D", body=USER_FIELDS | {"vendorMetadata", "mfaBypass", "externalId"}
    ),
    Operation("DELETE", f"{USERS}/v1/{{userId}}", "V or V+T or U", "D"),
    Operation("PUT", f"{USERS}/v1/{{userId}}/email", "V", "D", body=frozenset({"email"})),
    Operation(
        "POST",
        f"{USERS}/v1/{{userId}}/tenant",
        "V",
        "D",
        201,
        body=frozenset({"tenantId", "validateTenantExist", "skipInviteEmail"}),
    ),
    Operation("PUT", f"{USERS}/v1/{{userId}}/tenant", "V", "D", body=frozenset({"tenantId", "validateTenantExist"})),
    Operation("POST", f"{USERS}/v1/{{userId}}/roles", "V+T or U", "D", 201, body=frozenset({"roleIds"})),
    Operation("DELETE", f"{USERS}/v1/{{userId}}/roles", "V+T or U", "D", body=frozenset({"roleIds"})),
    Operation(
        "PATCH",
        "/identity/resources/vendor-only/users/v1/{userId}/roles/bulk",
        "V",
        "D",
        body=frozenset({"addRoleIds", "removeRoleIds", "tenantIds"}),
    ),
    Operation("GET", "/identity/resources/vendor-only/users/v1/bulk-roles/status/{taskId}", "V", "D"),
    # Flags of users, temporary users, and links; that the header names the tenant of a temporary user is assumed
    Operation("PUT", f"{USERS}/v1/{{userId}}/invisible", "V", "D", body=frozenset({"invisible"})),
    Operation("PUT", f"{USERS}/v1/{{userId}}/superuser", "V", "D", body=frozenset({"superUser"})),
    Operation("PUT", f"{TEMPORARY}/{{userId}}", "V+T or U", "D", 201, body=frozenset({"expirationInSeconds"})),
    Operation("DELETE", f"{TEMPORARY}/{{userId}}", "V+T or U", "D"),
    Operation("GET", f"{TEMPORARY}/configuration", "V or U", "D"),
    Operation("PUT", f"{TEMPORARY}/configuration", "V", "D", body=frozenset({"enabled"})),
    Operation("POST", "/identity/resources/vendor-only/users/v1/{userId}/mfa/unenroll", "V", "D"),
    Operation("POST", f"{USERS}/v1/{{userId}}/links/generate-activation-token", "V", "D", 201),
    Operation("POST", f"{USERS}/v1/{{userId}}/links/generate-password-reset-token", "V", "D", 201),
    Operation("POST", "/identity/resources/vendor-only/users/v1", "V", "D", 201, body=NEW_USER_FIELDS),
    Operation("GET", f"{USERS}/v1/query/phrase", "V or V+T", "D", query=PHRASE_QUERY),
    # Passwords; what a log-in box calls has no token, and shipped clients send the older reset an email only
    Operation("POST", f"{PASSWORDS}/change", "V or U", "D", 201, True, body=frozenset({"password", "newPassword"})),
    Operation("POST", f"{PASSWORDS}/reset", "none", "D", 201, body=IDENTIFIER_FIELDS | {"email"}),
    Operation("POST", f"{PASSWORDS}/reset/verify", "V", "D", 201, body=frozenset({"userId", "token", "password"})),
    Operation("POST", f"{PASSWORDS}/reset/validate", "none", "C", 201, body=frozenset({"userId", "token"})),
    Operation("POST", f"{PASSWORDS}/breached/reset/bulk", "U", "C", 201),
    Operation("GET", f"{PASSWORDS}/config", "V or U", "D", query=frozenset({"userId"})),
    Operation("POST", f"{USERS}/v2/passwords/reset/email", "V", "D", body=IDENTIFIER_FIELDS),
    Operation("POST", f"{USERS}/v2/passwords/reset/sms", "none", "D", body=IDENTIFIER_FIELDS),
    Operation("POST", f"{USERS}/v2/passwords/reset/sms/verify", "none", "D", body=frozenset({"otcToken", "sessionId"})),
    Operation("POST", VERIFY_PASSWORD, "V", "D", body=frozenset({"email", "password"})),
    Operation("GET", "/identity/resources/configurations/v1/password-recovery/strategies", "none", "C"),
    # Activation, acceptance of invitations, and sign-up: what a log-in box calls has no token
    Operation("POST", f"{USERS}/v1/activate", "none", "D", body=ACTIVATION_FIELDS),
    Operation("POST", f"{USERS}/v1/activate/code", "none", "D", body=ACTIVATION_FIELDS | {"code"}),
    Operation("GET", f"{USERS}/v1/activate/strategy", "none", "D", query=frozenset({"userId", "token"})),
    Operation("POST", f"{USERS}/v1/activate/reset", "none", "D", 201, body=frozenset({"email", "emailMetadata"})),
    Operation("POST", f"{USERS}/v1/invitation/accept", "none", "D", body=frozenset({"userId", "token"})),
    Operation("POST", f"{USERS}/v1/invitation/accept/code", "none", "D", body=frozenset({"userId", "token", "code"})),
    Operation("POST", f"{USERS}/v1/signUp", "none", "D", 201, body=SIGN_UP_FIELDS),
    Operation("POST", f"{USERS}/v1/signUp/username", "none", "D", 201, body=SIGN_UP_FIELDS),
    Operation("GET", f"{CONFIGURATIONS}/sign-up/strategies", "none", "C"),
    Operation("GET", f"{CONFIGURATIONS}/activation/strategies", "V", "D"),
    Operation(
        "POST", f"{CONFIGURATIONS}/activation/strategies", "V", "D", body=frozenset({"strategy", "codeExpiration"})
    ),
    Operation("GET", f"{CONFIGURATIONS}/invitation/strategies", "V", "D"),
    Operation("POST", f"{CONFIGURATIONS}/invitation/strategies", "V", "D", body=frozenset({"codeExpiration"})),
    Operation("POST", f"{USERS}/v3/me/token", "U", "C", 201, body=frozenset({"tenantId"})),
    Operation(
        "GET",
        "/identity/resources/tenants/users/v1/statuses",
        "V",
        "D",
        query=frozenset({"userIds", "userTenantStatuses"}),
    ),
    Operation("POST", "/identity/resources/tenants/users/v1/{userId}/disable", "V+T or U", "D"),
    Operation("POST", "/identity/resources/tenants/users/v1/{userId}/enable", "V+T or U", "D"),
    Operation("POST", f"{USERS}/v1/{{userId}}/lock", "V", "D"),
    Operation("POST", f"{USERS}/v1/{{userId}}/unlock", "V", "D"),
    Operation("POST", f"{USERS}/v1/{{userId}}/verify", "V", "D"),
    Operation("GET", f"{USERS}/sessions/v1/me", "V or V+T or U", "L", user_header=True),
    Operation("DELETE", f"{USERS}/sessions/v1/me/{{id}}", "V or V+T or U", "L", user_header=True),
    Operation("DELETE", f"{USERS}/sessions/v1/me/all", "V or V+T or U", "L", user_header=True),
    Operation("POST", f"{USERS}/v1/mfa/disable", "V+T", "L", user_header=True),
    # E-mail addresses, phone numbers and user names of users
    Operation("GET", EMAILS, "V or U", "D", query=EMAILS_QUERY),
    Operation("POST", f"{EMAILS}/vendor/{{userId}}", "V", "D", 201, body=frozenset({"email", "isVerified"})),
    Operation("DELETE", f"{EMAILS}/vendor/{{userId}}/{{emailId}}", "V", "D"),
    Operation("POST", f"{EMAILS}/vendor/{{userId}}/primary", "V", "D", body=frozenset({"email"})),
    Operation("GET", f"{EMAILS}/me", "U", "D"),
    Operation("POST", EMAILS, "U", "D", 201, body=frozenset({"email"})),
    Operation("POST", f"{EMAILS}/verify", "U", "D", body=frozenset({"code", "email"})),
    Operation("DELETE", f"{EMAILS}/{{emailId}}", "U", "D"),
    Operation("POST", f"{EMAILS}/me/primary", "U", "D", body=frozenset({"email"})),
    Operation("POST", f"{USERS}/v1/email/me", "U", "D", body=frozenset({"email"})),
    Operation("POST", f"{USERS}/v1/email/me/verify", "U", "D", body=frozenset({"code", "email"})),
    Operation("GET", f"{PHONES}/v1", "V or U", "D", query=PHONES_QUERY),
    Operation("GET", f"{PHONES}/v2", "V or U", "D", query=PHONES_QUERY | {"userIds"}),
    Operation("POST", f"{PHONES}/v1/vendor/{{userId}}", "V", "D", 201, body=frozenset({"phoneNumber"})),
    Operation("DELETE", f"{PHONES}/v1/vendor/{{userId}}/{{phoneId}}", "V", "D"),
    Operation("GET", f"{PHONES}/v1/me", "U", "D"),
    Operation("POST", f"{PHONES}/v1", "U", "D", 201, body=frozenset({"phoneNumber", "verify"})),
    Operation("POST", f"{PHONES}/v1/preverify", "U", "D", body=frozenset({"phoneNumber"})),
    Operation("POST", f"{PHONES}/v1/verify", "U", "D", body=frozenset({"otcToken", "code"})),
    Operation("DELETE", f"{PHONES}/v1/{{id}}", "U", "D"),
    Operation("POST", f"{PHONES}/v1/{{id}}/delete/verify", "U", "D", body=frozenset({"otcToken", "code"})),
    Operation("POST", f"{USERS}/v1/phone", "U", "C", 201, body=frozenset({"phoneNumber"})),
    Operation("POST", f"{USERS}/v1/phone/reset", "none", "C", 201, body=frozenset({"email"})),
    Operation(
        "POST",
        f"{USERS}/v1/phone/reset/verify",
        "none",
        "C",
        201,
        body=frozenset({"resetPhoneNumberToken", "code"}),
    ),
    Operation(
        "PUT", f"{USERS}/v1/phone/change", "none", "C", body=frozenset({"changePhoneNumberToken", "phoneNumber"})
    ),
    Operation("POST", f"{USERS}/v1/phone/verify", "U", "C", 201, body=frozenset({"changePhoneId", "code"})),
    Operation(
        "GET",
        USERNAMES,
        "V or U",
        "D",
        query=frozenset({"_limit", "_offset", "_sortBy", "_order", "_usernamePrefix", "userIds", "usernames"}),
    ),
    Operation("POST", USERNAMES, "U", "D", 201, body=frozenset({"username"})),
    Operation("DELETE", f"{USERNAMES}/{{username}}", "U", "D"),
    Operation("GET", f"{USERNAMES}/me", "U", "D"),
    # The portal's older route for the members of a user's own tenant
    Operation("GET", MEMBERS, "U", "C", query=frozenset({"pageOffset", "pageSize"})),
    Operation("PUT", MEMBERS, "U", "C", body=frozenset({"id", "email", "roleIds"})),
    Operation("DELETE", f"{MEMBERS}/{{userId}}", "U", "C"),
    # What only the portal calls
    Operation("POST", f"{MEMBERS}/{{userId}}/resendActivationEmail", "U", "C", 201),
    Operation("GET", "/team/resources/stats/v1/members", "U", "C"),
    Operation("GET", "/team/resources/roles/v1", "U", "C"),
    Operation("GET", "/identity/resources/users/sessions/v1/me/current", "U", "C"),
    Operation("POST", "/identity/resources/users/sessions/v1/revoke", "U", "C", 201, body=frozenset({"userId"})),
    Operation("GET", "/directory/resources/scim/temp/{id}/Users/count", "U", "C"),
    *(
        Operation(method, path, "U", "C", status, body=frozenset({"url", "configMetadata"}))
        for method, path, status in (
            ("POST", "/team/resources/sso/v1/configurations/metadata-url", 201),
            ("PUT", "/team/resources/sso/v1/configurations/{configurationId}/metadata-url", 200),
        )
    ),
    Operation("PUT", "/team/resources/sso/v1/configurations/{configurationId}/domains/{domainId}/validate", "U", "C"),
    # Definitions of events, of which the portal reads the catalogue
    Operation("GET", EVENTS, "V or U", "L"),
    Operation("GET", f"{EVENTS}/categories", "V or U", "C"),
    Operation("POST", EVENTS, "V", "L", 201, body=frozenset({"key", "displayName", "description", "categoryId"})),
    Operation("DELETE", f"{EVENTS}/{{id}}", "V", "L"),
    # Webhooks: an environment's token without a tenant header was refused with 403
    Operation("GET", "/webhook", "V+T or U", "L"),
    Operation("POST", "/webhook/custom", "V+T or U", "C", 201, body=WEBHOOK_FIELDS),
    Operation("PATCH", "/webhook/{id}", "V+T or U", "C", body=WEBHOOK_FIELDS),
    Operation("DELETE", "/webhook/{id}", "V+T or U", "C"),
    Operation("GET", "/webhook/logs", "V+T or U", "C", query=frozenset({"id", "offset", "limit"})),
    Operation("POST", "/webhook/logs/{logId}/retries", "V+T or U", "C", 201),
    Operation("POST", "/webhook/test", "V+T or U", "C", 201, body=frozenset({"url", "secret", "payload"})),
    # Prehooks
    Operation("GET", PREHOOKS, "V", "C"),
    Operation("POST", PREHOOKS, "V", "C", 201, body=PREHOOK_FIELDS | {"type"}),
    Operation("PATCH", f"{PREHOOKS}/{{id}}", "V", "C", body=PREHOOK_FIELDS),
    Operation("DELETE", f"{PREHOOKS}/{{id}}", "V", "C"),
    # Entitlements: the whole environment, and what differs after each change
    Operation("GET", "/entitlements/api/v2/user-entitlements", "U", "C"),
    Operation("GET", "/entitlements/api/v1/vendor-entitlements", "V", "C"),
    Operation("GET", "/entitlements/api/v1/vendor-entitlements-snapshot-offset", "V", "C"),
    Operation(
        "GET",
        "/entitlements/resources/features/v1",
        "V",
        "D",
        query=ITEM_QUERY | {"featureIds", "featureKeys", "permissionKeys", "hasFeatureFlag"},
    ),
    Operation("POST", "/entitlements/resources/features/v1", "V", "D", body=FEATURE_FIELDS),
    Operation("PATCH", "/entitlements/resources/features/v1/{id}", "V", "D", body=FEATURE_FIELDS),
    Operation("DELETE", "/entitlements/resources/features/v1/{id}", "V", "D"),
    Operation("GET", FEATURE_FLAGS, "V", "D", query=ITEM_QUERY),
    Operation("POST", FEATURE_FLAGS, "V", "D", body=FEATURE_FLAG_FIELDS),
    Operation("GET", f"{FEATURE_FLAGS}/{{id}}", "V", "D"),
    Operation("PATCH", f"{FEATURE_FLAGS}/{{id}}", "V", "D", body=FEATURE_FLAG_FIELDS),
    Operation("DELETE", f"{FEATURE_FLAGS}/{{id}}", "V", "D"),
    Operation("GET", FEATURE_PLANS, "V", "D", query=ITEM_QUERY | {"featureIds", "userIds", "tenantIds"}),
    Operation("POST", FEATURE_PLANS, "V", "D", body=FEATURE_PLAN_FIELDS),
    Operation("GET", f"{FEATURE_PLANS}/{{id}}", "V", "D"),
    Operation("PATCH", f"{FEATURE_PLANS}/{{id}}", "V", "D", body=FEATURE_PLAN_FIELDS),
    Operation("DELETE", f"{FEATURE_PLANS}/{{id}}", "V", "D"),
    Operation(
        "GET",
        f"{FEATURE_PLANS}/{{id}}/features",
        "V",
        "D",
        query=ITEM_QUERY | {"featureIds", "featureKeys", "permissionKeys", "hasFeatureFlag"},
    ),
    Operation("PATCH", f"{FEATURE_PLANS}/{{id}}/features/link", "V", "D", body=frozenset({"featuresIds"})),
    Operation("PATCH", f"{FEATURE_PLANS}/{{id}}/features/unlink", "V", "D", body=frozenset({"featuresIds"})),
    Operation(
        "GET",
        "/entitlements/resources/entitlements/v2",
        "V",
        "D",
        query=(ITEM_QUERY - {"filter"}) | {"planId", "planIds", "tenantIds", "userIds", "assignLevel", "withRelations"},
    ),
    Operation("GET", "/entitlements/resources/entitlements/v2/{id}", "V", "D"),
    Operation("POST", "/entitlements/resources/entitlements/v2/batch", "V", "D", body=frozenset({"entitlements"})),
    Operation("PATCH", "/entitlements/resources/entitlements/v2/batch", "V", "D", body=frozenset({"entitlements"})),
    Operation("DELETE", "/entitlements/resources/entitlements/v2/batch", "V", "D", query=frozenset({"ids"})),
)
