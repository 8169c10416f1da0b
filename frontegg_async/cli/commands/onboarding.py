"""``frontegg onboard`` and ``frontegg offboard``: calls of several steps. After a failure, another run continues."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Final

from frontegg_async.catalogue.lookups import columns_of, method_at
from frontegg_async.cli.command import Command
from frontegg_async.cli.failures import CommandError, ExitCode, failure_of
from frontegg_async.cli.parameters import parameter_of
from frontegg_async.cli.questions import question_of
from frontegg_async.cli.session import Session
from frontegg_async.errors import OffboardingError, OnboardingError
from frontegg_async.models import Offboarding, OffboardingStep, Onboarding, OnboardingStep, StepOutcome

if TYPE_CHECKING:
    from frontegg_async.client import AsyncFrontegg

_TRIED: Final = (StepOutcome.FAILED, StepOutcome.UNKNOWN)


def onboard(name: str) -> Command:
    """Return the command ``frontegg onboard``.

    Args:
        name: The name of the command.
    """
    return Command(
        name,
        _onboard,
        params=[parameter_of(each) for each in method_at("environment", "onboard").parameters],
        help="Create an account with its applications, its owner, and the owner's roles.\n\n"
        "After a failure, run the command again with the same --tenant-id. Finished steps are not repeated.",
        examples=(f"{name} --tenant-id acme --name Acme --owner-email ada@acme.com --application Portal",),
    )


def offboard(name: str) -> Command:
    """Return the command ``frontegg offboard``.

    Args:
        name: The name of the command.
    """
    return Command(
        name,
        _offboard,
        params=[parameter_of(each) for each in method_at("environment", "offboard").parameters],
        help="End a user's access to an account: sessions, tokens, roles and membership.\n\n"
        "The user may have to sign in to other accounts again. After a failure, run the same command again.",
        examples=(f"{name} 9f02a1d4 --tenant-id acme",),
    )


def _onboard(session: Session, **given: Any) -> int:  # noqa: ANN401 - options have different types
    session.check_fields(columns_of(method_at("environment", "onboard")))
    arguments = {name: value for name, value in given.items() if value not in (None, ())}
    tenant_id = arguments.setdefault("tenant_id", str(uuid.uuid4()))
    advice = f"To continue, run the command again with --tenant-id {tenant_id}."
    return _finish(session, lambda client: client.onboard(**arguments), "the account is incomplete", advice)


def _offboard(session: Session, user_id: str, **given: Any) -> int:  # noqa: ANN401 - as above
    method = method_at("environment", "offboard")
    session.check_fields(columns_of(method))
    arguments = {name: value for name, value in given.items() if value is not None}
    session.confirm(question_of(method, (user_id,)))
    advice = "To continue, run the same command again."
    return _finish(
        session, lambda client: client.offboard(user_id, **arguments), "the user may still have access", advice
    )


def _finish(
    session: Session,
    call: Callable[[AsyncFrontegg], Awaitable[Onboarding | Offboarding]],
    unfinished: str,
    advice: str,
) -> int:
    """Make a call of several steps, and write the outcome of each step, even if a step failed."""
    try:
        _show(session, session.run(call))
    except (OnboardingError, OffboardingError) as error:
        reached = error.onboarding if isinstance(error, OnboardingError) else error.offboarding
        _show(session, reached)
        steps: tuple[OnboardingStep | OffboardingStep, ...] = reached.steps
        step = next(each for each in steps if each.outcome in _TRIED)
        message = f"{unfinished}: the step '{step.name}' is {step.outcome}: {step.message}"
        raise CommandError(message, failure_of(error).code, advice) from None
    except KeyboardInterrupt:
        session.say(advice)
        session.writes.clear()
        raise
    return ExitCode.DONE


def _show(session: Session, reached: Onboarding | Offboarding) -> None:
    """Write the outcomes of the steps."""
    if session.format != "table" or session.fields:
        session.show(reached, id_field="tenant_id" if isinstance(reached, Onboarding) else "user_id")
        return
    if isinstance(reached, Onboarding):
        ids = {"tenant_id": reached.tenant_id, "owner_id": reached.owner_id}
        steps = {" ".join(filter(None, (step.name, step.app_id))): step.outcome for step in reached.steps}
    else:
        ids = {"user_id": reached.user_id, "tenant_id": reached.tenant_id}
        steps = {" ".join(filter(None, (step.name, step.token_id))): step.outcome for step in reached.steps}
    session.show({**ids, **steps})
