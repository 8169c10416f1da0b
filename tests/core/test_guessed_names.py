"""A missing name of a client or a resource: the error says what was probably meant."""

from __future__ import annotations

import pydoc
import re
from collections.abc import Callable, Iterator
from operator import attrgetter

import pytest

from frontegg_async import AsyncFrontegg, AsyncFronteggUser
from frontegg_async._core.runtime.lazy_resources import resource_kinds
from frontegg_sync import Frontegg, FronteggUser

_ASYNC = AsyncFrontegg("emu_id", "emu_secret", base_url="http://localhost:1")


@pytest.fixture(scope="module")
def blocking() -> Iterator[Frontegg]:
    """Yield a blocking client that sends nothing."""
    with Frontegg("emu_id", "emu_secret", base_url="http://localhost:1") as client:
        yield client


@pytest.mark.parametrize(
    ("path", "hint"),
    [
        ("users.delete", "did you mean 'remove_from_tenant' or 'delete_everywhere'?"),
        ("users.tenants", "did you mean 'list_tenants'?"),
        ("tenants.search", "did you mean 'list(filter=...)'?"),
        (
            "entitlements",
            "declare the operations that you need, and call them with send(): see the page 'Operations of your own'",
        ),
        ("tenants.creat", "did you mean 'create'?"),
        ("user", "did you mean 'users'?"),
    ],
)
def test_the_name_that_was_meant(path: str, hint: str, blocking: Frontegg) -> None:
    """It is the name that the SDK has for the word of another library, or of an earlier version."""
    for client in (_ASYNC, blocking):
        with pytest.raises(AttributeError) as caught:
            attrgetter(path)(client)
        assert str(caught.value).endswith(f"object has no attribute {path.rpartition('.')[2]!r}; {hint}")


@pytest.mark.parametrize(
    ("owner", "wrong", "hint"),
    [
        (AsyncFrontegg, "api_key", "; did you mean 'secret'?"),
        (Frontegg, "api_key", "; did you mean 'secret'?"),
        (AsyncFronteggUser, "api_key", "; did you mean 'token'?"),
        (FronteggUser, "access_token", "; did you mean 'token'?"),
        (AsyncFrontegg, "timeout", "; did you mean 'options'?"),
        (AsyncFrontegg, "secert", "; did you mean 'secret'?"),
        (Frontegg, "zebra", ""),
    ],
)
def test_the_argument_that_was_meant(owner: type, wrong: str, hint: str) -> None:
    """The error is the one of Python with a hint, at the line of the call, and no frame has what was given."""
    with pytest.raises(TypeError) as caught:
        owner(**{wrong: "emu_secret"})
    message = f"{owner.__name__}.__init__() got an unexpected keyword argument {wrong!r}"
    assert (str(caught.value), len(caught.traceback)) == (f"{message}{hint}", 1)
    from_env: Callable[..., object] | None = getattr(owner, "from_env", None)
    if from_env is not None:
        with pytest.raises(TypeError, match=rf"^{owner.__name__}.from_env\(\) got .*{wrong}'{re.escape(hint)}$"):
            from_env(**{wrong: "emu_secret"})
    with pytest.raises(TypeError, match=r"missing .* required positional argument"):
        Frontegg()  # type: ignore[call-arg]  # as Python says it


def test_how_a_client_is_closed(blocking: Frontegg) -> None:
    """Both flavours say what the other one's method is called here, and so does the client of a user."""
    user = object.__new__(AsyncFronteggUser)
    for client, wrong, right in ((_ASYNC, "close", "aclose"), (user, "close", "aclose"), (blocking, "aclose", "close")):
        with pytest.raises(AttributeError, match=f"no attribute '{wrong}'; did you mean '{right}'"):
            getattr(client, wrong)


def test_what_is_like_nothing() -> None:
    """The error has no hint, private names are not searched, and a property is not a guess for itself."""
    for place, name in ((_ASYNC, "zebra"), (_ASYNC.users, "_invite"), (object.__new__(AsyncFrontegg), "base_url")):
        assert not hasattr(place, name)
        with pytest.raises(AttributeError) as caught:
            getattr(place, name)
        assert str(caught.value) == f"{type(place).__name__!r} object has no attribute {name!r}"
    assert not hasattr(_ASYNC.users, "make")


@pytest.mark.parametrize("owner", [AsyncFrontegg, AsyncFronteggUser, Frontegg, FronteggUser])
def test_help_tells_of_each_resource(owner: type) -> None:
    """``help()`` of a client shows the class of each resource and the first line of its text, or less of it."""
    text = pydoc.plain(pydoc.render_doc(owner))
    for name, kind in resource_kinds(owner).items():
        assert repr(getattr(owner, name)) == f"<{kind.__name__}: {(kind.__doc__ or '').splitlines()[0]}>"
        assert f"{name} = <{kind.__name__}: " in text
