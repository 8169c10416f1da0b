"""The fixtures that tests share: one environment for a module, and one for a run."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from frontegg_async import (
    AsyncAccessTokenVerifier,
    AsyncTokenVerifier,
    AuthenticationError,
    TokenVerificationError,
)
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.testing.clock import EmulatorClock
from frontegg_async.testing.factory import Factory, SeededUser
from frontegg_sync import AccessTokenVerifier as SyncAccessTokenVerifier
from frontegg_sync import FronteggUser
from frontegg_sync import TokenVerifier as SyncTokenVerifier
from tests.support.pytest_process import pytest_with_few_plugins


@pytest.mark.anyio
async def test_verifiers_follow_the_clock(
    frontegg_verifier: AsyncTokenVerifier,
    frontegg_access_token_verifier: AsyncAccessTokenVerifier,
    frontegg_seeded_user: SeededUser,
    frontegg_emulator: EmulatorHandle,
    frontegg_clock: EmulatorClock,
) -> None:
    """A token that was accepted is refused when the clock of the environment is set forward."""
    access = frontegg_emulator.access_token(tenant_id=frontegg_seeded_user.tenant_id, expires_in=3_600).secret
    assert (await frontegg_verifier.verify(frontegg_seeded_user.token)).tenant_id == frontegg_seeded_user.tenant_id
    assert (await frontegg_access_token_verifier.verify(access)).tenant_id == frontegg_seeded_user.tenant_id
    frontegg_clock.advance(90_000)
    for verifier, token in (
        (frontegg_verifier, frontegg_seeded_user.token),
        (frontegg_access_token_verifier, access),
    ):
        with pytest.raises(TokenVerificationError) as caught:
            await verifier.verify(token)
        assert caught.value.reason == "expired"


def test_blocking_verifiers_follow_the_clock(
    frontegg_sync_verifier: SyncTokenVerifier,
    frontegg_sync_access_token_verifier: SyncAccessTokenVerifier,
    frontegg_factory: Factory,
    frontegg_emulator: EmulatorHandle,
    frontegg_clock: EmulatorClock,
) -> None:
    """A clock that is set back makes a token valid again, and one may be made expired."""
    ann = frontegg_factory.user()
    access = frontegg_emulator.access_token(tenant_id=ann.tenant_id, expires_in=-60).secret
    expired = frontegg_factory.token(ann, expires_in=-60)
    ended = frontegg_factory.token(ann, expires_in=0)
    with FronteggUser(base_url=frontegg_emulator.url, token=ended) as user, pytest.raises(AuthenticationError):
        user.tenants.list().all()
    for verifier, token in ((frontegg_sync_verifier, expired), (frontegg_sync_access_token_verifier, access)):
        with pytest.raises(TokenVerificationError) as caught:
            verifier.verify(token)
        assert caught.value.reason == "expired"
    with frontegg_clock.freeze() as moment:
        assert frontegg_clock.time() == frontegg_emulator.time() == pytest.approx(moment.timestamp(), abs=1e-5)
        assert frontegg_sync_verifier.verify(frontegg_factory.token(ann)).subject == ann.id


@pytest.mark.parametrize("expires_in", [float("nan"), 4e8, -4e8, True, "60"])
def test_lifetimes_out_of_range(frontegg_factory: Factory, expires_in: float) -> None:
    """The error names the argument."""
    with pytest.raises(ValueError, match=r"^expires_in must be a number of seconds from -"):
        frontegg_factory.token(frontegg_factory.user(), expires_in=expires_in)


FIRST = """
    import pytest

    @pytest.fixture(scope="module")
    def anyio_backend():
        return "asyncio"

    @pytest.mark.anyio
    async def test_async(frontegg_{scope}_client, frontegg_{scope}_user, frontegg_{scope}_seeded_user):
        await frontegg_{scope}_client.tenants.create(tenant_id="kept", name="Kept")
        assert [each.tenant_id for each in await frontegg_{scope}_user.tenants.list().all()] == ["tenant-1"]
        assert frontegg_{scope}_seeded_user.tenant_id == "tenant-1"

    def test_blocking(frontegg_{scope}_sync_client, frontegg_{scope}_sync_user, frontegg_{scope}_factory):
        assert frontegg_{scope}_sync_client.tenants.get("kept").name == "Kept"
        assert len(frontegg_{scope}_sync_user.tenants.list().all()) == 1
        assert frontegg_{scope}_factory.tenant() == "tenant-2"

    @pytest.mark.anyio
    async def test_verifiers(
        frontegg_{scope}_verifier, frontegg_{scope}_access_token_verifier, frontegg_{scope}_emulator,
        frontegg_{scope}_seeded_user,
    ):
        access = frontegg_{scope}_emulator.access_token(tenant_id="kept").secret
        assert (await frontegg_{scope}_verifier.verify(frontegg_{scope}_seeded_user.token)).tenant_id == "tenant-1"
        assert (await frontegg_{scope}_access_token_verifier.verify(access)).tenant_id == "kept"

    def test_blocking_verifiers(
        frontegg_{scope}_sync_verifier, frontegg_{scope}_sync_access_token_verifier, frontegg_{scope}_emulator,
        frontegg_{scope}_seeded_user, frontegg_{scope}_clock, frontegg_{scope}_faults,
    ):
        access = frontegg_{scope}_emulator.access_token(tenant_id="kept").secret
        assert frontegg_{scope}_sync_verifier.verify(frontegg_{scope}_seeded_user.token).tenant_id == "tenant-1"
        assert frontegg_{scope}_sync_access_token_verifier.verify(access).tenant_id == "kept"
        with frontegg_{scope}_clock.freeze() as moment:
            assert abs(frontegg_{scope}_emulator.time() - moment.timestamp()) < 1e-5
        assert not frontegg_{scope}_emulator.faults()
        frontegg_{scope}_faults.status(503, times=1, path="/elsewhere")
        assert len(frontegg_{scope}_emulator.faults()) == 1
"""

SECOND = """
    def test_later(frontegg_{scope}_sync_client, frontegg_emulator, frontegg_{scope}_emulator):
        assert {each.tenant_id for each in frontegg_{scope}_sync_client.tenants.list()} == {found}
        assert frontegg_emulator.client_id != frontegg_{scope}_emulator.client_id
"""


@pytest.mark.slow
@pytest.mark.parametrize(("scope", "found"), [("module", set()), ("session", {"tenant-1", "kept", "tenant-2"})])
def test_what_tests_share(tmp_path: Path, scope: str, found: set[str]) -> None:
    """The tests of a module share an environment, and those of a run another one."""
    (tmp_path / "test_1.py").write_text(dedent(FIRST).replace("{scope}", scope))
    (tmp_path / "test_2.py").write_text(dedent(SECOND).replace("{scope}", scope).replace("{found}", repr(found)))
    run = pytest_with_few_plugins(tmp_path)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "5 passed" in run.stdout
