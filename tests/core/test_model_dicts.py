"""Every public model as a plain dict and as JSON text, and back."""

from __future__ import annotations

import datetime as dt
import enum
import json
import math
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType, NoneType
from typing import Any, Final, cast, get_args, get_origin, get_type_hints

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from frontegg_async import models
from frontegg_async._notebook import tables
from frontegg_async._values.fields import holds_json
from frontegg_async._values.json_values import RawText
from frontegg_async._values.secret import Secret
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.models import (
    Model,
    ModelWithMetadata,
    NewTenantApiToken,
    Page,
    Response,
    Serializable,
    SsoConfiguration,
    SsoDomain,
    Tenant,
)
from frontegg_async.tree import TenantTree
from tests.support.examples import examples

_FIRST: Final = dt.datetime(1970, 1, 3)  # noqa: DTZ001 - hypothesis adds the zone
NOW: Final = dt.datetime(2026, 5, 4, 9, 30, tzinfo=dt.UTC)
_ALL: Final = [
    kind
    for kind in (*(getattr(models, name) for name in models.__all__), TenantTree)
    if isinstance(kind, type)
    and issubclass(kind, Serializable)
    and kind not in (Model, ModelWithMetadata, Serializable)
]
_MODELS: Final[list[type[Model]]] = [kind for kind in _ALL if issubclass(kind, Model)]

_TEXT: Final = st.text(st.characters(codec="utf-8"), max_size=8)
_JSON: Final = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | _TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner, max_size=3),
    max_leaves=6,
)
_ZONES: Final = st.timedeltas(-dt.timedelta(hours=14), dt.timedelta(hours=14)).map(dt.timezone)
_MOMENTS: Final = st.datetimes(_FIRST, _FIRST.replace(year=2200), timezones=_ZONES)
_SCALARS: Final[dict[object, st.SearchStrategy[Any]]] = {
    str: _TEXT,
    int: st.integers(),
    float: st.floats(allow_nan=False, allow_infinity=False),
    bool: st.booleans(),
    dt.datetime: _MOMENTS,
    NoneType: st.none(),
    Secret: _TEXT.map(Secret),
}


def _values(hint: object) -> st.SearchStrategy[Any]:
    """What a field with this annotation may hold."""
    if hint == Mapping[str, str]:
        return st.dictionaries(_TEXT, _TEXT, max_size=3)
    if holds_json(hint):
        return st.dictionaries(_TEXT, _JSON, max_size=3) if get_origin(hint) is Mapping else _JSON
    if get_origin(hint) is tuple:
        return st.lists(_values(get_args(hint)[0]), max_size=3).map(tuple)
    if isinstance(hint, type) and attrs.has(hint):
        return _objects(hint)
    if isinstance(hint, type) and issubclass(hint, enum.Enum):
        return st.sampled_from(hint)
    if hint in _SCALARS:
        return _SCALARS[hint]
    return st.one_of(*map(_values, get_args(hint)))


def _objects(model: type) -> st.SearchStrategy[Any]:
    if model is TenantTree:
        nodes = st.lists(_objects(models.TreeNode), min_size=1, max_size=4, unique_by=lambda node: node.tenant_id)
        return nodes.map(lambda each: TenantTree(each, range(-1, len(each) - 1)))
    hints = get_type_hints(model)
    fields = {field.name: _values(hints[field.name]) for field in attrs.fields(model)}
    fields["extra"] = st.dictionaries(_TEXT.map("x{}".format), _JSON, max_size=3)
    return st.fixed_dictionaries({name: fields[name] for name in hints if name in fields}).map(lambda f: model(**f))


def _has_secrets(model: type) -> bool:
    """Whether a model has a secret, or a part of it has one."""
    kinds = [kind for hint in get_type_hints(model).values() for kind in (hint, *get_args(hint))]
    return Secret in kinds or any(_has_secrets(kind) for kind in _MODELS if kind in kinds and kind is not model)


def _names(model: type) -> list[str]:
    return [str(field.alias) for field in attrs.fields(model) if field.init]


def test_the_public_models_are_found() -> None:
    """Among them are those of each kind: with a parameter, without equality of `Value`, and outside of the package."""
    assert {"Claims", "Page", "RequestSnapshot", "Response", "Tenant", "TenantTree"} <= {kind.__name__ for kind in _ALL}
    public = [getattr(models, name) for name in models.__all__]
    classes = {kind.__name__ for kind in public if isinstance(kind, type) and attrs.has(kind)}
    assert classes - {"UserToInvite", "UserToMigrate"} <= {kind.__name__ for kind in _ALL}  # which are only sent


@pytest.mark.parametrize("model", _MODELS)
@examples(20)
@given(data=st.data())
def test_a_model_comes_back_from_its_dict(model: type[Model], data: st.DataObject) -> None:
    """In both modes; JSON text has the same content as the dict, and secrets are lost."""
    value = data.draw(_objects(model))

    plain = value.to_dict()
    back = model.from_dict(plain)

    assert list(plain) == _names(model)
    assert json.loads(value.to_json()) == plain
    assert model.from_dict(value.to_dict(mode="python")) == value
    assert back.to_dict() == plain
    assert (back == value) or _has_secrets(model)


@pytest.mark.parametrize("model", _MODELS)
def test_an_empty_dict_lacks_what_is_required(model: type[Model]) -> None:
    """The message names the first field without a default that is no secret; a model without one is made."""
    hints = get_type_hints(model)
    fields = attrs.fields(cast("type[attrs.AttrsInstance]", model))
    without_default = [field for field in fields if field.init and field.default is attrs.NOTHING]
    required = [str(field.alias) for field in without_default if hints[field.name] != Secret]
    secrets = [field.name for field in without_default if hints[field.name] == Secret]
    if required:
        with pytest.raises(InvalidArgumentError) as caught:
            model.from_dict({})
        assert str(caught.value) == f"data.{required[0]} is missing"
    else:
        made = model.from_dict({})
        assert all(getattr(made, name) is None for name in secrets)
        assert secrets or made == model()


@pytest.mark.parametrize("model", _MODELS)
@examples(3)
@given(data=st.data())
def test_a_value_of_another_type_is_refused(model: type[Model], data: st.DataObject) -> None:
    """The message names the field and the type, and never quotes the value."""
    plain = data.draw(_objects(model)).to_dict()
    for name in _names(model):
        with pytest.raises(InvalidArgumentError) as caught:
            model.from_dict(plain | {name: {"hunter2"}})

        message = str(caught.value)
        assert message.startswith(f"data.{name}")
        assert message.endswith((" set", " is of type set, which JSON cannot hold"))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"tenant_id": 1}, "data.tenant_id must be text, not int"),
        ({"tenant_id": None}, "data.tenant_id must be text, not null"),
        (
            {"tenant_id": "a", "created_at": "yesterday"},
            "data.created_at must be a time in the form of RFC 3339 or null, not str",
        ),
        ({"tenant_id": "a", "is_locked": 1}, "data.is_locked must be True or False or null, not int"),
        (
            {"tenant_id": "a", "number_of_employees": True},
            "data.number_of_employees must be a whole number or text or null, not bool",
        ),
        (
            {"tenant_id": "a", "metadata": {"a": [Tenant]}},
            "data.metadata['a'][0] is of type type, which JSON cannot hold",
        ),
        (
            {"tenant_id": "a", "metadata": {"b": {1: 2}}},
            "data.metadata['b'] has a key of type int: keys must be text",
        ),
        (
            {"tenant_id": "a", "metadata": [math.nan]},
            "data.metadata[0] must be a finite number: JSON has no NaN and no infinity",
        ),
        ({"tenant_id": "a", "extra": 3, "more": 1}, "data.extra must be a mapping, not int"),
        (
            {"tenantId": "acme", "createdAt": "2026-05-04T09:30:00Z"},
            "data.tenant_id is missing: from_dict takes the names of attributes, not the service's name 'tenantId'",
        ),
        ("acme", "data must be a mapping with the fields of Tenant, not str"),
    ],
)
def test_the_message_says_what_is_allowed(data: Any, message: str) -> None:
    """In words, and not in types of Python."""
    with pytest.raises(InvalidArgumentError) as caught:
        Tenant.from_dict(data)
    assert str(caught.value) == message
    assert caught.value.__context__ is None


def test_the_message_has_the_path_to_a_nested_field() -> None:
    """With the position in a list."""
    with pytest.raises(InvalidArgumentError, match=r"^data\.domains\[1\]\.id must be text, not null$"):
        SsoConfiguration.from_dict({"id": "c", "domains": [{"id": "d"}, {"id": None}]})
    with pytest.raises(InvalidArgumentError, match=r"^data\.domains must be a list, not str$"):
        SsoConfiguration.from_dict({"id": "c", "domains": "d"})
    with pytest.raises(InvalidArgumentError, match=r"^data is not allowed: nodes must begin with the root"):
        TenantTree.from_dict({"nodes": [], "parents": []})


def test_unknown_keys_are_kept_in_extra() -> None:
    """As the unknown fields of a response; a model without ``extra`` ignores them, as in a response too."""
    tenant = Tenant.from_dict({"tenant_id": "acme", "extra": {"a": 1}, "newField": [2]})

    assert tenant.extra == {"a": 1, "newField": [2]}
    assert Page.from_dict({"items": [], "total": 0, "more": 1}, Tenant) == Page[Tenant](items=(), total=0)


def test_a_secret_is_in_the_dict_only_when_it_is_named() -> None:
    """Null in JSON, the object in the other mode; read back, it is ``None``, and never a placeholder."""
    token = NewTenantApiToken(client_id="c", secret=Secret("hunter2"))

    assert token.to_dict()["secret"] is None
    assert token.to_dict(mode="python")["secret"] is token.secret
    assert "hunter2" not in token.to_json()
    for mode in ("json", "python"):
        assert token.to_dict(mode=mode, reveal=("secret",))["secret"] == "hunter2"
    assert '"secret": "hunter2"' in token.to_json(reveal=("secret",))
    assert NewTenantApiToken.from_dict(token.to_dict()).secret is None
    assert NewTenantApiToken.from_dict({"client_id": "c"}).secret is None
    assert NewTenantApiToken.from_dict(token.to_dict(reveal=("secret",))) == token


def test_one_of_two_secrets_can_be_revealed() -> None:
    """The other one stays null."""
    configuration = SsoConfiguration(id="c", oidc_secret=Secret("one"), idp_client_secret=Secret("two"))

    plain = configuration.to_dict(reveal=["idp_client_secret"])

    assert (plain["oidc_secret"], plain["idp_client_secret"]) == (None, "two")


@pytest.mark.parametrize(
    ("reveal", "message"),
    [
        (("id",), "reveal has 'id', which is no secret of SsoConfiguration: allowed is idp_client_secret, oidc_secret"),
        ("oidc_secret", "reveal must be a collection of names, such as ('oidc_secret',)"),
        (True, "reveal must be a collection of names, such as ('secret',)"),
        (None, "reveal must be a collection of names, such as ('secret',)"),
        ((1, "id"), "reveal has 1, which is no secret of SsoConfiguration: allowed is idp_client_secret, oidc_secret"),
    ],
)
def test_a_name_that_is_no_secret_cannot_be_revealed(reveal: Any, message: str) -> None:
    """The message has the names that are allowed."""
    with pytest.raises(InvalidArgumentError) as caught:
        SsoConfiguration(id="c").to_dict(reveal=reveal)
    assert str(caught.value) == message


def test_a_model_without_secrets_reveals_nothing() -> None:
    """The message says that there are none."""
    with pytest.raises(InvalidArgumentError, match="no secret of Tenant: allowed is nothing, since there are no"):
        Tenant(tenant_id="acme").to_json(reveal=("name",))


def test_there_are_two_modes() -> None:
    """Any other is refused."""
    mode: Any = "text"
    with pytest.raises(InvalidArgumentError, match=r"^mode must be 'json' or 'python'$"):
        Tenant(tenant_id="acme").to_dict(mode=mode)


def test_the_other_mode_keeps_objects() -> None:
    """Times and members of enumerations; tuples stay tuples."""
    configuration = SsoConfiguration(
        id="c", type=models.SsoType.OIDC, created_at=NOW, domains=(SsoDomain(id="d"),), default_roles=("r",)
    )

    python, plain = configuration.to_dict(mode="python"), configuration.to_dict()

    assert (python["created_at"], plain["created_at"]) == (NOW, "2026-05-04T09:30:00Z")
    assert (python["type"], type(plain["type"])) == (models.SsoType.OIDC, str)
    assert (python["default_roles"], plain["default_roles"]) == (("r",), ["r"])
    assert python["domains"] == (SsoDomain(id="d").to_dict(),)
    assert SsoConfiguration.from_dict(plain).type is models.SsoType.OIDC


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (NOW, "2026-05-04T09:30:00Z"),
        (NOW.replace(tzinfo=None), "2026-05-04T09:30:00Z"),
        (NOW.replace(microsecond=5), "2026-05-04T09:30:00.000005Z"),
        (NOW.astimezone(dt.timezone(dt.timedelta(hours=2))), "2026-05-04T11:30:00+02:00"),
        (NOW.astimezone(dt.timezone(dt.timedelta(seconds=28))), "2026-05-04T09:30:00Z"),
    ],
)
def test_times_are_rfc_3339(moment: dt.datetime, text: str) -> None:
    """With an offset in whole minutes; a time without one is in UTC."""
    assert Tenant(tenant_id="acme", created_at=moment).to_dict()["created_at"] == text


def test_a_time_without_an_offset_is_in_utc() -> None:
    """As in a response."""
    assert Tenant.from_dict({"tenant_id": "a", "created_at": "2026-05-04T09:30:00"}).created_at == NOW


@pytest.mark.parametrize("metadata", [None, {}, [], "", "pro", 0, False, {"a": [{"b": None}]}, RawText("{no")])
def test_metadata_are_what_they_were(metadata: Any) -> None:
    """None is not empty, and text is not parsed again."""
    tenant = Tenant(tenant_id="acme", metadata=metadata)

    plain = tenant.to_dict()["metadata"]

    assert (plain, type(plain)) == (metadata, str if isinstance(metadata, str) else type(metadata))
    assert Tenant.from_dict(tenant.to_dict()) == tenant
    assert type(Tenant.from_dict({"tenant_id": "a", "metadata": "[1]"}).metadata) is str


def test_a_dict_shares_nothing_with_its_model() -> None:
    """Changes of the one are not seen in the other, in both directions and modes."""
    inner = {"list": [1]}
    tenant = Tenant.from_dict({"tenant_id": "acme", "metadata": {"inner": inner}, "extra": {"more": inner}})
    inner["list"].append(2)
    for plain in (tenant.to_dict(), tenant.to_dict(mode="python")):
        metadata: Any = plain["metadata"]
        metadata["inner"]["list"].append(3)
    assert tenant.to_dict()["metadata"] == tenant.metadata == {"inner": {"list": [1]}}
    assert tenant.extra == {"more": {"list": [1]}}


def test_other_containers_become_plain_ones() -> None:
    """Mappings of other kinds and tuples in metadata that a program made."""
    tenant = Tenant(tenant_id="acme", metadata=MappingProxyType({"a": (1, MappingProxyType({"b": 2}))}))

    assert json.loads(tenant.to_json())["metadata"] == tenant.to_dict()["metadata"] == {"a": [1, {"b": 2}]}


def _to_python(tenant: Tenant) -> object:
    return tenant.to_dict(mode="python")


def _from_dict(tenant: Tenant) -> object:
    return Tenant.from_dict({"tenant_id": "a", "metadata": tenant.metadata})


@pytest.mark.parametrize("write", [Tenant.to_dict, Tenant.to_json, TypeAdapter(Tenant).dump_json])
def test_what_json_cannot_hold_is_refused(write: Callable[[Tenant], object]) -> None:
    """The message has the place and the type."""
    odd: Any = {"at": [1, NOW]}
    with pytest.raises(ValueError, match=r"metadata\['at'\]\[1\] is of type datetime, which JSON cannot hold$"):
        write(Tenant(tenant_id="acme", metadata=odd))


def test_numbers_that_are_not_finite_are_null() -> None:
    """JSON has none of them; a field with a number is treated likewise, and they are not read."""
    tenant = Tenant(tenant_id="acme", metadata={"a": [math.nan, -math.inf, 1.5]})
    response = Response(value=None, status=200, headers={}, trace_id=None, attempts=1, elapsed=math.inf)

    assert tenant.to_dict()["metadata"] == tenant.to_dict(mode="python")["metadata"] == {"a": [None, None, 1.5]}
    assert '"metadata": {"a": [null, null, 1.5]}' in tenant.to_json()
    assert response.to_dict()["elapsed"] is None
    plain: dict[str, object] = {
        "value": None,
        "status": 1,
        "headers": {},
        "trace_id": None,
        "attempts": 1,
        "elapsed": math.nan,
    }
    with pytest.raises(InvalidArgumentError, match=r"^data\.elapsed must be a finite number: JSON has no NaN"):
        Response.from_dict(plain, NoneType)


@pytest.mark.slow
def test_deeply_nested_metadata_are_converted() -> None:
    """Nothing recurses; JSON text of what Python cannot write is refused."""
    deep: Any = []
    for _ in range(100_000):
        deep = [deep]
    tenant = Tenant.from_dict(Tenant(tenant_id="acme", metadata=deep).to_dict())
    with pytest.raises(InvalidArgumentError, match=r"^Tenant has a value that is nested too deeply for JSON text"):
        tenant.to_json()
    with pytest.raises(InvalidArgumentError, match=r"^a JSON value of an item cannot be written .* nested too deep$"):
        Page(items=(tenant,), total=1).to_records()
    assert "metadata" in tables.one("Tenant", tenant)


def _circles() -> Iterator[Any]:
    mapping: dict[str, Any] = {}
    mapping["a"] = mapping["b"] = mapping
    yield mapping
    row: list[Any] = []
    row += [row, (row,)]
    yield row
    inner: dict[str, Any] = {}
    inner["d"] = [inner, {}]
    yield {"c": [inner]}


@pytest.mark.parametrize("circle", [*_circles()])
@pytest.mark.parametrize("use", [Tenant.to_dict, _to_python, Tenant.to_json, _from_dict, TypeAdapter(Tenant).dump_json])
def test_metadata_that_hold_themselves_are_refused(use: Callable[[Tenant], object], circle: Any) -> None:
    """They would be copied for ever."""
    with pytest.raises(ValueError, match=r"metadata contains itself, so that its nesting has no end$"):
        use(Tenant(tenant_id="acme", metadata=circle))


def test_a_page_comes_back() -> None:
    """With its items, and with the numbers of the listing; its items' secrets can be named."""
    page = Page(items=(Tenant(tenant_id="acme", created_at=NOW),), total=7, index=2)

    plain = page.to_dict()

    assert plain == {"items": [page.items[0].to_dict()], "total": 7, "index": 2}
    assert json.loads(page.to_json()) == plain
    assert Page.from_dict(plain, Tenant) == page
    tokens = Page(items=(NewTenantApiToken(client_id="c", secret=Secret("s")),), total=None)
    assert '"s"' not in tokens.to_json()
    assert '"s"' in tokens.to_json(reveal=("secret",))
    assert Page[NewTenantApiToken](items=(), total=0).to_dict(reveal=("secret",))["items"] == []
    with pytest.raises(InvalidArgumentError, match="no secret of NewTenantApiToken"):
        tokens.to_dict(reveal=("client_id",))


def test_the_items_of_a_page_are_checked() -> None:
    """The message has the place in the page."""
    with pytest.raises(InvalidArgumentError, match=r"^data\.items\[1\]\.tenant_id is missing$"):
        Page.from_dict({"items": [{"tenant_id": "a"}, {}], "total": 2}, Tenant)
    with pytest.raises(
        InvalidArgumentError, match=r"^data\.items\[0\]\.tenant_id is missing: from_dict takes the names of attributes"
    ):
        Page.from_dict({"items": [{"tenantId": "a"}], "total": 2}, Tenant)


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (Tenant(tenant_id="acme"), Tenant),
        ((Tenant(tenant_id="acme"),), tuple[Tenant, ...]),
        (Page(items=(Tenant(tenant_id="acme"),), total=1), Page[Tenant]),
        (None, NoneType),
        ("xml", str),
    ],
)
def test_a_response_comes_back(value: Any, kind: Any) -> None:
    """Whatever the operation returns."""
    response = Response(value=value, status=200, headers={"a": "b"}, trace_id=None, attempts=1, elapsed=0.5)

    assert json.loads(response.to_json()) == response.to_dict()
    assert Response.from_dict(response.to_dict(), kind) == response


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("Tenant", "a value of type str"),
        (complex, "complex"),
        (tuple[complex, ...], "a value of type GenericAlias"),
        (Tenant(tenant_id="acme"), "a value of type Tenant"),
        ([Tenant], "a value of type list"),
        (5, "a value of type int"),
    ],
)
def test_the_items_of_a_page_must_have_a_type_that_can_be_read(kind: Any, given: str) -> None:
    """The message names the argument, also for a response."""
    with pytest.raises(InvalidArgumentError) as caught:
        Page.from_dict({"items": [], "total": 0}, kind)
    assert str(caught.value) == f"item must be a model such as Tenant, or a type that contains models, not {given}"
    with pytest.raises(InvalidArgumentError, match=r"^value must be a model"):
        Response.from_dict({"value": 1}, kind)


def test_a_value_that_holds_itself_is_refused() -> None:
    """Outside of metadata too."""
    value: list[object] = []
    value.append(value)
    response = Response(value=value, status=200, headers={}, trace_id=None, attempts=1, elapsed=0.5)
    with pytest.raises(InvalidArgumentError, match=r"^a value of the model contains itself$"):
        response.to_dict()


def test_the_secrets_of_a_response_can_be_named() -> None:
    """Of what the operation returned: a model, or several."""
    token = NewTenantApiToken(client_id="c", secret=Secret("hunter2"))
    for value in (token, (token,), Page(items=(token,), total=1)):
        response: Response[object] = Response(
            value=value, status=200, headers={}, trace_id=None, attempts=1, elapsed=0.5
        )
        assert "hunter2" not in response.to_json()
        assert "hunter2" in response.to_json(reveal=("secret",))
        with pytest.raises(InvalidArgumentError, match="no secret of NewTenantApiToken"):
            response.to_dict(reveal=("status",))


@pytest.mark.parametrize("base", [Model, ModelWithMetadata])
def test_a_base_of_models_is_no_model(base: type[Model]) -> None:
    with pytest.raises(InvalidArgumentError, match=f"{base.__name__} is only a base of models"):
        base.from_dict({})
