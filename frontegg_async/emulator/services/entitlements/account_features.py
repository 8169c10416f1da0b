"""Decides which features an account may use if no user is known, and why. Frontegg's SDKs decide in the same way."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Sequence
from types import ModuleType
from typing import Final, NoReturn

from frontegg_async._values.entitlement_rules import MISSING, Compiler, Treatments
from frontegg_async.emulator.services.entitlements.rows import FeatureFlagRow, FeatureRow, PlanAssignmentRow, PlanRow
from frontegg_async.emulator.services.entitlements.user_context import NEVER, assignments_of, end_of
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment

_TENANT_ID: Final = "frontegg.tenantId"


class _NoExpressions(ModuleType):
    """A replacement for the module of google-re2 if google-re2 is not installed.

    It refuses every regular expression.
    """

    error = ValueError

    class Options:
        """The options of a regular expression."""

    def compile(self, *_: object) -> NoReturn:
        """Refuse a regular expression.

        Raises:
            ValueError: Always.
        """
        raise self.error("google-re2 is not installed")


def account_features(environment: EmulatedEnvironment, tenant_id: str) -> list[dict[str, object]]:
    """Return all features. Each entry has whether a tenant is entitled to the feature, and why.

    Rules with conditions about users do not apply. Without google-re2, rules with regular expressions do not apply
    either.

    Args:
        environment: The environment.
        tenant_id: The id of the tenant.
    """
    compiler = Compiler(_re2(), lambda _: None)
    assignments = assignments_of(environment, tenant_id, None)
    found: list[dict[str, object]] = []
    for feature in environment.state.table(FeatureRow).values():
        plans = [plan for plan in environment.state.table(PlanRow).values() if feature.id in plan.feature_ids]
        reasons = [
            *_by_assignment(environment, plans, assignments),
            *_by_rules(environment, feature, plans, compiler, tenant_id),
        ]
        is_open = any(opens for opens, _ in reasons)
        whys = [why for opens, why in reasons if opens is is_open]
        why = whys[0] if whys else "no assigned plan contains it, and no feature flag or rule enables it"
        found.append({"key": feature.key, "name": feature.name, "isOpen": is_open, "why": why})
    return found


def _by_assignment(
    environment: EmulatedEnvironment, plans: Sequence[PlanRow], assignments: Sequence[PlanAssignmentRow]
) -> Iterator[tuple[bool, str]]:
    for plan in plans:
        of_plan = [each for each in assignments if each.plan_id == plan.id]
        end = end_of(of_plan)
        if end is None:
            continue
        is_open = end == NEVER or end > environment.clock.now() * 1_000
        last = max((each.expiration_date or "" for each in of_plan), default="")
        if not is_open:
            yield False, f"the plan {plan.name} was assigned until {last}"
        else:
            yield True, f"the plan {plan.name} is assigned" + ("" if end == NEVER else f" until {last}")


def _by_rules(
    environment: EmulatedEnvironment,
    feature: FeatureRow,
    plans: Sequence[PlanRow],
    compiler: Compiler,
    tenant_id: str,
) -> Iterator[tuple[bool, str]]:
    def gives(treatments: Treatments) -> bool:
        return treatments.give(lambda name: tenant_id if name == _TENANT_ID else MISSING)

    for flag in environment.state.table(FeatureFlagRow).values():
        if flag.feature_id == feature.id:
            rules, default = (list(flag.rules), flag.default_treatment) if flag.on else ([], flag.off_treatment)
            if gives(compiler.treatments(rules, default)):
                yield True, f"the feature flag {flag.name or flag.id} enables it"
    for plan in plans:
        if gives(compiler.treatments(list(plan.rules), plan.default_treatment)):
            yield True, f"the rules of the plan {plan.name} enable it"


def _re2() -> ModuleType:
    try:
        module = importlib.import_module("re2")
    except ImportError:
        return _NoExpressions("re2")
    return module if hasattr(module, "Options") else _NoExpressions("re2")
