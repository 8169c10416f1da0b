"""Checks of SSO configurations on accounts of the kit. Settings of the environment are only read."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Final, cast

from frontegg_async._values.json_values import JsonValue
from frontegg_async.conformance.answer import Answer
from frontegg_async.conformance.check import Difference, Topic
from frontegg_async.conformance.checks.shared import PEOPLE, need, need_text
from frontegg_async.conformance.not_tried import NotTriedError
from frontegg_async.conformance.object_samples import PEM
from frontegg_async.conformance.probe import Probe, once_a_run
from frontegg_async.endpoints import Endpoint, Evidence, sso_settings
from frontegg_async.endpoints import sso as operations

TOPIC: Final = Topic("SSO")
_check: Final = TOPIC.check

_SKIPS: Final = "holder"
"""The account whose configuration has ``skipEmailDomainValidation``."""


@once_a_run
async def _configuration(probe: Probe, account: str = PEOPLE) -> Answer:
    """Create a configuration with the second version, and return the answer."""
    body: dict[str, JsonValue] = {"tenantId": await probe.account(account), "type": "saml"}
    if account == _SKIPS:
        body["skipEmailDomainValidation"] = True
    return await probe.ask(operations.CREATE, body=body)


async def _configuration_id(probe: Probe, account: str = PEOPLE) -> str:
    if account == "second" and isinstance(found := (await _of_first_version(probe)).at("id"), str):
        return found
    answer = need(await _configuration(probe, account), "an SSO configuration could not be made")
    if isinstance(answer.at("id"), str):
        return str(answer.at("id"))
    return need_text(
        (await _listed(probe, account)).at(0, "id"), "no response contains the id of a new SSO configuration"
    )


async def _listed(probe: Probe, account: str = PEOPLE) -> Answer:
    return await probe.ask(operations.LIST, tenant_id=await probe.account(account))


async def _row(probe: Probe, account: str = PEOPLE) -> Mapping[str, JsonValue]:
    """Return the first configuration of an account, as it is listed."""
    await _configuration_id(probe, account)
    row = (await _listed(probe, account)).at(0)
    if not isinstance(row, dict):
        raise NotTriedError("the SSO configurations are not listed")
    return row


@once_a_run
async def _first_row(probe: Probe) -> Mapping[str, JsonValue]:
    """Return a new configuration from the answer to its creation, or else from the listing."""
    body = (await _configuration(probe)).body
    if isinstance(body, dict) and {"enabled", "defaultRoles"} <= body.keys():
        return body
    return await _row(probe)


@once_a_run
async def _settings(probe: Probe, operation: Endpoint[object]) -> Answer:
    """Return settings of the environment."""
    return await probe.ask(operation)


@_check(
    "The environment's SSO settings accept requests with a tenant header, too", Evidence.ASSUMED, "sso_tenant_header"
)
async def _tenant_header(probe: Probe) -> Difference:
    need(await _settings(probe, sso_settings.GET_DOMAINS), "the settings cannot be read")
    answer = await probe.ask(sso_settings.GET_DOMAINS, tenant_id=await probe.existing())
    return answer.unless(answer.is_done)


@_check("The environment's SSO settings have defaults if they were never set", Evidence.ASSUMED, "sso_unset_settings")
async def _unset(probe: Probe) -> Difference:
    for operation in (sso_settings.GET_MULTIPLE_SSO, sso_settings.GET_OIDC):
        answer = await _settings(probe, operation)
        if answer.status == 404:
            return answer.unless(holds=False)
        need(answer, "the settings cannot be read")
    return None


@_check("A GET of the OIDC settings answers 201", Evidence.DOCUMENTED)
async def _oidc(probe: Probe) -> Difference:
    answer = await _settings(probe, sso_settings.GET_OIDC)
    if answer.status == 404:
        raise NotTriedError("the settings were never set")
    return answer.unless(answer.status == 201)


@_check(
    "An environment token without a tenant reads the certificate, the SAML settings and the excluded addresses",
    Evidence.DOCUMENTED,
)
async def _of_environment(probe: Probe) -> Difference:
    for operation in (sso_settings.SP_CERTIFICATE, sso_settings.GET_SAML, sso_settings.LIST_EXCLUDED_EMAILS):
        answer = await probe.ask(operation)
        if answer.status in {400, 401, 403}:
            return answer.unless(holds=False)
        if answer.status == 404:
            raise NotTriedError("the settings were never set")
    return None


@_check(
    "The creation of an SSO configuration answers 201 with the configuration",
    Evidence.CLIENT,
    "sso_write_body",
    writes=True,
)
async def _created(probe: Probe) -> Difference:
    answer = await _configuration(probe)
    return answer.unless(answer.status == 201 and answer.at("type") == "saml")


@_check(
    "The first version creates a configuration from some of the fields",
    Evidence.CLIENT,
    "sso_v1_requires_all",
    writes=True,
)
async def _partial(probe: Probe) -> Difference:
    answer = await _of_first_version(probe)
    return answer.unless(answer.is_done)


@once_a_run
async def _of_first_version(probe: Probe) -> Answer:
    """Create a configuration in the account ``second`` with the first version, and return the answer."""
    body = {"type": "saml", "enabled": False}
    return await probe.ask(operations.CREATE_V1, body=body, tenant_id=await probe.account("second"))


@_check(
    "A configuration that is created without a type has the type saml",
    Evidence.ASSUMED,
    "sso_create_without_type",
    writes=True,
)
async def _without_type(probe: Probe) -> Difference:
    tenant_id = await probe.account("first")
    answer = await probe.ask(operations.CREATE, body={"tenantId": tenant_id})
    if not answer.is_done:
        return answer.unless(holds=False)
    if isinstance(answer.body, dict):
        return answer.unless(answer.at("type") == "saml")
    answer = await _listed(probe, "first")
    return answer.unless(answer.at(0, "type") == "saml")


@_check("Unknown fields of a configuration are ignored", Evidence.CLIENT, writes=True)
async def _unknown_field(probe: Probe) -> Difference:
    fields = {"configuration_id": await _configuration_id(probe)}
    body = {"tenantId": await probe.account(PEOPLE), "signRequest": False, "conformance": True}
    answer = await probe.ask(operations.UPDATE, fields, body=body)
    return answer.unless(answer.is_done)


@_check("An update of a configuration with an empty body succeeds", Evidence.ASSUMED, "sso_empty_update", writes=True)
async def _empty_update(probe: Probe) -> Difference:
    fields = {"configuration_id": await _configuration_id(probe)}
    answer = await probe.ask(operations.UPDATE, fields, body={"tenantId": await probe.account(PEOPLE)})
    return answer.unless(answer.is_done)


@_check(
    "A configuration that is created without enabled is not enabled",
    Evidence.ASSUMED,
    "sso_enabled_at_first",
    writes=True,
)
async def _enabled(probe: Probe) -> Difference:
    return "the configuration is enabled" if (await _first_row(probe)).get("enabled") is True else None


@_check("The default roles of a configuration are an array", Evidence.CLIENT, "sso_default_roles", writes=True)
async def _default_roles(probe: Probe) -> Difference:
    return (
        None
        if isinstance((await _first_row(probe)).get("defaultRoles"), list)
        else "the default roles are not an array"
    )


@_check("The value for TXT records is in generatedVerification of the configuration", Evidence.CLIENT, writes=True)
async def _verification(probe: Probe) -> Difference:
    row = await _first_row(probe)
    return None if isinstance(row.get("generatedVerification"), str) else "the field is missing"


@_check(
    "XML that is not the metadata of an identity provider answers 400",
    Evidence.ASSUMED,
    "sso_metadata_check",
    writes=True,
)
async def _metadata(probe: Probe) -> Difference:
    xml = '<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="urn:conformance"/>'
    answer = await probe.ask(
        operations.CREATE_FROM_METADATA, body={"metadata": xml}, tenant_id=await probe.account("first")
    )
    return answer.unless(answer.status == 400)


async def _domain_name(probe: Probe, account: str = PEOPLE) -> str:
    return f"{await probe.account(account)}.invalid"


async def _add_domain(probe: Probe, name: str, account: str = PEOPLE) -> Answer:
    fields, body = {"configuration_id": await _configuration_id(probe, account)}, {"domain": name}
    return await probe.ask(operations.CREATE_DOMAIN, fields, body=body, tenant_id=await probe.account(account))


@once_a_run
async def _domain(probe: Probe, account: str = PEOPLE) -> Mapping[str, JsonValue]:
    """Return the first domain of an account's configuration."""
    answer = need(await _first_domain(probe, account), "a domain could not be added")
    if isinstance(answer.body, dict):
        return answer.body
    domains = (await _row(probe, account)).get("domains")
    name = await _domain_name(probe, account)
    for row in domains if isinstance(domains, list) else []:
        if isinstance(row, dict) and row.get("domain") == name:
            return row
    raise NotTriedError("a new domain is not listed")


@_check("A name that is not a domain answers 400", Evidence.ASSUMED, "sso_domain_syntax", writes=True)
async def _syntax(probe: Probe) -> Difference:
    answer = await _add_domain(probe, "no domain")
    return answer.unless(answer.status == 400)


@_check("The txtRecord of a domain is only the name of a host", Evidence.CLIENT, "sso_txt_record", writes=True)
async def _txt_record(probe: Probe) -> Difference:
    text = need_text((await _domain(probe)).get("txtRecord"), "a domain has no txtRecord")
    if not text.startswith("_saml-domain-challenge."):
        return "the txtRecord has another beginning"
    return "the txtRecord has a value, too" if "=" in text else None


@_check("A domain is added with 201", Evidence.CLIENT, "sso_write_body", writes=True)
async def _domain_status(probe: Probe) -> Difference:
    answer = await _first_domain(probe)
    return answer.unless(answer.status == 201)


@once_a_run
async def _first_domain(probe: Probe, account: str = PEOPLE) -> Answer:
    return await _add_domain(probe, await _domain_name(probe, account), account)


@_check(
    "A domain that the configuration already has answers 409", Evidence.ASSUMED, "sso_duplicate_domain", writes=True
)
async def _domain_twice(probe: Probe) -> Difference:
    await _domain(probe)
    answer = await _add_domain(probe, await _domain_name(probe))
    return answer.unless(answer.status == 409)


@_check(
    "A configuration with skipEmailDomainValidation validates its new domains",
    Evidence.ASSUMED,
    "sso_skip_email_domain",
    writes=True,
)
async def _skips(probe: Probe) -> Difference:
    domain = await _domain(probe, _SKIPS)
    return None if domain.get("validated") is True else "the domains are not validated"


@_check(
    "A domain cannot be in a second configuration, whether it is validated or not",
    Evidence.ASSUMED,
    "sso_domain_elsewhere",
    writes=True,
)
async def _elsewhere(probe: Probe) -> Difference:
    policy, several = [
        need(await _settings(probe, each), "the settings cannot be read")
        for each in (sso_settings.GET_DOMAINS, sso_settings.GET_MULTIPLE_SSO)
    ]
    if policy.at("bypassDomainCrossValidation") is True or several.at("active") is True:
        raise NotTriedError("the settings of the environment allow the same domain twice")
    await _domain(probe)
    if not (await _add_domain(probe, await _domain_name(probe), "second")).is_done:
        return None
    skipped = await _domain(probe, _SKIPS)
    if skipped.get("validated") is not True:
        return "a second configuration accepts a domain that is not validated"
    validated = await _add_domain(probe, await _domain_name(probe, _SKIPS), "second")
    which = "any domain" if validated.is_done else "a domain that is not validated"
    return f"a second configuration accepts {which}"


# From here on the domain is validated.
@_check(
    "A certificate that is sent as PEM is returned as base64",
    Evidence.CLIENT,
    "sso_certificate",
    writes=True,
)
async def _certificate(probe: Probe) -> Difference:
    need(await _with_certificate(probe), "a certificate could not be set")
    kept = need_text((await _row_at_last(probe)).get("publicCertificate"), "the certificate is not listed")
    return "the certificate is returned as PEM" if kept.lstrip().startswith("-----BEGIN") else None


@once_a_run
async def _with_certificate(probe: Probe) -> Answer:
    """Update the configuration with a certificate, and return the answer."""
    fields = {"configuration_id": await _configuration_id(probe)}
    body = {"tenantId": await probe.account(PEOPLE), "publicCertificate": PEM}
    return await probe.ask(operations.UPDATE, fields, body=body)


@once_a_run
async def _row_at_last(probe: Probe) -> Mapping[str, JsonValue]:
    """Return the configuration after all changes."""
    for change in (_with_certificate, _validated):
        with suppress(NotTriedError):  # the check of the change reports the error
            await change(probe)
    return await _row(probe)


@_check(
    "The validation of a domain succeeds even without its TXT record",
    Evidence.ASSUMED,
    "sso_domain_validation",
    writes=True,
)
async def _validation(probe: Probe) -> Difference:
    domain_id, answer = (await _domain(probe)).get("id"), await _validated(probe)
    if not answer.is_done:
        return answer.unless(holds=False)
    rows = cast("list[Mapping[str, JsonValue]]", (await _row_at_last(probe)).get("domains"))
    validated = any(row["id"] == domain_id and row["validated"] is True for row in rows)
    return None if validated else "the request succeeds, but the domain is not validated"


@once_a_run
async def _validated(probe: Probe) -> Answer:
    """Validate a domain, and return the answer."""
    domain_id = need_text((await _domain(probe)).get("id"), "a domain has no id")
    fields = {"configuration_id": await _configuration_id(probe), "domain_id": domain_id}
    return await probe.ask(operations.VALIDATE_DOMAIN, fields, tenant_id=await probe.account(PEOPLE))


async def _add_group(probe: Probe) -> Answer:
    fields, tenant_id = {"configuration_id": await _configuration_id(probe)}, await probe.account(PEOPLE)
    body: JsonValue = {"group": "conformance", "roleIds": []}
    return await probe.ask(operations.CREATE_GROUP, fields, body=body, tenant_id=tenant_id)


@once_a_run
async def _group(probe: Probe) -> Answer:
    """Add the first group, and return the answer."""
    return await _add_group(probe)


@_check("A group is added to a configuration with 201", Evidence.CLIENT, "sso_write_body", writes=True)
async def _group_status(probe: Probe) -> Difference:
    answer = await _group(probe)
    return answer.unless(answer.status == 201)


@_check("A configuration may have two groups with the same name", Evidence.ASSUMED, "sso_duplicate_group", writes=True)
async def _groups(probe: Probe) -> Difference:
    need(await _group(probe), "a group could not be added")
    answer = await _add_group(probe)
    return answer.unless(answer.is_done)


@_check("The default roles of a configuration are set with 201", Evidence.CLIENT, "sso_write_body", writes=True)
async def _set_default_roles(probe: Probe) -> Difference:
    fields, tenant_id = {"configuration_id": await _configuration_id(probe)}, await probe.account(PEOPLE)
    answer = await probe.ask(operations.SET_DEFAULT_ROLES, fields, body={"roleIds": []}, tenant_id=tenant_id)
    return answer.unless(answer.status == 201)


# The last check, since the others need the configuration.
@_check("A configuration is deleted with 200", Evidence.CLIENT, "sso_write_body", writes=True)
async def _delete(probe: Probe) -> Difference:
    fields, tenant_id = {"configuration_id": await _configuration_id(probe)}, await probe.account(PEOPLE)
    answer = await probe.ask(operations.DELETE, fields, tenant_id=tenant_id)
    return answer.unless(answer.status == 200)


for _name, _switch, _why in (
    (
        "A validation by e-mail with an environment token succeeds",
        "sso_validation_by_vendor",
        "the request may send an e-mail",
    ),
    (
        "The domain of a user's own address is validated if the settings require it",
        "sso_verified_users",
        "a setting of the environment decides this",
    ),
    (
        "A removal of an address that is not on the list of excluded addresses answers 404",
        "sso_unknown_email",
        "the list belongs to the environment, in which the kit writes nothing",
    ),
):
    TOPIC.untried(_name, Evidence.ASSUMED, _switch, why=_why)
