"""A run of the kit: its plan, the checks, and the clean-up."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Final

import attrs

from frontegg_async._core.checks.settings import check_secret_text, read_environment, read_only_by
from frontegg_async.client import AsyncFrontegg
from frontegg_async.conformance.budget import MAX_RETRIES, Budget
from frontegg_async.conformance.check import Check, CheckStatus, Result
from frontegg_async.conformance.checks import CHECKS
from frontegg_async.conformance.checks.environment import AUTHENTICATION, environment_of
from frontegg_async.conformance.clean_up import clean_up
from frontegg_async.conformance.made import Made
from frontegg_async.conformance.not_tried import NotTriedError
from frontegg_async.conformance.probe import Credentials, Probe
from frontegg_async.conformance.report import Report
from frontegg_async.conformance.runner import run_checks
from frontegg_async.errors import ConfigurationError
from frontegg_async.models.environment import EnvironmentType
from frontegg_async.options import Options

_WRITABLE: Final = frozenset(EnvironmentType) - {EnvironmentType.PRODUCTION}
REQUESTS: Final = {False: 90, True: 570}
"""The number of requests of a run, including clean-up, by whether the run writes."""


@attrs.define(kw_only=True)
class Run:
    """A run against an environment.

    Args:
        probe: The probe that sends the requests.
        say: A function that receives each line for the person at the terminal.
        checks: The checks.
    """

    probe: Probe
    say: Callable[[str], object]
    checks: Sequence[Check] = CHECKS
    environment: str | None = attrs.field(default=None, init=False)
    """The kind of the environment, as the service reports it; ``None`` if the service does not report a kind."""
    left: int = attrs.field(default=0, init=False)
    """The number of accounts, rows and objects of the run that may be left."""
    results: list[Result] = attrs.field(factory=list[Result], init=False)

    @property
    def place(self) -> str:
        """The region of the environment, or a description of its address without the address."""
        base_url = self.probe.client.base_url
        if base_url.region is not None:
            return f"region {base_url.region.value}"
        return "a loopback address" if base_url.is_loopback else "an address of its own"

    async def look(self) -> None:
        """Authenticate, and read the kind of the environment.

        Raises:
            FronteggError: The settings are wrong, or the service cannot be reached.
        """
        await self.probe.once(AUTHENTICATION, self.probe.client.check)
        try:
            answer = await environment_of(self.probe)
        except NotTriedError:
            return
        kind = answer.at("environment")
        if answer.is_done and isinstance(kind, str) and kind.lower() in frozenset(EnvironmentType):
            self.environment = kind.lower()

    def refuse_production(self) -> None:
        """Refuse to write to a production environment, or to an environment of an unknown kind.

        Raises:
            ConfigurationError: The environment is production, or its kind is unknown.
        """
        if self.environment is None:
            raise ConfigurationError(
                "the environment does not report its kind, and may be production: --write is refused; "
                "without --write, the kit only reads"
            )
        if self.environment not in _WRITABLE:
            raise ConfigurationError(
                "the environment is production: --write is refused; without --write, the kit only reads"
            )

    def plan(self, *, writes: bool, rate: float | None, record: Path) -> str:
        """Describe in lines what a run will do.

        Args:
            writes: Whether the run writes.
            rate: Requests a minute.
            record: The file that records the objects of the run.
        """
        tried = [check for check in self.checks if check.run is not None and (writes or not check.writes)]
        requests = REQUESTS[writes]
        lines = [f"The environment is {self.environment or 'of an unknown kind'}, at {self.place}.", ""]
        for topic, checks in groupby(tried, key=lambda check: check.topic):
            group = list(checks)
            writing = sum(check.writes for check in group)
            lines.append(f"  {topic}: {len(group)} behaviours" + (f", {writing} by writing" if writing else ""))
        most = self.probe.budget.requests
        lines += ["", f"About {requests} requests, at most {most}{_duration(min(requests, most), rate)}."]
        if requests > most:
            lines.append("The budget is too small to try the last behaviours: give a larger --budget.")
        if writes:
            lines += [
                "The kit makes accounts whose ids begin with conformance- and a number of this run. In these accounts,",
                "it makes users (without e-mails), roles, groups, tokens, SSO and SCIM configurations, policies, and",
                "account settings. In the environment, it makes a role, a permission, a category, an application,",
                "a JWT template, a webhook and a prehook. Their keys begin like the ids of the accounts. The hooks are",
                "not active, and nothing uses the other objects. The kit changes no other account, no other object and",
                "no setting of the environment. At the end, it deletes everything that it made.",
                f"{record} lists the objects to delete. After a crash, --clean deletes these objects.",
            ]
        else:
            lines.append("The kit only reads.")
        return "\n".join(lines)

    async def check_all(self, made: Made | None) -> bool:
        """Run all checks, then clean up. Clean-up also follows Ctrl-C.

        Args:
            made: The record of the objects that the run makes; ``None`` to only read.

        Returns:
            Whether the run was completed.
        """
        self.probe.made = made
        finished = False
        try:
            await run_checks(self.probe, self.checks, self._note)
            finished = True
        except asyncio.CancelledError:
            rest = self.checks[len(self.results) :]
            self.results += [Result(check, CheckStatus.NOT_TRIED, check.untried or "interrupted") for check in rest]
        finally:
            if made is not None:
                await self.clean(made)
        return finished

    async def clean(self, made: Made) -> bool:
        """Delete the objects that a run made, and return whether all are gone.

        Args:
            made: The rows, accounts and objects of the run.
        """
        parts = f", and objects in {len(made.parts)} parts of the environment" if made.parts else ""
        self.say(f"Cleaning up: {len(made.accounts)} accounts and {len(made.rows)} rows in them{parts} ...")
        self.left = await clean_up(self.probe, made)
        self.say(f"{self.left} may be left: --clean tries again" if self.left else "Everything is deleted.")
        return not self.left

    def report(self, made: Made | None) -> Report:
        """Return the report of the run."""
        client = self.probe.client
        places = [client.base_url, *([client.domain] if client.domain is not None else [])]
        private = {self.probe.credentials.client_id, *(place.host for place in places)}
        private |= {made.prefix} if made is not None else set()
        return Report(
            results=self.results,
            environment=self.environment,
            place=self.place,
            writes=made is not None,
            requests=self.probe.budget.used,
            left=self.left,
            private=private,
        )

    def _note(self, result: Result) -> None:
        check = result.check
        self.results.append(result)
        how = f": {result.how}" if result.how else ""
        self.say(f"{result.status.value:<9}  {check.topic}: {check.name} ({check.evidence.value}){how}")


def make_probe(environ: Mapping[str, str], budget: Budget) -> Probe:
    """Return the probe of a run. The budget counts and limits its requests.

    Raises:
        ConfigurationError: A setting is missing or malformed.
    """
    found = read_environment(environ)
    secret = check_secret_text(found.secret)
    options = Options(max_retries=MAX_RETRIES)
    client = AsyncFrontegg(
        found.client_id,
        secret.reveal(),
        region=found.region,
        base_url=found.base_url,
        domain=found.domain,
        environment_id=found.environment_id,
        allow_http=found.allow_http,
        options=read_only_by("FRONTEGG_READ_ONLY", options) if found.read_only else options,
        app="conformance",
        on_request=budget.note,
    )
    return Probe(client, budget, credentials=Credentials(client_id=found.client_id, secret=secret))


def place_of(client: AsyncFrontegg, environ: Mapping[str, str]) -> str:
    """Return a text that distinguishes environments without revealing the environment."""
    named = (client.base_url.origin, environ.get("FRONTEGG_CLIENT_ID"), environ.get("FRONTEGG_ENVIRONMENT_ID"))
    return hashlib.sha256(repr(named).encode()).hexdigest()[:32]


def _duration(requests: int, rate: float | None) -> str:
    if rate is None:
        return ""
    minutes = max(round(requests / rate), 1)
    return f", {rate:g} a minute: about {minutes} minute{'s' * (minutes > 1)}"
