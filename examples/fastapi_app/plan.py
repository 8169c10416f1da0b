"""Features of plans: a route that needs the feature ``reports``, and a route that shows which features are included."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends
from pydantic import BaseModel

from frontegg_async import Claims
from frontegg_async.entitlements import DecisionReason
from frontegg_async.integrations.fastapi import CurrentClaims, EntitlementsDep, FronteggUserDep, require

REPORTS: Final = "reports"
FEATURES: Final = (REPORTS, "exports")
"""The features of the app."""

router = APIRouter(tags=["plan"])


class Feature(BaseModel):
    """A feature, and whether the account's plan includes it. If not, ``reason`` says why."""

    key: str
    is_included: bool
    reason: DecisionReason | None


class Report(BaseModel):
    """The number of accounts on each level below an account."""

    account: str
    levels: list[int]


@router.get("/plan")
async def plan(claims: CurrentClaims, entitlements: EntitlementsDep) -> list[Feature]:
    """Show which features the caller may use, without a request to Frontegg."""
    decisions = {key: entitlements.decide(claims, feature=key) for key in FEATURES}
    return [Feature(key=key, is_included=found.is_entitled, reason=found.reason) for key, found in decisions.items()]


@router.get("/report")
async def report(user: FronteggUserDep, claims: Annotated[Claims, Depends(require(feature=REPORTS))]) -> Report:
    """Count the accounts below the caller's account, by level. The caller's plan must include reports."""
    depths = [entry.depth for entry in (await user.hierarchy.tree()).walk()]
    return Report(account=claims.tenant_id, levels=[depths.count(depth) for depth in range(1, max(depths) + 1)])
