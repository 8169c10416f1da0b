"""Budgets: their limits and their routes."""

from __future__ import annotations

import pytest

from frontegg_async.errors import ConfigurationError
from frontegg_async.integrations.redis import Budget, RedisRateGate
from frontegg_async.integrations.redis.budgets import check_budgets

ONE = Budget(60, 60)


@pytest.mark.parametrize(
    ("budget", "interval"),
    [(Budget(60, 60), 1.0), (Budget(60, 60, burst=11), 1.2), (Budget(5, 10, burst=5), 10.0), (Budget(1, 0.5), 0.5)],
)
def test_a_burst_does_not_change_the_total(budget: Budget, interval: float) -> None:
    """In any period, the burst and the evenly spaced rest give the same total."""
    assert budget.interval == pytest.approx(interval)
    assert budget.burst + budget.seconds / budget.interval <= budget.requests + 1 + 1e-9


def test_budgets_are_for_routes() -> None:
    """The key is the name of an operation, a route with any parameter names, or ``*`` for all requests."""
    given = {"tenants.list": ONE, "GET /custom/{this}/of/{that}": ONE, "*": ONE}
    assert list(check_budgets(given)) == ["GET /tenants/resources/tenants/v2", "GET /custom/{}/of/{}", "*"]
    assert check_budgets(None) == {}


@pytest.mark.parametrize(
    ("budgets", "message"),
    [
        ({"tenant.list": ONE}, r"^budgets\['tenant.list'\] names no operation, .*; did you mean 'tenants.list'\?$"),
        ({"nothing like it": ONE}, r"^budgets\['nothing like it'\] names no operation, .* and is not '\*'$"),
        ({5: ONE}, r"^budgets\[5\] names no operation"),
        ({"*": (60, 60)}, r"^budgets\['\*'\] must be a Budget, not tuple$"),
        ([("*", ONE)], r"^budgets must be a mapping of operations to Budget, not list$"),
        (
            {"tenants.list": ONE, "GET /tenants/resources/tenants/v2": ONE},
            r"^budgets has two keys for the same route, GET ",
        ),
    ],
)
def test_bad_budgets_are_named(budgets: object, message: str) -> None:
    """The message names what is allowed, and the closest operation."""
    with pytest.raises(ConfigurationError, match=message):
        RedisRateGate("redis://localhost", budgets=budgets)  # type: ignore[arg-type] # that is the point


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ((0, 1), r"^requests must be a whole number from 1 to 1,000,000$"),
        ((1.5, 1), "^requests must be"),
        ((True, 1), "^requests must be"),
        ((1, 0), r"^seconds must be a number from 0.001 to 86,400$"),
        ((1, float("nan")), "^seconds must be"),
        ((1, float("inf")), "^seconds must be"),
        ((1, "1"), "^seconds must be"),
        ((3, 1, 4), r"^burst must be a whole number from 1 to requests, which is 3$"),
        ((3, 1, 0), "^burst must be"),
    ],
)
def test_bad_values_are_named(values: tuple[object, ...], message: str) -> None:
    """The message names the allowed range."""
    with pytest.raises(ConfigurationError, match=message):
        Budget(*values)  # type: ignore[arg-type] # that is the point
