"""The rules of security policies. Each kind of policy has its own defaults and ways of reading and writing."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping, Sequence
from typing import Final, TypeVar, cast

import attrs
import msgspec

from frontegg_async._values.json_values import JsonValue
from frontegg_async.emulator.services.applications.given_ids import APPLICATION_HEADER
from frontegg_async.emulator.services.security.rows import (
    CountryRow,
    EmailDomainRow,
    IpRestrictionRow,
    PolicyRow,
    policy_id,
)
from frontegg_async.emulator.services.security.switches import SecuritySwitches
from frontegg_async.emulator.services.support.common import find_tenant
from frontegg_async.emulator.services.support.emulated_response import EmulatedResponse, service_error, validation_error
from frontegg_async.emulator.services.support.incoming_call import IncomingCall
from frontegg_async.emulator.services.support.paging import page_response, read_paging, start_of
from frontegg_async.emulator.services.support.rule import Rule, Run, Tag
from frontegg_async.emulator.store.table_row import TableRow
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment
from frontegg_async.models.environment_policies import MfaStrategy

_R = TypeVar("_R", bound=TableRow)

_DAY: Final = 86_400

NUMBERS: Final[Mapping[str, tuple[int, int]]] = {
    "maxAttempts": (1, 2**31),
    "historySize": (1, 10),
    "rotationPeriod": (1, 2_628_000),
    "notificationPeriod": (0, 2_628_000),
    "minScore": (0, 1),
    "sms.tokenLifetimeSeconds": (300, 2**31),
    "email.tokenLifetimeSeconds": (300, 2**31),
    "sessionIdleTimeoutConfiguration.timeout": (60, 24 * _DAY),
    "sessionTimeoutConfiguration.timeout": (60, 2**31),
    "sessionConcurrentConfiguration.maxSessions": (1, 2**31),
}
"""The smallest and the largest allowed number for each field of policies and of their nested objects."""

_NO_SPACE: Final = r"[^\s\u001c-\u001f\u0085]*"
RESTRICTED_DOMAIN: Final = rf"^{_NO_SPACE}\.{_NO_SPACE}$"
"""The pattern of domains in restrictions. It lists white space that the patterns of JSON Schema do not include."""
COUNTRY: Final = r"^[A-Z]{2}$"
_COUNTRY: Final = re.compile(COUNTRY)
_DOMAIN: Final = re.compile(RESTRICTED_DOMAIN)


@attrs.frozen(kw_only=True)
class _Kind:
    """A kind of security policy.

    Args:
        name: The name of the kind in the ids of policies.
        missing: The error message of a read if there is no policy. Without this message, the read returns the defaults.
        defaults: The values of the fields that were never written.
        read_as: The names in responses of fields that have other names in requests.
        is_bare: Whether responses contain neither the id nor the times of the policy.
        names_tenant: Whether responses contain the id of the tenant.
        by_application: Whether each application can have a policy of its own, besides the policy without an
            application.
    """

    name: str
    missing: str = ""
    defaults: Mapping[str, object] = attrs.field(factory=dict[str, object])
    read_as: Mapping[str, str] = attrs.field(factory=dict[str, str])
    is_bare: bool = False
    names_tenant: bool = False
    by_application: bool = False

    def find(self, environment: EmulatedEnvironment, call: IncomingCall) -> PolicyRow | None:
        """Return the policy that a request concerns.

        Raises:
            RequestRefusedError: 404 if the tenant does not exist, 403 without a tenant if a switch requires a tenant.
        """
        if call.tenant_id:
            find_tenant(environment.state, call.tenant_id)
        elif environment.switches[SecuritySwitches].policies_without_tenant == "refuse":
            raise service_error(403, "Tenant ID is not specified")
        return environment.state.table(PolicyRow).get(
            policy_id(self.name, call.tenant_id, self._application(environment, call))
        )

    def _application(self, environment: EmulatedEnvironment, call: IncomingCall) -> str:
        has_own = self.by_application and environment.switches[SecuritySwitches].mfa_policy_of == "application"
        return call.headers.get(APPLICATION_HEADER, "") if has_own else ""

    def put(self, environment: EmulatedEnvironment, call: IncomingCall) -> PolicyRow:
        """Write the policy that a request concerns.

        Raises:
            RequestRefusedError: 400 if a number is out of range or the body is empty.
        """
        before = self.find(environment, call)
        if not call.body:
            raise validation_error(["Missing parameters to update"])
        _check_numbers(call.body)
        keeps = before is not None and environment.switches[SecuritySwitches].policies_partial_write == "keep"
        values = {**(before.values if keeps and before is not None else {}), **call.body}
        now = environment.clock.timestamp()
        application_id = self._application(environment, call)
        row = PolicyRow(
            id=policy_id(self.name, call.tenant_id, application_id),
            tenant_id=call.tenant_id,
            application_id=application_id,
            kind=self.name,
            created_at=now if before is None else before.created_at,
            updated_at=now,
            values=values,
        )
        environment.state.put(row)
        return row

    def shown(self, row: PolicyRow | None) -> dict[str, object]:
        """Return a policy in the form of a response."""
        written = {} if row is None else row.values
        values = {**self.defaults, **{self.read_as.get(name, name): value for name, value in written.items()}}
        if self.is_bare or row is None:
            return values
        tenant = {"tenantId": row.tenant_id} if self.names_tenant else {}
        return {"id": row.id, **values, **tenant, "createdAt": row.created_at, "updatedAt": row.updated_at}

    def get_rule(self) -> Run:
        """Return the rule that reads a policy."""

        def get(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
            row = self.find(environment, call)
            if row is None and self.missing:
                raise service_error(404, self.missing)
            return EmulatedResponse(body=self.shown(row))

        return get

    def get_of_environment_rule(self, **absent: object) -> Run:
        """Return the rule that reads the policy of the environment.

        If there is none, the rule returns assumed values.
        """

        def get_of_environment(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
            row = self.find(environment, msgspec.structs.replace(call, tenant_id=""))
            return EmulatedResponse(body={**(absent if row is None else {}), **self.shown(row)})

        return get_of_environment

    def upsert_rule(self, status: int = 200) -> Run:
        """Return the rule that creates or changes a policy."""

        def upsert(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
            return EmulatedResponse(status=status, body=self.shown(self.put(environment, call)))

        return upsert

    def silent_rule(self, status: int = 200) -> Run:
        """Return the rule that writes a policy and sends no body."""

        def write(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
            if environment.switches[SecuritySwitches].policies_kept == "yes":
                self.put(environment, call)
            else:
                self.find(environment, call)
            return EmulatedResponse(status=status)

        return write

    def create_rule(self) -> Run:
        """Return the rule that creates a policy."""

        def create(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
            if self.find(environment, call) is not None:
                raise service_error(409, "The policy already exists. Try to use the update API")
            return EmulatedResponse(status=201, body=self.shown(self.put(environment, call)))

        return create

    def update_rule(self) -> Run:
        """Return the rule that changes a policy."""

        def update(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
            if self.find(environment, call) is None:
                raise service_error(404, self.missing)
            return EmulatedResponse(body=self.shown(self.put(environment, call)))

        return update


def _check_numbers(body: Mapping[str, JsonValue]) -> None:
    for name, (least, most) in NUMBERS.items():
        value: object = body
        for part in name.split("."):
            value = cast("Mapping[str, object]", value).get(part) if isinstance(value, Mapping) else None
        if isinstance(value, int | float) and not least <= value <= most:
            raise validation_error([f"{name} must be from {least} to {most}"])


_MFA: Final = _Kind(
    name="mfa",
    missing="Security Policy not found. MFA is disabled",
    defaults={"enforceMFAType": "Force", "allowRememberMyDevice": False, "mfaDeviceExpiration": 14 * _DAY},
    by_application=True,
)
_LOCKOUT: Final = _Kind(name="lockout", missing="Lockout policy is not defined")
_PASSWORD: Final = _Kind(
    name="password",
    defaults={
        "allowPassphrases": False,
        "maxLength": 128,
        "minLength": 10,
        "minPhraseLength": 6,
        "minOptionalTestsToPass": 2,
        "blockPwnedPasswords": False,
        "optionalTests": {
            "requireLowercase": True,
            "requireUppercase": True,
            "requireNumbers": True,
            "requireSpecialChars": True,
        },
        "requiredTests": {"checkThreeRepeatedChars": True},
    },
    is_bare=True,
)
_HISTORY: Final = _Kind(name="passwordHistory", missing="Password History Policy not found. Policy is disabled")
_ROTATION: Final = _Kind(
    name="passwordRotation",
    missing="Password rotation configuration not found",
    defaults={"isActive": False, "rotationPeriod": 129_600, "notificationPeriod": 10_080},
    names_tenant=True,
)
_SESSIONS: Final = _Kind(name="sessions", missing="Session configuration not found", is_bare=True)
_IP_CONFIG: Final = _Kind(
    name="ipConfig",
    missing="IP restriction configuration not found",
    defaults={"strategy": "BLOCK", "isActive": False},
    is_bare=True,
)
_DOMAIN_CONFIG: Final = _Kind(
    name="emailDomainConfig",
    missing="Domain restrictions configuration not found",
    defaults={"active": False, "listType": "BLOCK", "blockPublicDomains": False},
    read_as={"type": "listType"},
    is_bare=True,
)

_CAPTCHA: Final = _Kind(name="captcha", missing="Captcha policy not found", defaults={"ignoredEmails": ()})

_COUNTRY_CONFIG: Final = _Kind(
    name="countryConfig",
    defaults={"enabled": False, "action": "BLOCK", "failStrategy": "ALLOW", "shouldSendRestrictionEmail": False},
    is_bare=True,
)


_USER_EMAILS: Final = _Kind(name="userEmails", defaults={"allowEmailChange": False}, is_bare=True)
_MFA_CONFIG: Final = _Kind(
    name="mfaConfig",
    defaults={
        "authenticationApp": {"active": True, "serviceName": "Frontegg"},
        "sms": {"active": False, "tokenLifetimeSeconds": 300},
        "email": {"active": False, "tokenLifetimeSeconds": 300, "sender": ""},
    },
    is_bare=True,
)
_MFA_STRATEGIES: Final = _Kind(
    name="mfaStrategies",
    defaults={each.value: each is MfaStrategy.AUTHENTICATOR_APP for each in MfaStrategy},
    is_bare=True,
)


def list_mfa_strategies(environment: EmulatedEnvironment, _call: IncomingCall) -> EmulatedResponse:
    """List the kinds of second factors."""
    row = environment.state.table(PolicyRow).get(policy_id(_MFA_STRATEGIES.name, ""))
    shown = _MFA_STRATEGIES.shown(row)
    return EmulatedResponse(
        body={"strategies": [{"strategy": name, "isActive": active} for name, active in shown.items()]}
    )


def set_mfa_strategy(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Set whether users may use one kind of second factor. Other kinds do not change."""
    row = environment.state.table(PolicyRow).get(policy_id(_MFA_STRATEGIES.name, ""))
    before = cast("Mapping[str, JsonValue]", {} if row is None else row.values)
    changed = {**before, cast("str", call.body["strategy"]): call.body["isActive"]}
    _MFA_STRATEGIES.put(environment, msgspec.structs.replace(call, body=changed))
    return EmulatedResponse(status=201)


def shown_password_policy(row: PolicyRow | None) -> dict[str, object]:
    """Return a password policy in the form of a response. Without a row, return the service's default."""
    return _PASSWORD.shown(row)


def set_password(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Write the password policy. A switch decides whether users may do this."""
    if call.caller.kind == "user" and environment.switches[SecuritySwitches].password_policy_by_user == "refuse":  # noqa: S105 - no password
        raise service_error(403, "You are not permitted to do this")
    return EmulatedResponse(status=201, body=_PASSWORD.shown(_PASSWORD.put(environment, call)))


def list_ips(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Return a page of the IP restrictions of a tenant."""
    text = call.query.get("_filter") or ""
    rows = [
        row for row in _owned(environment, call, IpRestrictionRow) if text in row.ip or text in (row.description or "")
    ]
    return _page(environment, call, rows)


def list_domains(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Return a page of the e-mail domain restrictions of a tenant."""
    return _page(environment, call, _owned(environment, call, EmailDomainRow))


def _owned(environment: EmulatedEnvironment, call: IncomingCall, kind: type[_R]) -> list[_R]:
    find_tenant(environment.state, call.tenant_id)
    return environment.state.owned(kind, call.tenant_id)


def _page(environment: EmulatedEnvironment, call: IncomingCall, rows: Sequence[TableRow]) -> EmulatedResponse:
    asked = read_paging(call.query, environment.switches)
    start = start_of(asked, environment.switches)
    items = [_shown(row) for row in rows[start : start + asked.limit]]
    return page_response(asked, items, len(rows), call, environment.switches)


def _shown(row: TableRow) -> dict[str, object]:
    return {name: value for name, value in msgspec.to_builtins(row).items() if name != "tenantId" and value is not None}


def create_ip(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Add an IP restriction to a tenant. A restriction with the same address is changed instead."""
    return _put_ips(environment, call, [call.body])


def create_ips(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Add IP restrictions to a tenant. A restriction with the same address is changed instead."""
    return _put_ips(environment, call, cast("Sequence[Mapping[str, JsonValue]]", call.body["ips"]))


def _put_ips(
    environment: EmulatedEnvironment, call: IncomingCall, bodies: Sequence[Mapping[str, JsonValue]]
) -> EmulatedResponse:
    ids = {row.ip: row.id for row in _owned(environment, call, IpRestrictionRow)}
    for body in bodies:
        _check_ip(cast("str", body["ip"]))
    for body in bodies:
        ip = cast("str", body["ip"])
        row = IpRestrictionRow(
            id=ids.setdefault(ip, environment.new_id()),
            tenant_id=call.tenant_id,
            created_at=environment.clock.timestamp(),
            ip=ip,
            strategy=cast("str", body["strategy"]),
            is_active=body.get("isActive") is not False,
            description=cast("str | None", body.get("description")),
        )
        environment.state.put(row)
    return EmulatedResponse(status=201)


def _check_ip(ip: str) -> None:
    try:
        ipaddress.ip_network(ip, strict=False)
    except ValueError:
        raise validation_error(["ip must be an ip address or a range"]) from None


def create_domain(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Add an e-mail domain restriction to a tenant."""
    find_tenant(environment.state, call.tenant_id)
    row = _put_domain(environment, call, cast("str", call.body["domain"]))
    return EmulatedResponse(status=201, body=_shown(row))


def replace_domains(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Replace the e-mail domain restrictions of a tenant."""
    before = _owned(environment, call, EmailDomainRow)
    domains = cast("Sequence[str]", call.body["domains"])
    for domain in domains:
        _check_domain(domain)
    for row in before:
        environment.state.remove(EmailDomainRow, row.id)
    rows = [_put_domain(environment, call, domain) for domain in dict.fromkeys(domains)]
    return EmulatedResponse(status=201, body=[_shown(row) for row in rows])


def _put_domain(environment: EmulatedEnvironment, call: IncomingCall, domain: str) -> EmailDomainRow:
    _check_domain(domain)
    row = EmailDomainRow(
        id=environment.new_id(),
        tenant_id=call.tenant_id,
        created_at=environment.clock.timestamp(),
        domain=domain,
        type=cast("str", call.body["type"]),
    )
    environment.state.put(row)
    return row


def _check_domain(domain: str) -> None:
    if _DOMAIN.fullmatch(domain) is None:
        raise validation_error(["domain must be a valid domain name"])


def list_countries(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Return the country restrictions of a tenant."""
    return EmulatedResponse(body=[_shown(row) for row in _owned(environment, call, CountryRow)])


def set_countries(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Write country restrictions of a tenant. A switch decides whether restrictions of omitted countries are kept."""
    present = {row.country_code: row for row in _owned(environment, call, CountryRow)}
    given = [country["countryCode"] for country in cast("Sequence[Mapping[str, str]]", call.body["countries"])]
    if any(_COUNTRY.fullmatch(code) is None for code in given):
        raise validation_error(["countryCode must be a valid ISO31661 Alpha2 code"])
    if environment.switches[SecuritySwitches].countries_write == "replace":
        for code in present.keys() - {*given}:
            environment.state.remove(CountryRow, present[code].id)
    for code in dict.fromkeys(given):
        if code not in present:
            now = environment.clock.timestamp()
            row = CountryRow(id=environment.new_id(), tenant_id=call.tenant_id, created_at=now, country_code=code)
            environment.state.put(row)
    return EmulatedResponse(status=201)


def _delete(kind: type[TableRow]) -> Run:
    def delete(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
        find_tenant(environment.state, call.tenant_id)
        row = environment.state.table(kind).get(call.path["id"])
        if row is None or row.tenant_id != call.tenant_id:
            raise service_error(404, "Restriction not found")
        environment.state.remove(kind, row.id)
        return EmulatedResponse()

    return delete


def _verify(*, only_allowed: bool) -> Run:
    """Return the rule that checks the caller's IP address. It is the address that a backend forwards, or loopback."""

    def verify(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
        rows = [row for row in _owned(environment, call, IpRestrictionRow) if row.is_active]
        config = _IP_CONFIG.shown(_IP_CONFIG.find(environment, call))
        address = call.headers.get("x-frontegg-forwarded-for", "127.0.0.1")
        listed = {row.strategy for row in rows if _is_in(address, row.ip)}
        allowed = "ALLOW" in listed
        if not only_allowed:
            allowed = not config["isActive"] or (allowed if config["strategy"] == "ALLOW" else "BLOCK" not in listed)
        nothing = environment.switches[SecuritySwitches].restrictions_verified == "nothing"
        return EmulatedResponse(status=201) if nothing else EmulatedResponse(status=201, body={"valid": allowed})

    return verify


def _is_in(address: str, ip: str) -> bool:
    try:
        return ipaddress.ip_address(address) in ipaddress.ip_network(ip, strict=False)
    except ValueError:
        return False


_SUBJECTS: Final = {
    "password_rotation": "passwordExpirationConfiguration",
    "ip_restrictions": "ipRestrictions",
    "email_domains": "emailDomainRestrictions",
}
"""The names of policies in the names of permissions. All policies without an entry share one name."""


def _permission(name: str) -> str:
    """Return the permission that a user needs. Each name has permissions to read, write and delete."""
    subject, verb = name.split(".")
    kind = "delete" if verb == "delete" else "read" if verb.startswith(("get", "is_", "list")) else "write"
    return f"fe.secure.{kind}.{_SUBJECTS.get(subject, 'securityPolicy')}"


RULES: Mapping[str, Rule] = {
    f"security.{name}": Rule(run=run, permission=_permission(name))
    for name, run in {
        "mfa.get": _MFA.get_rule(),
        "mfa.get_of_environment": _MFA.get_of_environment_rule(),
        "lockout.get_of_environment": _LOCKOUT.get_of_environment_rule(enabled=False, maxAttempts=5),
        "password_history.get_of_environment": _HISTORY.get_of_environment_rule(enabled=False, historySize=1),
        "password_rotation.get_of_environment": _ROTATION.get_of_environment_rule(),
        "sessions.get_of_environment": _SESSIONS.get_of_environment_rule(),
        "user_emails.get": _USER_EMAILS.get_of_environment_rule(),
        "user_emails.set": _USER_EMAILS.silent_rule(),
        "mfa_strategies.list": list_mfa_strategies,
        "mfa_strategies.set": set_mfa_strategy,
        "mfa_config.get": _MFA_CONFIG.get_rule(),
        "mfa_config.set": _MFA_CONFIG.upsert_rule(201),
        "mfa.set": _MFA.upsert_rule(),
        "mfa.create": _MFA.create_rule(),
        "mfa.update": _MFA.update_rule(),
        "lockout.get": _LOCKOUT.get_rule(),
        "lockout.set": _LOCKOUT.update_rule(),
        "lockout.create": _LOCKOUT.create_rule(),
        "captcha.get": _CAPTCHA.get_rule(),
        "captcha.create": _CAPTCHA.create_rule(),
        "captcha.update": _CAPTCHA.update_rule(),
        "password.get": _PASSWORD.get_rule(),
        "password.set": set_password,
        "password_history.get": _HISTORY.get_rule(),
        "password_history.set": _HISTORY.update_rule(),
        "password_history.create": _HISTORY.create_rule(),
        "password_rotation.get": _ROTATION.get_rule(),
        "password_rotation.set": _ROTATION.silent_rule(),
        "sessions.get": _SESSIONS.get_rule(),
        "sessions.set": _SESSIONS.silent_rule(201),
        "ip_restrictions.list": list_ips,
        "ip_restrictions.create": create_ip,
        "ip_restrictions.create_many": create_ips,
        "ip_restrictions.delete": _delete(IpRestrictionRow),
        "ip_restrictions.get_config": _IP_CONFIG.get_rule(),
        "ip_restrictions.set_config": _IP_CONFIG.silent_rule(201),
        "ip_restrictions.is_allowed": _verify(only_allowed=False),
        "ip_restrictions.is_on_allow_list": _verify(only_allowed=True),
        "email_domains.list": list_domains,
        "email_domains.create": create_domain,
        "email_domains.delete": _delete(EmailDomainRow),
        "email_domains.replace": replace_domains,
        "email_domains.get_config": _DOMAIN_CONFIG.get_rule(),
        "email_domains.set_config": _DOMAIN_CONFIG.upsert_rule(201),
        "countries.list": list_countries,
        "countries.set": set_countries,
        "countries.get_config": _COUNTRY_CONFIG.get_rule(),
        "countries.set_config": _COUNTRY_CONFIG.silent_rule(201),
    }.items()
}

TAGS = {
    "security": Tag(
        "Security policies of tenants for the sign-in and the addresses of users.",
        write_body="policy_write_body",
    )
}
