"""The retry budget: how it is charged and credited, and which clients share one."""

from __future__ import annotations

import gc
import threading

from hypothesis import given
from hypothesis import strategies as st

from frontegg_async import AsyncFrontegg
from frontegg_async._core.call.retry_budget import RetryBudget, shared_budget
from frontegg_async.regions import parse_base_url
from tests.fleet.memory import MemoryGate


def test_a_full_budget_bears_fifty_failures() -> None:
    """Of a hundred tokens, retries stop when half or less is left."""
    budget = RetryBudget()
    for failures in range(49):
        assert budget.allows, failures
        budget.spend()
    last = budget.allows
    budget.spend()
    assert (last, budget.allows) == (True, False)


def test_a_success_earns_half_a_failure() -> None:
    """Two successes make up for one failure."""
    budget = RetryBudget()
    for _ in range(51):
        budget.spend()
    for is_allowed in (False, False, True):
        budget.earn()
        assert budget.allows is is_allowed


def test_a_budget_is_never_overdrawn_or_overfull() -> None:
    """However long it went badly, a hundred successes and one allow retries again; and good times save nothing."""
    budget = RetryBudget()
    for _ in range(10_000):
        budget.spend()
    for _ in range(100):
        budget.earn()
    last = budget.allows
    budget.earn()
    assert (last, budget.allows) == (False, True)
    for _ in range(10_000):
        budget.earn()
    for _ in range(50):
        assert budget.allows
        budget.spend()
    assert not budget.allows


@given(st.lists(st.booleans(), max_size=500))
def test_the_budget_is_an_account(successes: list[bool]) -> None:
    """It is at every moment what a plain account would be."""
    budget = RetryBudget()
    left = 100.0
    for success in successes:
        if success:
            budget.earn()
        else:
            budget.spend()
        left = min(100.0, left + 0.5) if success else max(0.0, left - 1.0)
        assert budget.allows is (left > 50.0)


def test_clients_of_an_environment_share_a_budget() -> None:
    """At one host; another host or another environment has its own."""
    budget = shared_budget("https://a.example", "one")

    assert shared_budget("https://a.example", "one") is budget
    assert shared_budget("https://a.example", "two") is not budget
    assert shared_budget("https://b.example", "one") is not budget
    assert shared_budget("https://a.example") is not budget


def test_a_budget_goes_with_the_last_that_has_it() -> None:
    """Nothing is kept of environments that are used no more."""
    budget = shared_budget("https://gone.example", "one")
    for _ in range(100):
        budget.spend()
    del budget
    gc.collect()

    assert shared_budget("https://gone.example", "one").allows


def test_threads_get_the_same_budget_and_lose_nothing() -> None:
    """What they spend at the same time is accounted for."""
    budgets: list[RetryBudget] = []
    barrier = threading.Barrier(8)

    def work() -> None:
        barrier.wait()
        budgets.append(shared_budget("https://threads.example", "one"))
        for _ in range(6):
            budgets[-1].spend()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    budget = budgets.pop()
    assert all(each is budget for each in budgets)
    budget.spend()
    last = budget.allows
    budget.spend()
    assert (last, budget.allows) == (True, False)


def test_users_have_the_budget_of_the_environment_at_their_address() -> None:
    """And what else their calls share with its own."""
    client = AsyncFrontegg("emu_client", "emu_secret", base_url="http://127.0.0.1:1", rate_gate=MemoryGate())
    environment = client._environment
    users = environment.users(parse_base_url("http://127.0.0.1:2"))
    assert users.budget is shared_budget("http://127.0.0.1:2", "emu_client")
    assert users.rates is not None
    assert users.rates is not environment.context.rates
    assert users.observers is environment.context.observers
    assert environment.users(parse_base_url("http://127.0.0.1:2")) is users
