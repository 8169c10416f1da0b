"""The OpenAPI document: valid, complete, and true to the models."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

import attrs
import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from frontegg_async._values.fields import EXTRA, OTHERS, others_field, sent_model, wire_name
from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.unset import Unset
from frontegg_async.emulator.openapi.document import document, wire_path
from frontegg_async.emulator.openapi.schemas import Schemas
from frontegg_async.emulator.services.support.rule import ignores_unknown_fields
from frontegg_async.endpoints import Auth, Endpoint, all_endpoints
from frontegg_async.models.page import Order
from frontegg_async.models.tenant_writes import TenantCreate, TenantUpdate
from frontegg_async.models.tenants import Tenant
from tests.contract_table import OPERATIONS
from tests.support.every import every

_DOCUMENT: Final[dict[str, Any]] = document()
_ENDPOINTS: Final = all_endpoints()


def _operation(endpoint: Endpoint[object]) -> dict[str, Any]:
    return _DOCUMENT["paths"][wire_path(endpoint)][endpoint.method.lower()]


def _schema(name: str) -> dict[str, Any]:
    return _DOCUMENT["components"]["schemas"][name]


def _resolve(part: dict[str, Any]) -> dict[str, Any]:
    target: Any = _DOCUMENT
    for step in part["$ref"].removeprefix("#/").split("/"):
        target = target[step]
    return target


def _id(endpoint: Endpoint[object]) -> str:
    return endpoint.name


@pytest.mark.slow
def test_it_is_a_valid_openapi_document() -> None:
    """A validator of others finds nothing wrong, references included."""
    assert list(OpenAPIV31SpecValidator(_DOCUMENT).iter_errors()) == []


def test_it_is_json_and_new_at_every_call() -> None:
    """It goes through JSON unchanged, and changing one copy leaves the next as it was."""
    first: dict[str, Any] = document()
    first["components"]["schemas"]["Error"].clear()

    assert json.loads(json.dumps(document(), allow_nan=False)) == _DOCUMENT


def test_it_has_the_operations_of_the_contract_and_no_others() -> None:
    """Method and path of every operation are as the contract writes them."""
    served = {(method.upper(), path) for path, methods in _DOCUMENT["paths"].items() for method in methods}

    assert served == {(operation.method, operation.path) for operation in OPERATIONS}


def test_no_component_is_left_unused() -> None:
    """Every schema, response, parameter and header is referred to, and every security scheme is asked for."""
    text = json.dumps(_DOCUMENT)
    asked = {scheme for endpoint in _ENDPOINTS for way in _operation(endpoint)["security"] for scheme in way}

    for kind in ("schemas", "responses", "parameters", "headers"):
        assert [name for name in _DOCUMENT["components"][kind] if f'"#/components/{kind}/{name}"' not in text] == []
    assert asked == set(_DOCUMENT["components"]["securitySchemes"])


@every(_ENDPOINTS, _id)
def test_every_operation_tells_what_it_is(endpoint: Endpoint[object]) -> None:
    """Name, summary, tag, evidence and retry class of an operation are the declared ones."""
    operation = _operation(endpoint)

    assert operation["operationId"] == endpoint.name
    assert operation["summary"].endswith(".")
    assert {tag["name"] for tag in _DOCUMENT["tags"]} >= set(operation["tags"])
    assert (operation["x-evidence"], operation["x-retry"]) == (endpoint.evidence.value, endpoint.retry.value)
    assert operation["x-evidence"] in _DOCUMENT["info"]["x-evidence-marks"]


@every(_ENDPOINTS, _id)
def test_every_operation_has_its_success_and_its_errors(endpoint: Endpoint[object]) -> None:
    """The status of success, the declared errors, 429, and 401 and 403 where a token is asked for.

    Any token does for some operations, and an environment's for users, with a tenant header and without.
    """
    expected = {endpoint.status, *endpoint.errors, 429} | ({401, 403} if endpoint.auth else set())
    if endpoint.name in {
        "identity.configuration",
        "invitations.get_config",
        "me.change_password",
        "me.tenants",
        "user_sessions.get_current",
        "users.end_session",
        "users.end_sessions",
        "users.list_v1",
        "users.list_sessions",
        "users.passwords.get_config",
        "users.search",
    }:
        expected.remove(403)

    assert {str(status) for status in expected} <= set(_operation(endpoint)["responses"])


@every(_ENDPOINTS, _id)
def test_every_operation_asks_for_its_credential(endpoint: Endpoint[object]) -> None:
    """Tokens are asked for by kind; an operation without credential asks for none."""
    asked = {scheme for way in _operation(endpoint)["security"] for scheme in way}
    expected = {
        *({"environmentToken"} if endpoint.auth & (Auth.ENVIRONMENT | Auth.TENANT) else ()),
        *({"userToken"} if endpoint.auth & Auth.USER else ()),
        *({"accessTokenHeader"} if endpoint.auth else ()),
    }

    assert asked == expected


@every(_ENDPOINTS, _id)
def test_every_error_is_an_envelope_of_the_service(endpoint: Endpoint[object]) -> None:
    """Errors refer to the envelopes; only the edge speaks HTML."""
    for status, response in _operation(endpoint)["responses"].items():
        if status >= "400":
            kind = "text/html" if status == "414" else "application/json"
            assert list(_resolve(response)["content"]) == [kind]


@every([each for each in _ENDPOINTS if each.body is not None], _id)
def test_the_example_of_a_body_fits_its_schema(endpoint: Endpoint[object]) -> None:
    """It has what is required, in the form that is asked for."""
    content = _operation(endpoint)["requestBody"]["content"]["application/json"]
    whole = {**_DOCUMENT, **content["schema"]}

    assert list(Draft202012Validator(whole).iter_errors(content["example"])) == []


@every([each for each in _ENDPOINTS if each.fields], _id)
def test_every_parameter_of_a_path_has_an_example(endpoint: Endpoint[object]) -> None:
    """One that makes a path."""
    parameters = [each for each in _operation(endpoint)["parameters"] if each.get("in") == "path"]

    assert len(parameters) == len(endpoint.fields)
    assert all(each["example"] for each in parameters)


@every([each for each in _ENDPOINTS if each.query], _id)
def test_an_empty_parameter_may_be_sent_where_it_is_served(endpoint: Endpoint[object]) -> None:
    """An empty value of the query is served as none, so the document must not forbid it."""
    for parameter in _operation(endpoint)["parameters"]:
        if parameter.get("in") == "query" and not parameter.get("required") and parameter["schema"]["type"] != "array":
            fits = Draft202012Validator(parameter["schema"]).is_valid("")
            assert fits or parameter.get("allowEmptyValue"), parameter["name"]


def test_deleting_the_current_tenant_names_the_permission() -> None:
    """The permission that a user needs is a role of the security requirement."""
    operation = _DOCUMENT["paths"]["/tenants/resources/tenants/v1"]["delete"]

    assert {"userToken": ["fe.account-settings.delete.account"]} in operation["security"]


@pytest.mark.parametrize("name", ["Tenant", "UserCount", "IdentityConfiguration", "JwksDocument", "EnvironmentToken"])
def test_what_is_read_may_have_more(name: str) -> None:
    """Answers may have fields that are not in the document, and `extra` itself is none of them."""
    assert _schema(name)["additionalProperties"] is True
    assert EXTRA not in _schema(name)["properties"]


@every([endpoint.body for endpoint in _ENDPOINTS if endpoint.body is not None])
def test_what_is_written_is_closed(body: type) -> None:
    """Bodies have the fields of the write model and no others, but where the service ignores others."""
    model = sent_model(body)
    schema = _schema(model.__name__)

    assert schema["additionalProperties"] is (
        others_field(model) is not None
        or all(ignores_unknown_fields(endpoint) for endpoint in _ENDPOINTS if endpoint.body is body)
    )
    assert set(schema["properties"]) == {
        wire_name(field) for field in attrs.fields(model) if OTHERS not in field.metadata
    }


def test_a_tenant_is_as_the_contract_has_it() -> None:
    """What always comes is required, metadata is JSON text or null, and times have a format."""
    tenant = _schema("Tenant")

    assert set(tenant["required"]) == {"tenantId", "name", "createdAt", "updatedAt", "deletedAt"}
    assert tenant["properties"]["metadata"]["type"] == ["string", "null"]
    assert tenant["properties"]["createdAt"] == {"type": "string", "format": "date-time"}
    assert {"type": "null"} in tenant["properties"]["deletedAt"]["anyOf"]
    assert len(tenant["properties"]) == len(attrs.fields(Tenant)) - 1


def test_what_an_update_may_leave_out_and_may_set_to_null() -> None:
    """Nothing is required but one field; null is allowed where the write model allows it."""
    update = Draft202012Validator(_schema(TenantUpdate.__name__))

    assert _schema(TenantUpdate.__name__)["required"] == []
    assert update.is_valid({"website": None, "metadata": [1, {"a": None}]})
    assert not update.is_valid({})
    assert not update.is_valid({"name": None})


def test_a_create_may_leave_the_id_to_the_service() -> None:
    """The SDK always sends an id, and the service does not ask for one."""
    create = Draft202012Validator(_schema(TenantCreate.__name__))

    assert create.is_valid({"name": "Acme", "metadata": "{}"})
    assert not create.is_valid({"name": "Acme", "plan": "pro"})


def test_a_body_is_required_when_it_cannot_be_empty() -> None:
    """A create may have no body at all: the service makes the ids, and an SSO configuration may be filled later.

    A refresh may have its token in a cookie.
    """
    needed = {
        endpoint.name: _operation(endpoint)["requestBody"]["required"] for endpoint in _ENDPOINTS if endpoint.body
    }

    assert {name for name, required in needed.items() if not required} == {
        "access_tokens.create",
        "api_tokens.create",
        "api_tokens.create_v1",
        "jwt_templates.targeting.change",
        "jwt_templates.targeting.create",
        "jwt_templates.targeting.set",
        "jwt_templates.update",
        "me.update_profile",
        "applications.update",
        "feature_flags.update",
        "features.update",
        "plans.update",
        "groups.set_config",
        "groups.update",
        "permissions.update",
        "permissions.update_category",
        "roles.update",
        "scim.delete",
        "security.mfa_config.set",
        "sessions.refresh",
        "sso.create_v1",
        "sso.update_v1",
        "tenants.create",
        "user_access_tokens.create",
        "user_api_tokens.create",
        *(f"user_sources.update_{kind}" for kind in ("auth0", "cognito", "custom_code", "federation", "firebase")),
        "users.change_roles",
        "users.invite",
        "users.invitation.set_config",
        "users.invite_v1",
        "users.passwords.send_reset_email_v1",
        "users.replace_all_fields",
        "users.update",
        "user_invitations.update",
    }


def test_metadata_to_merge_is_an_object_or_its_text() -> None:
    """Other JSON values have no keys to merge."""
    merge = Draft202012Validator(_schema("MetadataUpdate"))

    assert merge.is_valid({"metadata": {"plan": "pro"}})
    assert merge.is_valid({"metadata": '{"plan":"pro"}'})
    assert not merge.is_valid({"metadata": 42})
    assert not merge.is_valid({})


def test_a_lock_takes_one_to_a_hundred_ids() -> None:
    """The bounds of the list are in the document."""
    lock = Draft202012Validator(_schema("TenantIds"))

    assert lock.is_valid({"tenantIds": ["t"] * 100})
    assert not lock.is_valid({"tenantIds": ["t"] * 101})
    assert not lock.is_valid({"tenantIds": []})


def test_a_page_says_how_much_there_is() -> None:
    """Totals are required and links are not."""
    page = _schema("TenantPage")

    assert set(page["required"]) == {"items", "_metadata"}
    assert set(page["properties"]["_metadata"]["required"]) == {"totalItems", "totalPages"}
    assert set(page["properties"]["_links"]["properties"]) == {"next", "prev", "first", "last"}


def test_the_shapes_that_differ_from_what_the_sdk_returns() -> None:
    """An unknown id is an empty array on v2, and v1 answers an array of at most one."""
    paths = _DOCUMENT["paths"]
    v2 = paths["/tenants/resources/tenants/v2/{tenantId}"]["get"]["responses"]["200"]
    v1 = paths["/tenants/resources/tenants/v1/{tenantId}"]["get"]["responses"]["200"]

    one, none = v2["content"]["application/json"]["schema"]["oneOf"]
    assert (one["$ref"], none["maxItems"]) == ("#/components/schemas/Tenant", 0)
    assert v1["content"]["application/json"]["schema"]["maxItems"] == 1


@attrs.frozen
class _Both:
    """Sent and answered."""

    name: str


def test_a_model_is_a_body_or_a_result() -> None:
    """One schema cannot refuse unknown fields and let them through."""
    schemas = Schemas()
    schemas.body(_Both)

    with pytest.raises(TypeError, match="_Both is both a body and a result"):
        schemas.returned(_Both)


@pytest.mark.parametrize(
    ("kind", "schema"),
    [
        (Mapping[str, str], {"type": "object"}),
        (Order, {"type": "string", "enum": ["ASC", "DESC"]}),
        (tuple[int, ...], {"type": "array", "items": {"type": "integer"}}),
        (str | None, {"type": ["string", "null"]}),
        (JsonValue, {}),
        (str | Unset, {"type": "string"}),
        (Order | Unset, {"type": "string", "enum": ["ASC", "DESC"]}),
        (object, {}),
    ],
)
def test_the_schema_of_a_type(kind: object, schema: dict[str, Any]) -> None:
    """Types of fields have the schemas that their values have in JSON."""
    assert Schemas().returned(kind) == schema


def test_a_type_without_a_schema_is_an_error() -> None:
    """A model with a field of an unknown type is found when the document is made."""
    with pytest.raises(TypeError, match="no JSON Schema is known"):
        Schemas().returned(set[str])
