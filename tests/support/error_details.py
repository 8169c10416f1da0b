"""Details of an error with every field set, for tests that pickle and compare errors."""

from __future__ import annotations

import attrs

from frontegg_async import NotFoundError, Outcome
from frontegg_async.errors import ErrorDetails, ErrorResponse, Fault, Move, Place
from frontegg_async.models.migrations import MigratedTenant, Migration
from frontegg_async.models.offboarding import Offboarding
from frontegg_async.models.onboarding import Onboarding, OnboardingStep, StepName, StepOutcome


def full_details(depth: int = 1) -> ErrorDetails:
    """Return details with every field set, and errors in them."""
    inner = (NotFoundError("inner", full_details(depth - 1)),) if depth else ()
    return ErrorDetails(
        endpoint="tenants.create",
        attempts=3,
        elapsed=1.25,
        outcome=Outcome.UNKNOWN,
        trace_id="trace",
        retry_after=2.5,
        reason="status 503",
        code="ER-00008",
        codes=("ER-00008", "ER-00009"),
        messages=("one", "zwei \u00e9"),
        response=ErrorResponse(status=503, trace_id="trace", content_type="text/html", body={"a": [1, None, "x"]}),
        succeeded=("a",),
        failed={f"b{number}": error for number, error in enumerate(inner)},
        unknown=("c",),
        paths=("$.a: expected str, got int",),
        move=Move(child_id="a", old_parent_id="b", new_parent_id="c", parent_id="d", failures=inner),
        missing=("fe.read",),
        argument="name",
        faults=(Fault(Place("accounts.yml", 3, 5), "name must be text, not int"),),
        migration=Migration(migration_id="m", status="pending", tenants=(MigratedTenant(tenant_id="a", status="new"),)),
        onboarding=Onboarding(tenant_id="a", steps=(OnboardingStep(name=StepName.TENANT, outcome=StepOutcome.DONE),)),
        offboarding=Offboarding(user_id="u", tenant_id="a", steps=()),
        asked={"name": "Acme", "metadata": {"a": 1}},
        of_user=True,
    )


def unset_fields(details: ErrorDetails) -> list[str]:
    """Return the fields that have their default: tests of all fields would say nothing about them."""
    return [
        each.name
        for each in attrs.fields(ErrorDetails)
        if getattr(details, each.name) == getattr(ErrorDetails(), each.name)
    ]
