"""Guess the intended name for errors about unknown attributes and arguments."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Final, NoReturn, ParamSpec, TypeVar

from frontegg_async._values.secret import Hidden

P = ParamSpec("P")
R = TypeVar("R")

_MEANT: Final[Mapping[str, Sequence[str]]] = {
    "add": ("create", "assign", "invite"),
    "aclose": ("close",),
    "all": ("list",),
    "close": ("aclose",),
    "create": ("invite", "add", "add_to_tenant"),
    "delete": ("remove", "remove_from_tenant", "delete_everywhere", "unassign"),
    "destroy": ("delete", "remove_from_tenant"),
    "edit": ("update",),
    "fetch": ("get",),
    "filter": ("list",),
    "find": ("list",),
    "modify": ("update",),
    "patch": ("update",),
    "put": ("update", "set_config"),
    "query": ("list",),
    "read": ("get",),
    "remove": ("delete", "unassign", "remove_from_tenant"),
    "retrieve": ("get",),
    "save": ("update",),
    "search": ("list",),
    "set": ("set_config", "update"),
    "show": ("get",),
}
"""The names of methods in other libraries, each with the names of such methods in this SDK."""

_ARGUMENTS: Final[Mapping[str, Sequence[str]]] = {
    "access_token": ("token",),
    "api_base": ("base_url",),
    "api_key": ("secret", "token"),
    "api_token": ("credential",),
    "client_secret": ("secret",),
    "endpoint": ("base_url",),
    "host": ("base_url",),
    "jwt": ("token",),
    "key": ("secret",),
    "max_retries": ("options",),
    "secret_key": ("secret",),
    "timeout": ("options",),
    "url": ("base_url",),
    "vendor_id": ("client_id",),
}
"""The names of client arguments in other libraries, each with the names of such arguments in this SDK."""

_SEARCHES: Final = ("filter", "find", "query", "search")
_WITHOUT_RESOURCE: Final = ("entitlements", "subscriptions")
"""Subjects of the service for which clients have no resource."""
_OWN: Final = "declare the operations that you need, and call them with send(): see the page 'Operations of your own'"

_PREFIXES: Final = ("list_", "get_", "set_", "count_")
_CLOSE: Final = 0.75


def refuse_name(instance: object, name: str) -> NoReturn:
    """Raise an error for an unknown attribute of an object. The error names the attributes that were probably meant.

    Args:
        instance: The object.
        name: The name of the attribute.

    Raises:
        AttributeError: Always.
    """
    kind = type(instance).__name__
    # Python also calls this function after a property raised AttributeError. The name of the property is not a useful
    # guess.
    known = () if name.startswith("_") else [each for each in dir(instance) if each != name and each[0] != "_"]
    if name in _WITHOUT_RESOURCE and "send" in known:
        raise AttributeError(f"{kind!r} object has no attribute {name!r}; {_OWN}", name=name, obj=instance)
    hint = _hint([_called(instance, name, each) for each in _meant(_MEANT, name, known)])
    raise AttributeError(f"{kind!r} object has no attribute {name!r}{hint}", name=name, obj=instance)


def explain_arguments(function: Callable[P, R]) -> Callable[P, R]:
    """Decorate a function that creates a client, so that the error for an unknown argument names the intended argument.

    The frame of the decorator is removed from tracebacks, because it contains the secrets of the client.

    Args:
        function: The function.
    """
    code = function.__code__
    known: Sequence[str] = code.co_varnames[1 : code.co_argcount + code.co_kwonlyargcount]

    @functools.wraps(function)
    def explained(*args: P.args, **given: P.kwargs) -> R:
        wrong = [name for name in given if name not in known]
        hidden_args, hidden = Hidden(args), Hidden(given)
        del args, given
        try:
            return function(*hidden_args.reveal(), **hidden.reveal())
        except BaseException as error:
            if wrong:  # Only some versions of Python suggest a keyword, and only for misspelt keywords.
                hint = _hint([repr(each) for each in _meant(_ARGUMENTS, wrong[0], known)])
                error.args = (f"{function.__qualname__}() got an unexpected keyword argument {wrong[0]!r}{hint}",)
            if error.__traceback__ is not None:
                error.__traceback__ = error.__traceback__.tb_next
            raise  # a bare raise does not add this frame

    return explained


def _hint(found: Sequence[str]) -> str:
    return f"; did you mean {' or '.join(found)}?" if found else ""


def _called(instance: object, name: str, meant: str) -> str:
    """Return the intended name. For a search by a filtered listing, add the argument of the filter."""
    if meant == "list" and name in _SEARCHES:
        import inspect  # noqa: PLC0415 - for errors only

        if "filter" in inspect.signature(getattr(instance, meant)).parameters:
            return "'list(filter=...)'"
    return repr(meant)


def _meant(words: Mapping[str, Sequence[str]], name: str, known: Sequence[str]) -> list[str]:
    import difflib  # noqa: PLC0415 - for errors only

    named = [each for each in words.get(name, ()) if each in known]
    prefixed = [each for each in (f"{prefix}{name}" for prefix in _PREFIXES) if each in known]
    return (named or prefixed or difflib.get_close_matches(name, known, n=1, cutoff=_CLOSE))[:2]
