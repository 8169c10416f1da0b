"""The setting FRONTEGG: its system checks, and the clients that it configures."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.test import override_settings

from frontegg_async import FileTokenStore, Options, RequestSnapshot
from frontegg_async.options import resolve_options
from frontegg_sync.integrations.django import get_client, get_verifier

_GOOD: dict[str, Any] = {"CLIENT_ID": "acme", "SECRET": "s3cret-text", "DOMAIN": "app-acme"}
_MALFORMED_PEM = "-----BEGIN"


def _problems(value: object, *, deploy: bool = False) -> list[tuple[str | None, str, str | None]]:
    with override_settings(FRONTEGG=value):
        found = run_checks(tags=["frontegg"], include_deployment_checks=deploy)
    return [(each.id, each.msg, each.hint) for each in found]


def test_good_settings_pass() -> None:
    """Usual settings pass, with values of unset environment variables."""
    assert _problems({**_GOOD, "REGION": "us", "AUDIENCE": None, "PROXY": "", "OPTIONS": {"deadline": 10}}) == []


@pytest.mark.parametrize("value", ["acme", ["acme"]])
def test_a_setting_must_be_a_dict(value: object) -> None:
    """The message names the setting and its required keys."""
    (problem,) = _problems(value)

    assert problem[:2] == ("frontegg.E001", "The setting FRONTEGG must be a dict, with CLIENT_ID and SECRET at least.")


@pytest.mark.parametrize(
    ("key", "nearest"),
    [
        ("REGIN", "REGION"),
        ("region", "REGION"),
        ("FRONTEGG_DOMAIN", "DOMAIN"),
        ("SECRET_KEY", "SECRET"),
        ("CLIENTID", "CLIENT_ID"),
        ("BASEURL", "BASE_URL"),
        ("JWT-SECRET", "JWT_SECRET"),
    ],
)
def test_an_unknown_key(key: str, nearest: str) -> None:
    """The message names the unknown key and the closest known one."""
    assert _problems({**_GOOD, key: "x"}) == [
        ("frontegg.E002", f"The setting FRONTEGG has no {key!r}.", f"Did you mean {nearest!r}?")
    ]


def test_an_unknown_key_without_a_close_match() -> None:
    """Without a close match, the message lists all keys."""
    ((number, _, hint),) = _problems({**_GOOD, "QQQ": 1})

    assert number == "frontegg.E002"
    assert hint is not None
    assert hint.startswith("It may have CLIENT_ID, SECRET, REGION, ")


def test_an_unknown_option() -> None:
    """Unknown options are found too."""
    assert _problems({**_GOOD, "OPTIONS": {"dead_line": 3}}) == [
        ("frontegg.E002", "FRONTEGG[\"OPTIONS\"] has no 'dead_line'.", "Did you mean 'deadline'?")
    ]


@pytest.mark.parametrize("value", [{}, {"CLIENT_ID": "", "SECRET": None}])
def test_what_is_missing(value: object) -> None:
    """The message names each missing key and the usual environment variable; with ``--deploy`` it is an error."""
    missing = [
        ('FRONTEGG["CLIENT_ID"] is not set.', 'It usually comes from os.environ["FRONTEGG_CLIENT_ID"].'),
        ('FRONTEGG["SECRET"] is not set.', 'It usually comes from os.environ["FRONTEGG_SECRET_KEY"].'),
    ]
    cautions = [("frontegg.W003", *each) for each in missing]
    assert _problems(value) == cautions
    assert _problems(value, deploy=True) == [*cautions, *(("frontegg.E003", *each) for each in missing)]


@pytest.mark.parametrize("value", [None, {}, {"CLIENT_ID": "acme", "SECRET": "s3cret"}])
def test_an_image_is_built_without_credentials(value: object, capsys: pytest.CaptureFixture[str]) -> None:
    """Commands that need none warn. A deployment, and the first use, fail."""
    with override_settings(FRONTEGG=value, STATIC_ROOT="static"):
        call_command("migrate", verbosity=0)
        call_command("makemigrations", dry_run=True)
        call_command("collectstatic", dry_run=True, interactive=False, verbosity=0)
        call_command("check")
        with pytest.raises(SystemCheckError, match=r"frontegg\.E00[135]"):
            call_command("check", deploy=True)
        with pytest.raises(ImproperlyConfigured):
            get_verifier()
    assert "frontegg.W003" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"REGION": "mars"}, 'FRONTEGG["REGION"] must be one of eu, us, ca, au, uk, not'),
        ({"BASE_URL": "acme"}, 'FRONTEGG["BASE_URL"] must be https://host'),
        ({"SECRET": "two words"}, 'FRONTEGG["SECRET"] must be 1 to 1024 visible ASCII characters'),
        ({"OPTIONS": {"timeout": -1}}, 'FRONTEGG["OPTIONS"]["timeout"] must be a positive number of seconds'),
        ({"OPTIONS": [3]}, 'FRONTEGG["OPTIONS"] must be a dict'),
        ({"LEEWAY": 3600}, 'FRONTEGG["LEEWAY"] must be a number of seconds from 0 to 60.'),
        ({"CLOCK": 3}, 'FRONTEGG["CLOCK"] must be a function such as time.time, not int.'),
        ({"CLOCK": "acme.clock"}, "FRONTEGG[\"CLOCK\"] cannot be imported: No module named 'acme'"),
        (
            {"BASE_URL": "http://emulator:8080"},
            (
                'FRONTEGG["BASE_URL"] must be https; http is allowed on loopback, and on other hosts except '
                'frontegg.com only with FRONTEGG["ALLOW_HTTP"] = True and'
            ),
        ),
        ({"ISSUER": "http://emulator:8080"}, 'FRONTEGG["JWKS_URL"] must be https, or http on loopback'),
        ({"AUDIENCE": []}, 'FRONTEGG["AUDIENCE"] must have at least one client id or application id.'),
        ({"PUBLIC_KEY": _MALFORMED_PEM}, 'FRONTEGG["PUBLIC_KEY"] '),
        (
            {"PUBLIC_KEY": "k", "JWT_SECRET": "s"},
            'FRONTEGG["PUBLIC_KEY"] and FRONTEGG["JWT_SECRET"] exclude each other',
        ),
        ({"VERIFY": "never"}, "FRONTEGG[\"VERIFY\"] must be 'lazy' or 'eager'."),
        ({"TOKEN_TYPES": "userToken"}, 'FRONTEGG["TOKEN_TYPES"] must be a list of types of tokens'),
        ({"TOKEN_STORE": "acme.nowhere"}, "FRONTEGG[\"TOKEN_STORE\"] cannot be imported: No module named 'acme'"),
        ({"TOKEN_STORE": 3}, 'FRONTEGG["TOKEN_STORE"] must be a TokenStore, not int.'),
    ],
)
def test_values_that_are_not_allowed(more: dict[str, Any], message: str) -> None:
    """The message names the key, and never shows a secret."""
    ((number, said, _),) = _problems({**_GOOD, **more})

    assert number == "frontegg.E004"
    assert said.startswith(message)
    assert "two words" not in said


def test_an_emulator_in_a_private_network() -> None:
    """``ALLOW_HTTP`` is for the client and the verifiers, with an emulator's credentials only."""
    private = {
        "CLIENT_ID": "emu_client",
        "SECRET": "emu_secret",
        "BASE_URL": "http://emulator:8080",
        "ISSUER": "http://emulator:8080",
    }
    ((number, said, _),) = _problems(private)
    assert (number, said[:45]) == ("frontegg.E004", 'FRONTEGG["BASE_URL"] must be https; http is a')
    assert _problems({**private, "ALLOW_HTTP": True}) == []
    assert _problems({**private, "ALLOW_HTTP": True, "CLOCK": "time.time"}) == []


def test_a_missing_issuer() -> None:
    """A missing issuer is a problem only if the middleware verifies tokens; with ``--deploy`` it is an error."""
    value = {"CLIENT_ID": "acme", "SECRET": "s3cret", "OPTIONS": {"deadline": 10}}
    ((number, _, hint),) = _problems(value)
    assert number == "frontegg.W003"
    assert [each[0] for each in _problems(value, deploy=True)] == ["frontegg.W003", "frontegg.E005"]
    assert hint is not None
    assert '"DOMAIN": "app-acme"' in hint

    with override_settings(MIDDLEWARE=[]):
        assert _problems(value) == []


def test_deployment_warnings() -> None:
    """The deployment check warns about an emulator, and about calls without a deadline."""
    good = {**_GOOD, "OPTIONS": {"deadline": 10}}
    emulated = {"CLIENT_ID": "emu_acme", "SECRET": "emu_s", "BASE_URL": "http://localhost:1", "DOMAIN": "app-acme"}

    assert _problems(good, deploy=True) == []
    assert [each[:2] for each in _problems(_GOOD, deploy=True)] == [
        ("frontegg.W002", "A call may take 90 s, and servers usually wait 30 s for a response.")
    ]
    assert [each[0] for each in _problems({**_GOOD, "OPTIONS": {"deadline": None}}, deploy=True)] == ["frontegg.W002"]
    assert [each[0] for each in _problems({**good, **emulated}, deploy=True)] == ["frontegg.W001"]
    assert [each[0] for each in _problems({**good, "BASE_URL": "https://localhost:1"}, deploy=True)] == [
        "frontegg.W001"
    ]


def test_commands_refuse_wrong_settings(capsys: pytest.CaptureFixture[str]) -> None:
    """``manage.py check`` fails with the message."""
    with override_settings(FRONTEGG={**_GOOD, "REGIN": "us"}), pytest.raises(SystemCheckError, match=r"frontegg\.E002"):
        call_command("check")
    capsys.readouterr()


def test_a_client_of_wrong_settings_is_refused() -> None:
    """Malformed settings raise ImproperlyConfigured with the same message."""
    with (
        override_settings(FRONTEGG={**_GOOD, "REGIN": "us"}),
        pytest.raises(ImproperlyConfigured, match=r"^The setting FRONTEGG has no 'REGIN'\. Did you mean 'REGION'\?$"),
    ):
        get_client()
    with (
        override_settings(FRONTEGG={"CLIENT_ID": "acme", "SECRET": "s3cret"}),
        pytest.raises(ImproperlyConfigured, match="neither DOMAIN nor ISSUER"),
    ):
        get_verifier()


def test_clients_are_made_as_the_setting_says(tmp_path: Any, site: dict[str, Any]) -> None:
    """Options, hooks and stores reach the client; stores may be factories, and all may be dotted paths."""
    made = FileTokenStore(tmp_path / "tokens")
    value = {**site, "TOKEN_STORE": lambda: made, "ON_REQUEST": f"{__name__}.on_request", "APP": "shop/1"}
    seen.clear()
    with override_settings(FRONTEGG=value):
        client = get_client()
        assert client.options == resolve_options(Options(timeout=5, deadline=5))
        assert client.tenants.get("north").name == "North"

    assert [each.operation for each in seen] == ["auth.authenticate", "tenants.get"]
    assert list((tmp_path / "tokens").iterdir()) != []


seen: list[RequestSnapshot] = []


def on_request(snapshot: RequestSnapshot) -> None:
    """A hook for a dotted path."""
    seen.append(snapshot)


def test_no_frame_of_an_error_has_the_secret() -> None:
    """Error reporters collect the local variables of frames."""
    value = {**_GOOD, "SECRET": "s3cret-text", "JWT_SECRET": "j3wt-secret", "REGION": "mars"}
    with override_settings(FRONTEGG=value), pytest.raises(ImproperlyConfigured) as caught:
        get_client()

    frames = [each.locals for each in caught.traceback if "frontegg_sync" in str(each.path)]
    assert len(frames) > 1
    assert "s3cret-text" not in str(frames)
    assert "j3wt-secret" not in str(frames)


def test_a_sub_domain_is_in_the_region() -> None:
    """For clients and for verifiers; one of another region is refused, and a base URL replaces the region."""
    origin = "https://app-acme.us.frontegg.com"
    for domain in ("app-acme", "app-acme.us"):
        with override_settings(FRONTEGG={**_GOOD, "REGION": "us", "DOMAIN": domain}):
            place = get_client().domain
            assert (get_verifier().issuer, place and place.origin) == (origin, origin)
    with override_settings(FRONTEGG={**_GOOD, "REGION": "us", "BASE_URL": "https://proxy.acme.example"}):
        assert get_verifier().issuer == "https://app-acme.frontegg.com"
    problems = _problems({**_GOOD, "DOMAIN": "app-acme.us"})
    message = (
        'FRONTEGG["DOMAIN"] and FRONTEGG["REGION"] contradict each other: '
        "'app-acme.us' is in the region us, and region is eu, the default."
    )
    assert {each[1] for each in problems} == {message}
