"""The operations as data, held against the table that was typed from the contract."""

from __future__ import annotations

import re
from typing import Final

import attrs

from frontegg_async._values.fields import OTHERS, sent_model, wire_name
from frontegg_async.endpoints import Auth, Endpoint, Evidence, all_endpoints
from tests.contract_table import OPERATIONS, READS, Operation
from tests.support.every import every

_CREDENTIALS: Final = {
    "none": Auth.NONE,
    "V": Auth.ENVIRONMENT,
    "U": Auth.USER,
    "V+T": Auth.TENANT,
    "V or U": Auth.ENVIRONMENT | Auth.USER,
    "V or V+T": Auth.ENVIRONMENT | Auth.TENANT,
    "V+T or U": Auth.TENANT | Auth.USER,
    "V or V+T or U": Auth.ENVIRONMENT | Auth.TENANT | Auth.USER,
}

_EVIDENCE: Final = {
    "D": Evidence.DOCUMENTED,
    "L": Evidence.LIVE,
    "C": Evidence.CLIENT,
    "A": Evidence.ASSUMED,
}
"""What the marks of the contract stand for, which the table has as the contract writes them."""


def _key(method: str, path: str) -> tuple[str, str]:
    """Path fields are compared by their position: the two tables spell their names differently."""
    return method, re.sub(r"\{[^}]*\}", "{}", path)


_BY_KEY: Final = {_key(operation.method, operation.path): operation for operation in OPERATIONS}
_ENDPOINTS: Final = all_endpoints()


def _operation(endpoint: Endpoint[object]) -> Operation:
    return _BY_KEY[_key(endpoint.method, endpoint.path)]


def _id(endpoint: Endpoint[object]) -> str:
    return endpoint.name


def test_no_operation_is_typed_twice() -> None:
    """Two rows of the table never stand for the same request."""
    assert len(_BY_KEY) == len(OPERATIONS)


def test_no_two_endpoints_are_the_same_request() -> None:
    """Two endpoints never share a method and a path, nor a name."""
    assert len({_key(endpoint.method, endpoint.path) for endpoint in _ENDPOINTS}) == len(_ENDPOINTS)
    assert len({endpoint.name for endpoint in _ENDPOINTS}) == len(_ENDPOINTS)


def test_every_operation_of_the_contract_is_declared() -> None:
    """What the contract has, the endpoints have."""
    assert set(_BY_KEY) - {_key(endpoint.method, endpoint.path) for endpoint in _ENDPOINTS} == set()


def test_every_endpoint_is_in_the_contract() -> None:
    """What the endpoints have, the contract has."""
    assert {_key(endpoint.method, endpoint.path) for endpoint in _ENDPOINTS} - set(_BY_KEY) == set()


@every(_ENDPOINTS, _id)
def test_credential(endpoint: Endpoint[object]) -> None:
    """The credential is the one that the contract asks for."""
    assert endpoint.auth == _CREDENTIALS[_operation(endpoint).credential]


@every(_ENDPOINTS, _id)
def test_user_header(endpoint: Endpoint[object]) -> None:
    """An environment's call names the user where the contract says so."""
    assert endpoint.user_header is _operation(endpoint).user_header


def test_what_writes() -> None:
    """Everything but a GET, and the POST requests that the contract has for reading."""
    writes = {_key(operation.method, operation.path) for operation in OPERATIONS if operation.method != "GET"}
    reads = {("POST", path) for path in READS}
    assert reads < writes
    assert {_key(each.method, each.path) for each in _ENDPOINTS if each.writes} == writes - reads


@every(_ENDPOINTS, _id)
def test_evidence(endpoint: Endpoint[object]) -> None:
    """The evidence is the mark that the contract gives the operation."""
    assert endpoint.evidence is _EVIDENCE[_operation(endpoint).evidence]


@every(_ENDPOINTS, _id)
def test_success_status(endpoint: Endpoint[object]) -> None:
    """The status of success is the contract's."""
    assert endpoint.status == _operation(endpoint).status


@every(_ENDPOINTS, _id)
def test_query(endpoint: Endpoint[object]) -> None:
    """The query parameters are the contract's, by their names on the wire."""
    assert set(endpoint.query) == _operation(endpoint).query


@every(_ENDPOINTS, _id)
def test_body(endpoint: Endpoint[object]) -> None:
    """The body has the contract's fields, by their names on the wire, less those left out on purpose."""
    fields = () if endpoint.body is None else attrs.fields(sent_model(endpoint.body))
    sent = {wire_name(field) for field in fields if OTHERS not in field.metadata}

    assert sent == _operation(endpoint).body
