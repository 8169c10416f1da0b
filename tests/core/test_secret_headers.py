"""Headers with a token are cached, and never used for another token or request."""

from __future__ import annotations

from frontegg_async._core.http.secret_headers import SecretHeaders
from frontegg_async._values.secret import Secret


def test_they_are_made_once_for_headers_and_a_token() -> None:
    """As long as both are the same objects; equal ones may be changed later."""
    credentials, headers, token = SecretHeaders(), {"a": "b"}, Secret("one")
    made = credentials.of(headers, token)
    assert made == {"a": "b", "Authorization": "Bearer one"}
    assert credentials.of(headers, token) is made
    assert headers == {"a": "b"}
    assert credentials.of(dict(headers), token) is not made


def test_another_token_is_never_sent() -> None:
    """Nor are the headers of another request, whatever was made before."""
    credentials, headers, first, second = SecretHeaders(), {"a": "b"}, Secret("one"), Secret("two")
    assert credentials.of(headers, first)["Authorization"] == "Bearer one"
    assert credentials.of(headers, second)["Authorization"] == "Bearer two"
    assert credentials.of({}, second) == {"Authorization": "Bearer two"}
    assert credentials.of(headers, first) == {"a": "b", "Authorization": "Bearer one"}


def test_no_token_shows() -> None:
    """Not in what a traceback shows of it."""
    credentials = SecretHeaders()
    credentials.of({}, Secret("canary"))
    assert "canary" not in repr(credentials)
