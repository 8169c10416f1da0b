"""The switches of migrations: settings that choose how the emulator behaves."""

from __future__ import annotations

from typing import Final, Literal

import attrs

from frontegg_async.emulator.store.switch_group import QUESTION, SwitchGroup, WriteBody, write_body_question


@attrs.frozen(kw_only=True, slots=False, repr=False)
class MigrationSwitches(SwitchGroup):
    """Settings for migrations: how the emulator behaves where no source describes the service."""

    migration_answer: Literal["migration_id", "id", "text", "plain_text"] = attrs.field(
        default="migration_id", metadata={QUESTION: "how the start of a migration returns its id"}
    )
    migration_states: Literal["known", "more"] = attrs.field(
        default="known", metadata={QUESTION: "whether migrations have more states and fields than the assumed ones"}
    )
    migration_failure: Literal["any", "all"] = attrs.field(
        default="any", metadata={QUESTION: "whether a migration fails if any of its tenants fails, or only if all fail"}
    )
    migration_of_known: Literal["accept", "refuse"] = attrs.field(
        default="accept", metadata={QUESTION: "what a migration does with tenants that are in the environment already"}
    )
    migration_tenants: Literal["leave", "lock"] = attrs.field(
        default="leave",
        metadata={QUESTION: "whether the start of a migration locks its tenants that are in the environment"},
    )
    migration_of_unknown: Literal["fail", "complete", "refuse"] = attrs.field(
        default="fail", metadata={QUESTION: "what happens to a tenant of a migration that is not in the environment"}
    )
    unknown_migration: Literal[404, 400] = attrs.field(
        default=404, metadata={QUESTION: "the status if a migration does not exist"}
    )
    migration_write_body: WriteBody = attrs.field(default="object", metadata=write_body_question("migrations"))


SWITCHES: Final = MigrationSwitches
