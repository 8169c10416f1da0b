"""Models as fields and responses: what pydantic accepts and writes, and what the OpenAPI document shows."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from typing import Annotated, Any, Final, cast

import attrs
import httpx
import pytest
from fastapi import Body, Depends, FastAPI
from openapi_spec_validator import OpenAPIV31SpecValidator
from pydantic import BaseModel, TypeAdapter, ValidationError

from frontegg_async import Secret, models
from frontegg_async.integrations.fastapi import CurrentClaims, FronteggUserDep, add_problem_details, require
from frontegg_async.integrations.openapi import add_refusals
from frontegg_async.models import (
    Claims,
    Model,
    NewTenantApiToken,
    Page,
    Response,
    Serializable,
    SsoConfiguration,
    SsoDomain,
    Tenant,
    TreeNode,
)
from frontegg_async.models.field_descriptions import DESCRIPTIONS
from frontegg_async.models.model import ModelWithMetadata
from frontegg_async.tree import TenantTree
from tests.support.traceback_frames import shown_by_frames

NOW: Final = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
ACME: Final = Tenant(
    tenant_id="acme", name="Acme", created_at=NOW, metadata={"plan": ["pro", None]}, extra={"newField": 1}
)
CLAIMS: Final = Claims(
    type="userToken", subject="ann", tenant_id="acme", issued_at=NOW, expires_at=None, audience=("a",), issuer="i"
)
SECRET: Final = Secret("hunter2")
_BASES: Final = {Model, ModelWithMetadata, Serializable}
_ALL: Final = [
    kind
    for kind in (*(getattr(models, name) for name in models.__all__), TenantTree)
    if isinstance(kind, type) and issubclass(kind, Serializable) and kind not in _BASES
]


class Report(BaseModel):
    """A model of a program, with models of the SDK as fields."""

    tenant: Tenant
    page: Page[Tenant]
    claims: Claims | None = None


def _app() -> FastAPI:
    app = FastAPI()
    add_problem_details(app)

    @app.get("/tenant")
    async def tenant() -> Tenant:
        return ACME

    @app.get("/tenants", response_model_exclude_none=True)
    async def tenants() -> list[Tenant]:
        return [ACME]

    @app.get("/page")
    async def page() -> Page[Tenant]:
        return Page(items=(ACME,), total=1)

    @app.get("/claims")
    async def claims(user: CurrentClaims) -> Claims:
        return user

    @app.get("/tree")
    async def tree(user: FronteggUserDep) -> TenantTree:
        return await user.hierarchy.tree()

    @app.post("/report", dependencies=[Depends(require(role="Admin"))], responses={403: {"description": "Own."}})
    async def report(body: Report) -> Report:
        return body

    @app.get("/token")
    async def token() -> NewTenantApiToken:
        return NewTenantApiToken(client_id="c", secret=SECRET)

    @app.post("/token")
    async def take(body: Annotated[NewTenantApiToken, Body()]) -> NewTenantApiToken:
        return body

    return app


async def _get(path: str, app: FastAPI | None = None) -> Any:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app or _app()), base_url="http://test") as client:
        return (await client.get(path)).json()


@pytest.mark.anyio
async def test_routes_return_models() -> None:
    """As ``to_dict`` has them; FastAPI's own options act on them too."""
    some = {name: value for name, value in ACME.to_dict().items() if value is not None}
    some["metadata"] = {"plan": ["pro", None]}
    assert await _get("/tenant") == ACME.to_dict()
    assert await _get("/tenants") == [some]
    assert await _get("/page") == Page(items=(ACME,), total=1).to_dict()
    assert (await _get("/token"))["secret"] is None


@pytest.mark.anyio
async def test_routes_return_models_without_naming_their_types() -> None:
    """As they do models of pydantic: within anything, and in a page of anything."""
    app = FastAPI()

    @app.get("/any")
    async def anything() -> Any:
        return ACME

    @app.get("/mapping")
    async def mapping() -> dict[str, Any]:
        return {"tenant": ACME, "tokens": [NewTenantApiToken(client_id="c", secret=SECRET)]}

    @app.get("/bare")
    async def bare() -> Page:  # type: ignore[type-arg]  # that is the point
        return Page(items=(ACME,), total=1)

    assert await _get("/any", app) == ACME.to_dict()
    assert await _get("/bare", app) == Page(items=(ACME,), total=1).to_dict()
    answer = await _get("/mapping", app)
    assert answer["tenant"] == ACME.to_dict()
    assert answer["tokens"][0]["secret"] is None


@pytest.mark.anyio
async def test_a_route_takes_models() -> None:
    """In a model of the program; what is wrong has its place."""
    app = _app()
    app.dependency_overrides[require(role="Admin")] = lambda: CLAIMS
    good = {"tenant": ACME.to_dict(), "page": Page(items=(ACME,), total=1).to_dict(), "claims": CLAIMS.to_dict()}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        answer = await client.post("/report", json=good)
        refusal = await client.post("/report", json={**good, "tenant": {"tenant_id": 3}})
    assert (answer.status_code, answer.json()) == (200, good)
    assert refusal.status_code == 422
    assert refusal.json()["detail"][0]["loc"] == ["body", "tenant", "tenant_id"]


@pytest.mark.anyio
async def test_a_refusal_does_not_quote_what_was_sent() -> None:
    """The caller's proxy may log it, and it may have a secret."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(_app()), base_url="http://test") as client:
        answer = await client.post("/token", json={"secret": "hunter2"})
    problem = {"type": "missing", "loc": ["body", "client_id"], "msg": "Field required", "input": "(hidden)"}
    assert (answer.status_code, answer.json()) == (422, {"detail": [problem]})


class Holder(BaseModel):
    """A model of a program, with a secret in a field."""

    token: NewTenantApiToken | None = None
    page: Page[NewTenantApiToken] | None = None


@pytest.mark.parametrize(
    "data",
    [
        {"token": {"secret": "hunter2"}},
        {"token": "hunter2"},
        {"token": {"client_id": "c", "secret": ["hunter2"]}},
        {"token": {"client_id": "c", "secret": "hunter2", "metadata": {"a": object()}}},
        {"token": {"client_id": "c", "created_at": "hunter2"}},
        {"page": {"items": [{"client_id": "c", "secret": "hunter2"}]}},
    ],
)
def test_errors_of_pydantic_quote_no_value(data: Any) -> None:
    """Neither in their text nor in what programs read, nor in a frame of ours."""
    with pytest.raises(ValidationError) as caught:
        Holder(**data)
    assert "hunter2" not in f"{caught.value}{caught.value.errors()}{caught.value.json()}"
    assert [
        line for line in shown_by_frames(caught.value) if "hunter2" in line and not line.startswith("BaseModel.")
    ] == []


@pytest.mark.slow
def test_the_document_is_valid() -> None:
    """Models are components under their names, and used in requests and responses alike."""
    document = _app().openapi()
    OpenAPIV31SpecValidator(document).validate()
    schemas = document["components"]["schemas"]
    assert {"Tenant", "Page_Tenant_", "Claims", "TenantTree", "TreeNode", "FronteggProblem"} <= set(schemas)
    assert {name for name in schemas if name.endswith(("-Input", "-Output"))} == set()
    content = document["paths"]["/page"]["get"]["responses"]["200"]["content"]["application/json"]
    assert content["schema"] == {"$ref": "#/components/schemas/Page_Tenant_"}


def test_guarded_routes_show_their_refusals() -> None:
    """With problem details, unless the route has a response of its own; open routes show none."""
    document = _app().openapi()
    shown = {
        path: {status for status in operation["responses"] if status in {"401", "403"}}
        for path, verbs in document["paths"].items()
        for operation in verbs.values()
    }
    refusals = {"401", "403"}
    guarded = {"/claims": refusals, "/tree": refusals, "/report": refusals}
    assert shown == {"/tenant": set(), "/tenants": set(), "/page": set(), "/token": set(), **guarded}
    refused = document["paths"]["/claims"]["get"]["responses"]["401"]
    assert refused["content"] == {
        "application/problem+json": {"schema": {"$ref": "#/components/schemas/FronteggProblem"}}
    }
    assert document["paths"]["/report"]["post"]["responses"]["403"]["description"] == "Own."


def test_a_document_without_guarded_routes_stays_as_it_is() -> None:
    """Also one whose paths have more than operations."""
    document: dict[str, Any] = {"paths": {"/a": {"summary": "A", "get": {"responses": {}}}}}
    add_refusals(document, ["Frontegg"], {})
    assert document == {"paths": {"/a": {"summary": "A", "get": {"responses": {}}}}}


def test_a_schema_says_what_fields_are() -> None:
    """With titles and descriptions; what is required, what may be null, and which values there are."""
    schema = TypeAdapter(Tenant).json_schema()
    fields = schema["properties"]
    assert (schema["title"], schema["description"]) == ("Tenant", "A tenant. The service calls it an account.")
    assert schema["required"] == ["tenant_id"]
    assert fields["created_at"] == {
        "anyOf": [{"type": "string", "format": "date-time"}, {"type": "null"}],
        "description": "The time at which the tenant was created; `None` if the response lacks it.",
        "title": "Created At",
    }
    assert "type" not in fields["metadata"]
    assert fields["extra"]["type"] == "object"
    assert TypeAdapter(Page[Tenant]).json_schema()["title"] == "Page[Tenant]"
    assert TypeAdapter(Claims).json_schema()["$defs"]["TokenType"]["enum"] == [each.value for each in models.TokenType]
    secret = TypeAdapter(NewTenantApiToken).json_schema()["properties"]["secret"]
    assert secret["writeOnly"]
    assert secret["anyOf"] == [{"type": "string"}, {"type": "null"}]


@pytest.mark.parametrize("model", _ALL)
def test_each_public_model_has_a_schema(model: type[Serializable]) -> None:
    """With all of its fields, and the description of each that has one in the source."""
    schema = TypeAdapter(model).json_schema()
    names = [field.alias for field in attrs.fields(cast("type[attrs.AttrsInstance]", model)) if field.init]
    assert list(schema["properties"]) == names
    assert schema["title"] == model.__name__
    described = {name for name, field in schema["properties"].items() if "description" in field}
    assert described == ({*names} if model is not TenantTree else set())
    assert TypeAdapter(model).json_schema(mode="serialization") == schema


def test_the_descriptions_are_those_of_the_source() -> None:
    """Those of a base are found too, and code is as Markdown has it."""
    assert DESCRIPTIONS["NewTenantApiToken"].keys() == {"secret"}
    assert "``" not in str(DESCRIPTIONS)
    fields = TypeAdapter(NewTenantApiToken).json_schema()["properties"]
    assert fields["client_id"]["description"] == DESCRIPTIONS["TenantApiToken"]["client_id"]


def test_pydantic_writes_what_to_dict_returns() -> None:
    """In JSON mode; in the other, objects stay, and nested models are dicts."""
    configuration = SsoConfiguration(
        id="c", oidc_secret=SECRET, type=models.SsoType.OIDC, created_at=NOW, domains=(SsoDomain(id="d"),)
    )
    adapter = TypeAdapter(SsoConfiguration)
    assert adapter.dump_python(configuration, mode="json") == configuration.to_dict()
    assert json.loads(adapter.dump_json(configuration)) == configuration.to_dict()
    assert adapter.dump_python(configuration) == configuration.to_dict(mode="python")


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (ACME, Tenant),
        (CLAIMS, Claims),
        (Page(items=(ACME,), total=1), Page[Tenant]),
        (Page(items=("a",), total=None), Page),
        (TenantTree([TreeNode(tenant_id="a"), TreeNode(tenant_id="b")], [-1, 0]), TenantTree),
        (
            Response(value=ACME, status=200, headers={"a": "b"}, trace_id=None, attempts=1, elapsed=0.5),
            Response[Tenant],
        ),
    ],
    ids=str,
)
def test_pydantic_takes_an_object_or_its_dict(value: Serializable, kind: Any) -> None:
    """And JSON text."""
    adapter = TypeAdapter(kind)
    assert adapter.validate_python(value) is value
    assert adapter.validate_python(value.to_dict()) == value
    assert adapter.validate_python(value.to_dict(mode="python")) == value
    assert adapter.validate_json(value.to_json()) == value


def test_a_time_without_an_offset_is_in_utc() -> None:
    """As ``from_dict`` has it."""
    data = {"tenant_id": "a", "created_at": "2026-05-04T09:30:00"}
    assert TypeAdapter(Tenant).validate_python(data).created_at == Tenant.from_dict(data).created_at == NOW
    naive = {"tenant_id": "a", "created_at": NOW.replace(tzinfo=None)}
    assert TypeAdapter(Tenant).validate_python(naive).created_at == Tenant.from_dict(naive).created_at == NOW


def test_unknown_keys_are_kept() -> None:
    """In ``extra``, as by ``from_dict``."""
    assert TypeAdapter(Tenant).validate_python({"tenant_id": "a", "new": 1}).extra == {"new": 1}


@pytest.mark.parametrize(
    ("data", "place", "message"),
    [
        ({"tenant_id": None}, ("tenant_id",), "Input should be a valid string"),
        ({}, ("tenant_id",), "Field required"),
        ("a", (), "Input should be a valid dictionary"),
        (CLAIMS, (), "Input should be a Tenant, not a Claims"),
        ({"tenant_id": "a", "metadata": {1: 2}}, (), "Value error, data.metadata has a key of type int"),
    ],
)
def test_pydantic_says_what_is_wrong(data: Any, place: tuple[str, ...], message: str) -> None:
    """In its own way, with the place."""
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(Tenant).validate_python(data)
    (error,) = caught.value.errors()
    assert error["loc"] == place
    assert error["msg"].startswith(message)


@pytest.mark.slow
def test_pydantic_is_not_imported_by_the_models() -> None:
    """It is no dependency."""
    code = (
        "import sys; from frontegg_async import Tenant, AsyncFrontegg; t = Tenant(tenant_id='a');"
        "Tenant.from_dict(t.to_dict()); t.metadata_as(__import__('typing').TypedDict('T', {}));"
        "is_imported = 'pydantic' in sys.modules or 'pydantic_core' in sys.modules;"
        "sys.modules['pydantic'] = None;"  # as if it were not installed
        "sys.exit(is_imported or hasattr(t, '__pydantic_serializer__'))"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)
