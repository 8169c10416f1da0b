"""Refused secrets are remembered for a minute by host, client id and secret, up to a limit."""

from __future__ import annotations

import pytest

from frontegg_async._core.auth.secret_exchange import REFUSAL_MEMORY, RefusedSecret, RefusedSecrets
from frontegg_async._values.secret import Secret
from frontegg_async.errors import AuthenticationError

_ACCOUNT = ("https://host.example", "client")
_SECRET = Secret("s1")


def _refused(at: float) -> RefusedSecret:
    return RefusedSecret(at, AuthenticationError("refused"))


@pytest.mark.parametrize(
    ("now", "is_known"), [(99.9, False), (100.0, True), (159.9, True), (160.0, False), (1e9, False)]
)
def test_a_minute(now: float, *, is_known: bool) -> None:
    """From the refusal on, and not before it, as a clock of another process might say."""
    refusals, refusal = RefusedSecrets(), _refused(100.0)
    refusals.add(_ACCOUNT, _SECRET, refusal)
    assert REFUSAL_MEMORY == 60.0
    assert refusals.find(_ACCOUNT, _SECRET, now) is (refusal if is_known else None)


@pytest.mark.parametrize(
    ("account", "secret"),
    [
        (("https://other.example", "client"), _SECRET),
        (("https://host.example", "other"), _SECRET),
        (_ACCOUNT, Secret("s2")),
    ],
)
def test_another_is_not_refused(account: tuple[str, str], secret: Secret) -> None:
    """Neither another host nor another client id nor another secret has to do with it."""
    refusals = RefusedSecrets()
    refusals.add(_ACCOUNT, _SECRET, _refused(100.0))
    assert refusals.find(account, secret, 100.0) is None


def test_forgetting_is_by_account() -> None:
    """All secrets of one client id at one host; others stay refused."""
    refusals = RefusedSecrets()
    other = ("https://host.example", "other")
    for account in (_ACCOUNT, other):
        for secret in (_SECRET, Secret("s2")):
            refusals.add(account, secret, _refused(100.0))
    refusals.forget(_ACCOUNT)
    known = [
        refusals.find(account, secret, 100.0) is not None
        for account in (_ACCOUNT, other)
        for secret in (_SECRET, Secret("s2"))
    ]
    assert known == [False, False, True, True]


def test_so_many() -> None:
    """There is room for 256: one more pushes out the oldest alone."""
    refusals = RefusedSecrets()
    for number in range(257):
        refusals.add(_ACCOUNT, Secret(f"s{number}"), _refused(100.0))
    known = [refusals.find(_ACCOUNT, Secret(f"s{number}"), 100.0) is not None for number in range(257)]
    assert known == [False] + [True] * 256
