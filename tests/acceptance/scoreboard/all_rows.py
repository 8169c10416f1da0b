"""All rows of the scoreboard, in order of their numbers."""

from __future__ import annotations

from typing import Final

from tests.acceptance.scoreboard.row import Row
from tests.acceptance.scoreboard.rows import (
    application_functions,
    audit_tails,
    broken_streams,
    changing_accounts,
    chaos_proxy,
    closed_loops,
    creations,
    deadlines,
    entitlements,
    environments,
    errors_as_values,
    folded_names,
    hidden_retries,
    hostile_bodies,
    loops,
    mixed_settings,
    mutated_answers,
    origins,
    outage,
    path_parameters,
    poisoned_pool,
    rate_limits,
    recipes,
    retry_policy,
    soak,
    stalled_peers,
    state_machines,
    suite,
    suite_quality,
    tls,
    token_expiry,
    token_fetches,
    token_verification,
)
from tests.acceptance.scoreboard.rows.canaries import canaries
from tests.acceptance.scoreboard.rows.foreign_objects import row_41
from tests.acceptance.scoreboard.rows.guards import guards
from tests.acceptance.scoreboard.rows.ledgers_and_keys import ledgers_and_keys
from tests.acceptance.scoreboard.rows.mcp import answers, worst_models
from tests.acceptance.scoreboard.rows.mirror import events, storms, upgrades
from tests.acceptance.scoreboard.rows.plans import changes_of_others, killed_applies, secrets_of_plans
from tests.acceptance.scoreboard.rows.webhook_deliveries import webhook_deliveries
from tests.acceptance.scoreboard.rows.writes import every_write, look_alikes, proxies

_MODULES: Final = (
    answers,
    application_functions,
    broken_streams,
    audit_tails,
    canaries,
    changes_of_others,
    changing_accounts,
    chaos_proxy,
    closed_loops,
    creations,
    deadlines,
    entitlements,
    environments,
    errors_as_values,
    events,
    every_write,
    folded_names,
    guards,
    hidden_retries,
    hostile_bodies,
    killed_applies,
    ledgers_and_keys,
    look_alikes,
    loops,
    mixed_settings,
    mutated_answers,
    origins,
    outage,
    path_parameters,
    poisoned_pool,
    proxies,
    rate_limits,
    recipes,
    retry_policy,
    row_41,
    secrets_of_plans,
    soak,
    stalled_peers,
    state_machines,
    storms,
    suite,
    suite_quality,
    tls,
    token_expiry,
    token_fetches,
    token_verification,
    upgrades,
    webhook_deliveries,
    worst_models,
)

ROWS: Final[tuple[Row, ...]] = tuple(
    sorted((row for module in _MODULES for row in module.ROWS), key=lambda row: row.number)
)
