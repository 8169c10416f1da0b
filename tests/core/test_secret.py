"""A secret is never shown by a text form, a pickle, a model or an error."""

from __future__ import annotations

import copy
import json
import logging
import pickle
import pprint
import string
import traceback
from collections.abc import Callable
from typing import Any, Final

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from frontegg_async._core.auth.token_windows import make_token
from frontegg_async._core.checks.settings import check_secret, read_environment
from frontegg_async._values.secret import Hidden, Secret, hide, reveal
from frontegg_async._values.unset import UNSET
from tests.support.traceback_frames import shown_by_frames

_CANARY: Final = "canary-7f3a9c"

_FORMS: Final[dict[str, Callable[[Any], str]]] = {
    "str": str,
    "repr": repr,
    "ascii": ascii,
    "format": format,
    "format with width": lambda value: format(value, ">100"),
    "format as hex": lambda value: format(value, "x"),
    "f-string": lambda value: f"{value}{value!r}{value!s}{value!a}{value:.50}",
    "percent": lambda value: "%s %r %a" % (value, value, value),  # noqa: UP031 - the old form is the point
    "str.format": "{0} {0!r} {0:<80}".format,
    "template": lambda value: string.Template("$x").substitute(x=value),
    "pprint": pprint.pformat,
    "in a list": lambda value: repr([value]),
    "in a mapping": lambda value: str({value: value}),
    "as an argument": lambda value: repr(ValueError(value)),
    "dir": lambda value: repr(dir(value)),
    "bytes": lambda value: str(value).encode().hex(),
}


@pytest.mark.parametrize("form", _FORMS)
def test_no_text_form_shows_it(form: str) -> None:
    """Each way to turn a value into text gives the same words."""
    assert _CANARY not in _FORMS[form](Secret(_CANARY))


@given(st.text(min_size=4))
def test_no_secret_shows(text: str) -> None:
    """Whatever the secret is, its text forms are fixed."""
    assume(text not in "Secret(\u2026)")
    secret = Secret(text)
    assert str(secret) == repr(secret) == f"{secret}" == f"{secret:>9}" == "Secret(\u2026)"
    assert secret.reveal() == text


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_no_pickle(protocol: int) -> None:
    """It is not pickled, alone or within another object, and the refusal does not quote it."""
    for value in (Secret(_CANARY), [Secret(_CANARY)], make_token(_CANARY, 60, 0.0)):
        with pytest.raises(TypeError, match=r"^a Secret cannot be pickled or copied$") as caught:
            pickle.dumps(value, protocol)
        assert _CANARY not in "".join(traceback.format_exception(caught.value))


def test_no_encoder_takes_it() -> None:
    """Encoders of JSON refuse it and do not quote it."""
    for encode in (json.dumps, msgspec.json.encode, msgspec.to_builtins):
        with pytest.raises(TypeError) as caught:
            encode(Secret(_CANARY))
        assert _CANARY not in str(caught.value)


@pytest.mark.parametrize("value", [None, 5, _CANARY.encode(), [_CANARY], Secret(_CANARY)])
def test_it_is_made_of_text_only(value: Any) -> None:
    """Another value is not quoted, and is in no frame of ours."""
    with pytest.raises(TypeError, match=rf"^a Secret must be made of text, not {type(value).__name__}$") as caught:
        Secret(value)
    assert _CANARY not in "".join(shown_by_frames(caught.value))


def test_copies_are_the_secret_itself() -> None:
    """Settings that hold a secret can be copied: it is frozen, so that a copy is itself."""
    secret = Secret(_CANARY)
    assert copy.copy(secret) is secret
    assert copy.deepcopy([secret])[0] is secret


def test_it_has_no_other_door() -> None:
    """It has no dictionary of attributes, and is not written to."""
    secret = Secret(_CANARY)
    assert not hasattr(secret, "__dict__")
    with pytest.raises(AttributeError):
        secret.other = 1  # type: ignore[attr-defined]  # there is none
    with pytest.raises(TypeError):
        len(secret)  # type: ignore[arg-type]  # it is no text
    assert not isinstance(secret, str)


def test_equality() -> None:
    """Secrets compare by what they hold, any text among it, and are equal to nothing else."""
    assert Secret(_CANARY) == Secret(_CANARY)
    assert Secret("\u00e4") == Secret("\u00e4")
    assert Secret("\u00e4") != Secret("a")
    assert Secret(_CANARY) != Secret(_CANARY + "x")
    assert Secret(_CANARY) != _CANARY
    assert hash(Secret(_CANARY)) == hash(Secret(_CANARY)) != hash(_CANARY)
    assert len({Secret("a"), Secret("a"), Secret("b")}) == 2


def test_what_holds_it_does_not_show_it(caplog: pytest.LogCaptureFixture) -> None:
    """Tokens and settings show no secret, in their repr, as a mapping, or in a log."""
    token = make_token(_CANARY, 60, 0.0)
    settings = read_environment({"FRONTEGG_CLIENT_ID": "client", "FRONTEGG_SECRET_KEY": _CANARY})
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("tests").debug("%s %r", token, settings)
    assert _CANARY not in repr(settings)
    for shown in (repr(token), *(str(msgspec.structs.asdict(each)) for each in (token, settings)), caplog.text):
        assert "Secret(\u2026)" in shown
        assert _CANARY not in shown


def test_a_setting_becomes_a_secret() -> None:
    """Text is wrapped at the door; what returns the secret is left alone."""
    secret = check_secret(_CANARY)
    assert isinstance(secret, Secret)
    assert secret.reveal() == _CANARY

    def rotate() -> str:
        return _CANARY

    assert check_secret(rotate) is rotate


def test_secrets_are_held_until_they_are_sent() -> None:
    """What is none stays what it is."""
    assert hide("hush") == Secret("hush")
    assert hide(Secret("hush")) == Secret("hush")
    assert (hide(None), hide(UNSET)) == (None, UNSET)
    assert (reveal(Secret("hush")), reveal(None), reveal(UNSET)) == ("hush", None, UNSET)


def test_what_may_be_a_secret_is_held_without_showing() -> None:
    """Whatever it is."""
    assert _CANARY not in repr(Hidden(_CANARY))
    assert Hidden(_CANARY).reveal() == _CANARY
    assert Hidden(None).reveal() is None
