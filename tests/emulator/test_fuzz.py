"""The settings for schemathesis: which findings it must ignore, each with a reason that still holds."""

from __future__ import annotations

import tomllib
from typing import Any, Final

from checks import CASES
from quality import fuzz

from frontegg_async.emulator.http.routes import route_table
from frontegg_async.emulator.openapi.document import document, wire_path
from frontegg_async.endpoints import Auth, all_endpoints
from tests.support.every import every

_DOCUMENT: Final[dict[str, Any]] = document()
_ROUTES: Final = route_table()
_METHODS: Final = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"})


def test_the_settings_are_toml_with_a_token_for_a_scheme_of_the_document() -> None:
    """Refusals name operations that the document has."""
    settings = tomllib.loads(fuzz.settings("userToken", "a.b.c", 3))
    schemes = _DOCUMENT["components"]["securitySchemes"]
    named = [name for each in settings["operations"] for name in each["include-operation-id"]]

    assert settings["auth"]["openapi"]["userToken"]["bearer"] == "a.b.c"
    assert set(settings["auth"]["openapi"]) <= set(schemes)
    assert settings["generation"]["max-examples"] == 3
    assert set(named) <= {each.name for each in all_endpoints() if each.body or each.auth or each.query}
    assert len(named) == len(set(named))


def test_operations_that_ask_for_a_header_with_one_kind_of_token_may_refuse() -> None:
    """The document cannot require the header of the user: with the user's own token it is not needed."""
    asking = {
        operation["operationId"]
        for methods in _DOCUMENT["paths"].values()
        for operation in methods.values()
        if any(part.get("name") == "frontegg-user-id" for part in operation.get("parameters", ()))
    }
    assert set(fuzz.REFUSALS["a header that only one kind of token needs"]) == asking


def test_each_token_is_tried_on_the_operations_that_take_it() -> None:
    """An environment's on the others, too, which must refuse it."""
    assert set(fuzz.operations_of("userToken")) == {each.name for each in all_endpoints() if Auth.USER in each.auth}
    assert set(fuzz.operations_of("environmentToken")) == {each.name for each in all_endpoints()}


def test_one_check_alone_is_off() -> None:
    """All others are on for all operations, though some may answer 400 to what fits their schema."""
    settings = tomllib.loads(fuzz.settings("userToken", "a.b.c", 3))

    assert settings["checks"] == {"unsupported_method": {"enabled": False}}
    for each in settings["operations"]:
        assert list(each["checks"]) == ["positive_data_acceptance"]
        assert "enabled" not in each["checks"]["positive_data_acceptance"]


@every(tuple(_DOCUMENT["paths"]))
def test_a_method_that_a_path_does_not_have_is_an_unknown_route(path: str) -> None:
    """In the place of the check that is off: the service's framework answers 404, and not 405."""
    declared = {method.upper() for method in _DOCUMENT["paths"][path]}
    found = {method: _ROUTES.find(method, path) for method in _METHODS}

    assert {method for method, route in found.items() if route and wire_path(route[0].endpoint) == path} == declared


def test_the_last_line_goes_into_that_of_make_test() -> None:
    """Operations, cases and failures."""
    found = CASES.fullmatch("schemathesis: 90 operations, 9586 cases, no failures, 24 s")

    assert found is not None
    assert found[1] == "90 operations, 9586 cases, no failures"
