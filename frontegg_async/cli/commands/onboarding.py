"""``frontegg onboard``: an account with its applications and its owner, in steps that the next run takes up."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any, Final

import click

from frontegg_async.cli.command import Command
from frontegg_async.cli.failures import CommandError, ExitCode, failure_of
from frontegg_async.cli.parameters import fields_of
from frontegg_async.cli.results import columns_of
from frontegg_async.cli.session import Session
from frontegg_async.client import AsyncFrontegg
from frontegg_async.errors import OnboardingError
from frontegg_async.models import Onboarding, StepOutcome

_REPEATED: Final = {
    "roles": ("--role", "The key of a role that the owner gets, Admin by default; may be repeated."),
    "applications": (
        "--application",
        "The whole name of an application that the account gets beside those that all have; may be repeated.",
    ),
}
"""Options that are named in the singular too."""
_TRIED: Final = (StepOutcome.FAILED, StepOutcome.UNKNOWN)


def onboard(name: str) -> Command:
    """Return the command.

    Args:
        name: Its name.
    """
    return Command(
        name,
        _run,
        params=list(_options()),
        help="Make an account: its tenant, its applications, its owner, and the owner's roles.\n\n"
        "What was done before is left as it is: after a failure, run it again with the same --tenant-id.",
        examples=(f"{name} --tenant-id acme --name Acme --owner-email ada@acme.com --application Portal",),
    )


def _options() -> Iterator[click.Parameter]:
    for field in fields_of(AsyncFrontegg.onboard):
        if field.name not in _REPEATED:
            yield field.parameter
            continue
        flag, about = _REPEATED[field.name]
        yield click.Option([flag, f"--{field.name}", field.name], multiple=True, help=about)


def _run(session: Session, **given: Any) -> int:  # noqa: ANN401 - of as many kinds as there are options
    session.check_fields(columns_of(Onboarding))
    arguments = {name: value for name, value in given.items() if value not in (None, ())}
    tenant_id = arguments.setdefault("tenant_id", str(uuid.uuid4()))
    advice = f"To go on, run it again with --tenant-id {tenant_id}."
    try:
        _show(session, session.run(lambda client: client.onboard(**arguments)))
    except OnboardingError as error:
        _show(session, error.onboarding)
        step = next(each for each in error.onboarding.steps if each.outcome in _TRIED)
        message = f"the account is incomplete: the step '{step.name}' is {step.outcome}: {step.message}"
        raise CommandError(message, failure_of(error).code, advice) from None
    except KeyboardInterrupt:
        session.say(advice)
        raise
    return ExitCode.DONE


def _show(session: Session, made: Onboarding) -> None:
    """Write what was made; for people each step in a line of its own."""
    if session.format == "table" and not session.fields:
        steps = {" ".join(filter(None, (step.name, step.app_id))): step.outcome for step in made.steps}
        session.show({"tenant_id": made.tenant_id, "owner_id": made.owner_id, **steps})
    else:
        session.show(made, id_field="tenant_id")
