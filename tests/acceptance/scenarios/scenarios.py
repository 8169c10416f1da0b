"""All scenarios in order."""

from __future__ import annotations

from typing import Final

from tests.acceptance.scenarios import django_service, fastapi_service, importing
from tests.acceptance.scenarios.scenario import Scenario

SCENARIOS: Final[tuple[Scenario, ...]] = (fastapi_service.SCENARIO, django_service.SCENARIO, importing.SCENARIO)
