"""What JWT templates make of tokens: variables, targeting, signatures and lifetimes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import jwt
import pytest

from frontegg_async.emulator import EmulatorHandle
from frontegg_async.emulator.services.applications.rows import DEFAULT_APPLICATION
from frontegg_async.emulator.services.roles.rows import DEFAULT_ROLES
from frontegg_async.models import DEFAULT_JWT_CLAIMS
from frontegg_sync import Frontegg

_TENANT: Final = {"tenantId": "acme", "name": "Acme", "metadata": {"plan": "team", "seats": 3}}
_ANN: Final = {"id": "ann", "email": "ann@acme.example", "password": "emu_ann", "tenantId": "acme", "roles": ["Admin"]}


@pytest.fixture
def frontegg(frontegg_emulator: EmulatorHandle) -> Frontegg:
    """A client of an environment with an account and a user."""
    frontegg_emulator.seed(tenants=[_TENANT], users=[_ANN])
    return frontegg_emulator.client()


def _target(frontegg: Frontegg, *conditions: Mapping[str, Any], **more: Any) -> None:
    """Have a template whose claim ``mark`` tells it, for the tokens for which conditions hold."""
    given = {"claims": {**DEFAULT_JWT_CLAIMS, "mark": True}, "expiration": 60, **more}
    frontegg.jwt_templates.create(key="t", name="T", **given)
    frontegg.jwt_templates.targeting.set(rules=[{"template_key": "t", "conditions": list(conditions)}])


def _claims(emulator: EmulatorHandle) -> dict[str, Any]:
    token = emulator.user_token(tenant_id="acme", user_id="ann").access_token
    found: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return found


_HOLDS: Final = {"attribute": "tenantId", "op": "in_list", "values": ["acme"]}


@pytest.mark.parametrize(
    ("attribute", "op", "values", "negate", "holds"),
    [
        ("tenantId", "in_list", ["other", "acme"], False, True),
        ("tenantId", "in_list", ["acm"], False, False),
        ("tenantId", "in_list", ["acme"], True, False),
        ("userEmail", "ends_with", ["@acme.example"], False, True),
        ("userEmail", "contains", ["@acme."], False, True),
        ("userId", "in_list", ["ann"], False, True),
        ("roleIds", "in_list", [DEFAULT_ROLES[0].id], False, True),
        ("tokenType", "in_list", ["userApiToken"], False, False),
        ("applicationId", "in_list", [DEFAULT_APPLICATION.id], False, True),
    ],
)
def test_conditions(
    frontegg: Frontegg,
    frontegg_emulator: EmulatorHandle,
    *,
    attribute: str,
    op: str,
    values: list[str],
    negate: bool,
    holds: bool,
) -> None:
    """A token gets the template if the condition holds, and the default claims otherwise."""
    condition = {"attribute": attribute, "op": op, "values": values, "negate": negate}
    _target(frontegg, condition)
    assert ("mark" in _claims(frontegg_emulator)) is holds


def test_variables(frontegg: Frontegg, frontegg_emulator: EmulatorHandle) -> None:
    """They keep their types, may stand within text and nested values, and leave their claim out if they have none."""
    own = {
        "seats": "{{ user.tenant.metadata.seats }}",
        "text": "{{user.tenant.name}} ({{user.tenant.metadata.seats}}) {{no.such}}",
        "nested": {"plans": ["{{user.tenant.metadata.plan}}", "{{no.such}}"], "none": "{{user.no}}"},
        "all": "{{user.tenant.metadata}}",
        "constant": 7,
        "none": "{{user.tenant.metadata.none}}",
    }
    _target(frontegg, _HOLDS, claims={**DEFAULT_JWT_CLAIMS, **own})
    found = _claims(frontegg_emulator)

    assert {name: found.get(name) for name in own} == {
        "seats": 3,
        "text": "Acme (3) ",
        "nested": {"plans": ["team"]},
        "all": {"plan": "team", "seats": 3},
        "constant": 7,
        "none": None,
    }
    assert "none" not in found
    assert (found["type"], found["roles"], found["email_verified"]) == ("userToken", ["Admin"], True)

    frontegg_emulator.set_switch("jwt_unknown_variable", "null")
    assert _claims(frontegg_emulator)["none"] is None


def test_only_the_claims_of_the_template(frontegg: Frontegg, frontegg_emulator: EmulatorHandle) -> None:
    """Kind and tenant are always there; without permissions, it is still a token of its user."""
    bare = {name: f"{{{{{name}}}}}" for name in ("iss", "sub", "exp", "iat")} | {"aud": "{{clientId}}"}
    _target(frontegg, _HOLDS, claims=bare, algorithm="hs256")
    token = frontegg_emulator.user_token(tenant_id="acme", user_id="ann", permissions=["fe.secure.*"]).access_token

    assert jwt.get_unverified_header(token)["alg"] == "HS256"
    assert set(jwt.decode(token, options={"verify_signature": False})) == {*bare, "tenantId", "type"}
    assert frontegg.as_user(token).account_settings.get().tenant_id == "acme"


def test_a_template_that_is_gone(frontegg: Frontegg, frontegg_emulator: EmulatorHandle) -> None:
    """The rule chooses nothing, and tokens have the default claims."""
    _target(frontegg, _HOLDS)
    (template,) = frontegg.jwt_templates.list().all()
    frontegg.jwt_templates.delete(template.id)
    assert "mark" not in _claims(frontegg_emulator)


def test_a_description_is_cleared(frontegg: Frontegg) -> None:
    """``None`` clears it, and what is not given stays."""
    _target(frontegg, _HOLDS, description="for partners")
    (template,) = frontegg.jwt_templates.list().all()
    assert frontegg.jwt_templates.update(template.id, name="U").description == "for partners"
    cleared = frontegg.jwt_templates.update(template.id, description=None)
    assert (cleared.name, cleared.description) == ("U", "")
