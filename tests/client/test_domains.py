"""Sub-domains and regions: calls of users go to the region of the environment, or the settings are refused."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, TypeAlias

import pytest

from frontegg_async import AsyncFrontegg, AsyncFronteggUser, AsyncTokenVerifier, ConfigurationError, Region
from frontegg_async._core.checks.settings import read_environment
from frontegg_async._values.secret import Secret
from frontegg_async.cli.profiles import Profile, Profiles
from frontegg_async.cli.session import Session
from frontegg_async.cli.user_client import client_of_user
from frontegg_sync import Frontegg, FronteggUser
from frontegg_sync import TokenVerifier as BlockingVerifier
from tests.support.variables import variables

USER: Final = "eyJhbGciOiJSUzI1NiJ9.eyJ0eXBlIjoidXNlclRva2VuIn0.c2ln"
SUFFIXES: Final = ("us", "ca", "au", "uk")

Place: TypeAlias = tuple[Region, str]
"""A region and a sub-domain."""


def _client(region: Region, domain: str, base_url: str | None = None) -> AsyncFrontegg:
    return AsyncFrontegg("an-id", "a-secret", region=region, domain=domain, base_url=base_url)


def _variables(region: Region, domain: str) -> dict[str, str]:
    fixed = {"FRONTEGG_CLIENT_ID": "an-id", "FRONTEGG_SECRET_KEY": "a-secret"}
    return {**fixed, "FRONTEGG_REGION": region.value, "FRONTEGG_DOMAIN": domain}


def _of_environment(place: Place) -> object:
    """Return where variables lead a client, once it agrees with what verifiers are given."""
    given = _variables(*place)
    issuer = AsyncTokenVerifier(audience="an-id", domain=read_environment(given).domain).issuer
    with variables(given):
        client = AsyncFrontegg.from_env()
    assert client.domain is not None
    assert client.domain.origin == issuer
    return client.as_user(USER).base_url.origin


def _of_session(session: Session, directory: Path) -> object:
    """Return where the command line sends users' calls, by either kind of client."""
    token = directory / "token"
    token.write_text(USER)
    origin = client_of_user(session, token).base_url.origin
    domain = session.client().domain
    assert domain is not None
    assert domain.origin == origin
    return origin


@pytest.fixture
def leading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Mapping[str, Callable[[Place], object]]:
    """What leads to a sub-domain; each returns its origin."""
    for name in ("FRONTEGG_REGION", "FRONTEGG_BASE_URL", "FRONTEGG_DOMAIN", "FRONTEGG_PROFILE", "FRONTEGG_CLIENT_ID"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("FRONTEGG_CONFIG_DIR", str(tmp_path))
    secret = tmp_path / "secret"
    secret.write_text("a-secret")
    secret.chmod(0o600)

    def options(place: Place) -> object:
        region, domain = place
        session = Session(client_id="an-id", region=region.value, domain=domain, secret_file=secret)
        return _of_session(session, tmp_path)

    def profile(place: Place) -> object:
        region, domain = place
        stored = Profile(name="p", client_id="an-id", region=region.value, domain=domain)
        Profiles().put(stored, Secret("a-secret"), "file")
        return _of_session(Session(profile="p"), tmp_path)

    def variables(place: Place) -> object:
        for name, value in _variables(*place).items():
            monkeypatch.setenv(name, value)
        return _of_session(Session(), tmp_path)

    return {
        "client": lambda place: _client(*place).as_user(USER).base_url.origin,
        "blocking client": lambda place: (
            Frontegg("an-id", "a-secret", region=place[0], domain=place[1]).as_user(USER).base_url.origin
        ),
        "literal": lambda place: (
            AsyncFrontegg("an-id", "a-secret", region=place[0].value, domain=place[1]).as_user(USER).base_url.origin
        ),
        "user": lambda place: AsyncFronteggUser(region=place[0], domain=place[1], token=USER).base_url.origin,
        "blocking user": lambda place: FronteggUser(region=place[0], domain=place[1], token=USER).base_url.origin,
        "verifier": lambda place: AsyncTokenVerifier(audience="a", region=place[0], domain=place[1]).issuer,
        "blocking verifier": lambda place: BlockingVerifier(audience="a", region=place[0], domain=place[1]).issuer,
        "verifier of a client": lambda place: (
            AsyncTokenVerifier(audience="a", domain=place[1], client=_client(place[0], "app-acme")).issuer
        ),
        "variables": _of_environment,
        "options of the command line": options,
        "profile of the command line": profile,
        "variables of the command line": variables,
    }


def _refusals(leading: Mapping[str, Callable[[Place], object]], place: Place, message: str) -> list[str]:
    """Return what leads anywhere although it must be refused."""
    wrong: list[str] = []
    for name, lead in leading.items():
        with pytest.raises(ConfigurationError, match=message):
            wrong.append(f"{name}: {lead(place)}")
    return wrong


@pytest.mark.parametrize("region", Region)
@pytest.mark.parametrize("has_suffix", [False, True], ids=["alone", "with its region"])
def test_a_sub_domain_is_in_the_region(
    leading: Mapping[str, Callable[[Place], object]], region: Region, *, has_suffix: bool
) -> None:
    """Alone, it takes the region; Europe has no suffix."""
    suffix = "" if region is Region.EU else f".{region.value}"
    domain = f"app-acme{suffix}" if has_suffix else "app-acme"
    origin = f"https://app-acme{suffix}.frontegg.com"
    assert {name: lead((region, domain)) for name, lead in leading.items()} == dict.fromkeys(leading, origin)


@pytest.mark.parametrize(
    ("region", "suffix"),
    [(region, suffix) for region, suffix in itertools.product(Region, SUFFIXES) if suffix != region.value],
)
def test_one_of_another_region_is_refused(
    leading: Mapping[str, Callable[[Place], object]], region: Region, suffix: str
) -> None:
    """Also for Europe, which is the default: the management calls would go there."""
    message = (
        r"^(domain and region|FRONTEGG_DOMAIN and FRONTEGG_REGION) contradict each other: "
        rf"'app-acme\.{suffix}' is in the region {suffix}, and (region|FRONTEGG_REGION) is {region.value}"
    )
    assert not _refusals(leading, (region, f"app-acme.{suffix}"), message)


@pytest.mark.parametrize("region", Region)
@pytest.mark.parametrize(
    "form", ["app-acme{}.frontegg.com", "https://app-acme{}.frontegg.com", "login.acme.example", "app-acme.eu"]
)
def test_other_forms_are_refused(leading: Mapping[str, Callable[[Place], object]], region: Region, form: str) -> None:
    """A whole host, and a domain of one's own, which is given as ``base_url``."""
    suffix = "" if region is Region.EU else f".{region.value}"
    assert not _refusals(leading, (region, form.format(suffix)), r"^(domain|FRONTEGG_DOMAIN) must be a sub-domain")


@pytest.mark.parametrize("verifier", [AsyncTokenVerifier, BlockingVerifier])
def test_a_verifier_is_in_the_region_of_its_client(verifier: Any) -> None:
    """Another one is refused, also Europe, which is the default; a client with a base URL has none."""
    clients: Any = Frontegg if verifier is BlockingVerifier else AsyncFrontegg
    for own, given in itertools.product(Region, Region):
        client = clients("an-id", "a-secret", region=own)
        if own is given:
            assert verifier(audience="a", domain="app-acme", region=given, client=client).issuer
            continue
        message = (
            rf"^client and region contradict each other: the client is in the region {own}, and region is {given}$"
        )
        with pytest.raises(ConfigurationError, match=message):
            verifier(audience="a", domain="app-acme", region=given.value, client=client)
    elsewhere = clients("an-id", "a-secret", base_url="https://api.acme.example")
    assert ".us." in verifier(audience="a", domain="app-acme", region="us", client=elsewhere).issuer


@pytest.mark.parametrize("region", Region)
def test_a_base_url_replaces_the_region(region: Region) -> None:
    """Then a sub-domain is taken as it is written."""
    own = "https://login.acme.example"
    assert AsyncFronteggUser(base_url=own, region=region, token=USER).base_url.origin == own
    for domain in ("app-acme", "app-acme.ca"):
        client = _client(region, domain, base_url=own)
        assert client.domain is not None
        assert client.domain.host == f"{domain}.frontegg.com"
        assert AsyncTokenVerifier(audience="a", domain=domain, client=client).issuer == client.domain.origin
        given: dict[str, Any] = {**_variables(region, domain), "FRONTEGG_BASE_URL": own}
        assert read_environment(given).domain == domain
