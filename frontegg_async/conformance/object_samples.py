"""The objects that the kit writes. Each field has a value in a form that a service may change.

A service may change the case of texts, final white space and slashes, the order of lists, certificates and large
numbers. The kit never writes values with an effect outside the object: a default role or application, an active hook,
an application for everyone, or an application whose clients register themselves.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final, cast

import attrs

from frontegg_async._values.json_values import JsonValue
from frontegg_async.managed.kinds import ObjectKind
from frontegg_async.managed.registry import KINDS
from frontegg_async.models.jwt_templates import DEFAULT_JWT_CLAIMS

Values = Mapping[str, JsonValue]

_OWN: Final = "<own>"
"""A placeholder for the prefix of a run."""
_SECRET: Final[JsonValue] = {"secret": "env:CONFORMANCE"}
"""A placeholder for a secret, which the kit generates."""


@attrs.frozen(kw_only=True, eq=False)
class Sample:
    """An object that the kit writes."""

    part: str
    key: str
    """The natural key with which the object is created."""
    new_key: str = ""
    """The natural key after a change; empty if the key does not change."""
    values: Values
    """The values with which the object is created, in the form of a file."""
    changed: Values
    """The values that a change writes."""
    needs: tuple[str, ...] = ()
    """The parts of the environment that contain the objects to which this object refers."""

    @property
    def kind(self) -> ObjectKind:
        """The kind of the object."""
        return KINDS[self.part]

    @property
    def place(self) -> str:
        """The part, and the key if it is fixed."""
        return f"{self.part}.{self.key}" if self.kind.keys else self.part

    def of(self, prefix: str) -> Sample:
        """Return a copy whose keys have the prefix of a run.

        Args:
            prefix: The prefix of the keys of the run.
        """

        def own(value: object) -> JsonValue:
            return cast("JsonValue", json.loads(json.dumps(value).replace(_OWN, prefix)))

        key, new_key = (str(own(each)) for each in (self.key, self.new_key))
        values, changed = (cast("Values", own({**each})) for each in (self.values, self.changed))
        return attrs.evolve(self, key=key, new_key=new_key, values=values, changed=changed)


PEM: Final = """-----BEGIN CERTIFICATE-----
MIIBgzCCASmgAwIBAgIUcD29c7bA48OtODlc5SfdMl5lXbYwCgYIKoZIzj0EAwIw
FjEUMBIGA1UEAwwLY29uZm9ybWFuY2UwIBcNMjYxMTI4MDMwNjM0WhgPMjEyNjEx
MDQwMzA2MzRaMBYxFDASBgNVBAMMC2NvbmZvcm1hbmNlMFkwEwYHKoZIzj0CAQYI
KoZIzj0DAQcDQgAERq3JsKYBlTK4wczHyZ0mq4YD0DkMTMngvyflPyaWTTHjHrZ/
IRUyqNLgRgAAwrAP339vdpFK2OsRIrFBJ6qjmKNTMFEwHQYDVR0OBBYEFIzLSK1A
4lcbkzfkNBtrhphSYFvoMB8GA1UdIwQYMBaAFIzLSK1A4lcbkzfkNBtrhphSYFvo
MA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIgJ024ROa4TtqKS1B0
QAxSx49V3rumB9a1Gzf/jozug1MCIQDjD0EH4ka0ZQmlmq3kqfxjx9v+5h0v4Qps
kpgNbbJi4g==
-----END CERTIFICATE-----
"""
"""A certificate whose private key no longer exists, so that nobody can sign with it."""

_MAP: Final[JsonValue] = {
    "text": " Prüfung ",
    "large": 2**53 + 1,
    "fraction": 0.1,
    "flag": False,
    "Key.with.dots": {"a.b": {"ä": []}, "c": None},
    "list": [1.0, "b", "a", None, {}],
    "removed": "text",
}
_CHANGED_MAP: Final[JsonValue] = {"text": "Übung", "large": 2**53 + 3, "added": [[]], "removed": None}
_PERMISSION: Final = f"{_OWN}Reports.write.All"
_ROLE: Final = f"{_OWN}Author"
_FEATURE: Final = f"{_OWN}reports.Exports"


def _rule(attribute: str, *values: str) -> JsonValue:
    """Return a targeting rule that concerns nobody."""
    listed: JsonValue = {"list": [*values]}
    condition: JsonValue = {
        "attribute": attribute,
        "attributeType": "custom",
        "negate": False,
        "op": "in_list",
        "value": listed,
    }
    return {
        "description": "Of  the\nkit ",
        "conditionLogic": "and",
        "conditions": [condition],
        "treatment": "false",
    }


_OF_ENVIRONMENT: Final = (
    Sample(
        part="permission_categories",
        key=f"{_OWN}Sales",
        new_key=f"{_OWN}Sales  Prüfung",
        values={"description": "Of  sales\nPrüfung "},
        changed={"description": "Of all sales"},
    ),
    Sample(
        part="permissions",
        key=f"{_OWN}reports.Read",
        new_key=_PERMISSION,
        values={
            "name": "Read  reports ",
            "description": "Reads\nreports ",
            "category": f"{_OWN}Sales  Prüfung",
            "assignment_type": "NEVER",
        },
        changed={"name": "Write reports", "description": "Prüfung", "assignment_type": "ASSIGNABLE"},
        needs=("permission_categories",),
    ),
    Sample(
        part="roles",
        key=f"{_OWN}Editor",
        new_key=_ROLE,
        values={
            "name": "Editor  Prüfung ",
            "level": 1000,
            "description": "Edits\nreports ",
            "is_default": False,
            "first_user_role": False,
            "permissions": [_PERMISSION],
        },
        changed={"name": "Author", "level": 999, "description": "Prüfung"},
        needs=("permissions",),
    ),
    Sample(
        part="applications",
        key=f"{_OWN}Desk",
        new_key=f"{_OWN}Desk  Prüfung",
        values={
            "app_url": "https://Desk.Conformance.invalid/",
            "login_url": "https://Desk.Conformance.invalid/Login/?tab=1",
            "logo_url": "https://conformance.invalid/Logo.GIF",
            "access_type": "MANAGED_ACCESS",
            "is_default": False,
            "is_active": False,
            "type": "web",
            "frontend_stack": "next.js",
            "description": "The\ndesk ",
            "metadata": _MAP,
            "app_host": "Desk.Conformance.invalid",
            "allow_dcr": False,
        },
        changed={
            "app_url": "https://till.Conformance.invalid/App/",
            "login_url": "https://till.conformance.invalid",
            "logo_url": "https://Conformance.invalid/",
            "is_active": True,
            "type": "mobile-ios",
            "frontend_stack": "swift",
            "description": "Prüfung",
            "metadata": _CHANGED_MAP,
            "app_host": "till.conformance.invalid",
        },
    ),
    Sample(
        part="jwt_templates",
        key=f"{_OWN}Standard",
        new_key=f"{_OWN}Short.lived",
        values={
            "name": "Standard  Prüfung ",
            "description": "Of\ntokens ",
            "expiration": 3600,
            "algorithm": "RS256",
            "claims": {**DEFAULT_JWT_CLAIMS, "conformance": _MAP, "added.of kit": "{{user.email}}", "removed": "text"},
        },
        changed={
            "name": "Short",
            "description": "Prüfung",
            "expiration": 60,
            "algorithm": "HS256",
            "claims": {"conformance": _CHANGED_MAP, "removed": None},
        },
    ),
    Sample(
        part="webhooks",
        key=f"{_OWN}Ledger",
        new_key=f"{_OWN}Ledger  Prüfung",
        values={
            "url": "https://Ledger.Conformance.invalid/Hooks/",
            "secret": _SECRET,
            "event_keys": ["frontegg.user.created", "frontegg.tenant.deleted"],
            "description": "Tells\nthe ledger ",
            "is_active": False,
        },
        changed={
            "url": "https://ledger.conformance.invalid/?v=2",
            "event_keys": ["frontegg.tenant.created"],
            "description": "Prüfung",
        },
    ),
    Sample(
        part="prehooks",
        key=f"{_OWN}Gate",
        new_key=f"{_OWN}Gate  Prüfung",
        values={
            "url": "https://Gate.Conformance.invalid/Hooks/",
            "secret": _SECRET,
            # An event has one prehook.
            "event_keys": ["SOCIAL_LOGIN_AUTH", "AUTH_INITIATED"],
            "description": "Asks\nthe gate ",
            "is_active": False,
            "fail_method": "OPEN",
            "timeout": 3,
        },
        changed={
            "url": "https://gate.conformance.invalid/?v=2",
            "description": "Prüfung",
            "fail_method": "CLOSE",
            "timeout": 5,
        },
    ),
    Sample(
        part="features",
        key=f"{_OWN}exports.All",
        new_key=_FEATURE,
        values={"name": f"{_OWN}Exports  Prüfung ", "description": "Exports\nreports ", "permissions": [_PERMISSION]},
        changed={"name": f"{_OWN}Reports", "description": "Prüfung"},
        needs=("permissions",),
    ),
    Sample(
        part="plans",
        key=f"{_OWN}Pro",
        new_key=f"{_OWN}Pro  Prüfung",
        values={
            "description": "Of\nteams ",
            "features": [_FEATURE],
            "default_treatment": "false",
            "rules": [_rule(f"{_OWN}a", " Prüfung ")],
            "default_time_limitation": 30,
            "assign_on_signup": False,
            "metadata": _MAP,
        },
        changed={
            "description": "Prüfung",
            "rules": [_rule(f"{_OWN}b", "B", "a"), _rule(f"{_OWN}c", "C")],
            "default_time_limitation": 31,
            "metadata": _CHANGED_MAP,
        },
        needs=("features",),
    ),
    Sample(
        part="feature_flags",
        key=f"{_OWN}Beta",
        new_key=f"{_OWN}Beta  Prüfung",
        values={
            "feature": _FEATURE,
            "on": False,
            "default_treatment": "false",
            "off_treatment": "false",
            "rules": [_rule(f"{_OWN}a", " Prüfung ")],
            "description": "Of\ntesters ",
            "metadata": _MAP,
        },
        changed={
            "on": True,
            "off_treatment": "true",
            "rules": [_rule(f"{_OWN}b", "B", "a"), _rule(f"{_OWN}c", "C")],
            "description": "Prüfung",
            "metadata": _CHANGED_MAP,
        },
        needs=("features",),
    ),
)


def _policy(key: str, values: Values, changed: Values) -> Sample:
    return Sample(part="policies", key=key, values=values, changed=changed)


_OF_ACCOUNT: Final = (
    Sample(
        part="users",
        key=f"{_OWN}ann@conformance.invalid",
        values={"name": "Ann  O'Neil ", "roles": [_ROLE]},
        changed={"name": "Änne"},
        needs=("roles",),
    ),
    _policy(
        "mfa",
        {"enforce": "ForceExceptSAML", "allow_remember_my_device": True, "device_expiration": 86_400},
        {"enforce": "DontForce", "allow_remember_my_device": False, "device_expiration": 3_600},
    ),
    _policy("lockout", {"enabled": True, "max_attempts": 7}, {"enabled": False, "max_attempts": 5}),
    _policy(
        "password",
        {
            "min_length": 9,
            "max_length": 100,
            "allow_passphrases": True,
            "min_phrase_length": 21,
            "min_optional_tests_to_pass": 2,
            "block_pwned_passwords": True,
            "optional_tests": {"requireNumbers": True, "requireUppercase": False},
            "required_tests": {"checkThreeRepeatedChars": True},
        },
        {
            "min_length": 10,
            "max_length": 128,
            "allow_passphrases": False,
            "min_phrase_length": 20,
            "min_optional_tests_to_pass": 1,
            "block_pwned_passwords": False,
            "optional_tests": {"requireNumbers": False},
            "required_tests": {"checkThreeRepeatedChars": False},
        },
    ),
    _policy("password_history", {"enabled": True, "history_size": 3}, {"enabled": False, "history_size": 5}),
    _policy(
        "password_rotation",
        {"enabled": True, "rotation_period_minutes": 129_600, "notification_period_minutes": 1_440},
        {"enabled": False, "rotation_period_minutes": 86_400, "notification_period_minutes": 2_880},
    ),
    _policy(
        "sessions",
        {
            "idle": {"enabled": True, "timeout": 3_600},
            "lifetime": {"enabled": True, "timeout": 86_400},
            "concurrent": {"enabled": True, "max_sessions": 7},
        },
        {"idle": {"timeout": 7_200}, "lifetime": {"enabled": False}, "concurrent": {"max_sessions": 5}},
    ),
    _policy("ip_restrictions", {"mode": "BLOCK", "enabled": True}, {"mode": "ALLOW", "enabled": False}),
    _policy(
        "email_domains",
        {"enabled": True, "mode": "BLOCK", "block_public_domains": True},
        {"enabled": False, "mode": "ALLOW", "block_public_domains": False},
    ),
    # Before the other configuration, since reads of configurations without roles need fewer requests.
    Sample(
        part="sso",
        key="oidc",
        values={"oidc_client_id": "Conformance  client ", "oidc_secret": _SECRET},
        changed={"oidc_client_id": "other"},
    ),
    Sample(
        part="sso",
        key="saml",
        values={
            "enabled": True,
            "sso_endpoint": "https://IdP.Conformance.invalid/SAML/",
            "public_certificate": PEM.replace("\n", "\r\n"),
            "sign_request": True,
            "acs_url": "https://Conformance.invalid/ACS/?tab=1",
            "sp_entity_id": "urn:Conformance ",
            "override_active_tenant": True,
            "sub_account_access_limit": 2,
            "idp_client_id": "Conformance  client ",
            "idp_client_secret": _SECRET,
            "skip_email_domain_validation": True,
            "config_metadata": _MAP,
            "domains": [f"{_OWN}Saml.invalid", f"{_OWN}a.invalid"],
            "default_roles": [_ROLE],
            "groups": {"Admins.of all ": [_ROLE], "removed": [_ROLE]},
        },
        changed={
            "enabled": False,
            "sso_endpoint": "https://idp.conformance.invalid/",
            "sign_request": False,
            "acs_url": "https://Conformance.invalid/acs",
            "sp_entity_id": "urn:other",
            "override_active_tenant": False,
            "sub_account_access_limit": 0,
            "idp_client_id": "other",
            "skip_email_domain_validation": False,
            "config_metadata": _CHANGED_MAP,
            "domains": [f"{_OWN}b.Invalid"],
            "groups": {"removed": None},
        },
        needs=("roles",),
    ),
)

SAMPLES: Final = (*_OF_ENVIRONMENT, *_OF_ACCOUNT)
"""The objects in the order in which they are written."""
