"""Generate the methods of a blocking class: copy signatures, and run the awaitable method in the loop."""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from generator.rules import BESIDE_DOC, LAZY, RUNNER_DOC, Rules, async_name
from generator.source import Function, Source, add_argument

_AWAITED: Final = frozenset(
    {
        "AbstractAsyncContextManager",
        "AsyncContextManager",
        "AsyncGenerator",
        "AsyncIterable",
        "AsyncIterator",
        "Awaitable",
        "Coroutine",
        "Future",
        "Task",
    }
)
_RUNNER: Final = "runner: Runner | None = None"
_PRIVATE: Final = "  # noqa: SLF001 - of a twin  # pyright: ignore[reportPrivateUsage]"
_NOTHING: Final[Mapping[str, str]] = {}
_COPIED: Final = frozenset({"__reduce__", "__repr__"})
_FIXED_BODIES: Final = {
    "aclose": "self._bridge.close()",
    "__aenter__": "self._bridge.check_open()\nreturn self",
    "__aexit__": "self.close()",
}


@dataclass(frozen=True)
class Twins:
    """The classes with blocking counterparts.

    Args:
        clients: The names of the clients. The resources of a client share its bridge into the loop.
        all: The names of all classes with counterparts, and the modules of the counterparts.
    """

    clients: Collection[str]
    all: Mapping[str, str]


def names_in(node: ast.AST) -> set[str]:
    """Return every name in a part of the tree."""
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}


def method(source: Source, owner: ast.ClassDef, function: Function, twins: Twins, rules: Rules) -> str | None:
    """Return the twin of a method, or ``None`` if it has none.

    Args:
        source: The module.
        owner: The class.
        function: The method.
        twins: The classes that have twins.
        rules: The tables.

    Raises:
        GeneratorError: The method has an unsupported statement.
    """
    name = function.name
    if name == "__aenter__" and _awaits(function):
        return _join(
            "", rules.rename(source.head(function)), "", "self._bridge.call(self._async.__aenter__)\nreturn self"
        )
    if name == "__init__" or (name.startswith("_") and not name.endswith("__")):
        return None
    _check(source, function, twins)
    if [ast.unparse(each) for each in function.decorator_list] == ["overload"]:
        return _join("@overload\n", rules.rename(source.head(function)), "...")
    decorator = _decorator(source, function)
    head = rules.rename(source.head(function))
    if name in _FIXED_BODIES:
        docstring = "" if name.startswith("__") else source.docstring(function, rules)
        return _join("", head, docstring, _FIXED_BODIES[name])
    if name in _COPIED:
        return _join("", head, "", _copied_body(source, function))
    if name.startswith("__"):
        source.fail(function, f"{name} has no rule for its blocking twin")
    docstring = source.docstring(function, rules)
    if decorator == "classmethod":
        return _join(
            "@classmethod\n",
            _add_runner(source, function, head),
            _add_runner_doc(docstring),
            *_made(owner, function, rules),
        )
    line = f"@{decorator}\n" if decorator else ""
    body = _body(source, function, twins, rules)
    if _is_opened(owner) and isinstance(function, ast.FunctionDef):
        body = f"self._bridge.check_open()\n{body}"
    return _join(line, head, docstring, body)


def constructor(source: Source, owner: ast.ClassDef, function: Function, twins: Twins, rules: Rules) -> str:
    """Return the constructor of a client: the parameters of the async client, and the runner.

    A client that works with another client uses the loop of that client.
    """
    if function.args.vararg is not None or function.args.kwarg is not None:
        source.fail(function, "a constructor takes no open-ended arguments")
    head = rules.rename(source.head(function))
    other = _other_client(function, twins)
    runner = runner_doc(function, twins) is not None
    if runner:
        head = _add_runner(source, function, head)
    hiding, hidden = _hidden(function, rules.hidden_by_constructor)
    made = f"client = {async_name(owner.name)}({handed_on(function, hidden)})"
    if other is None:
        return _join("", head, "", hiding, made, "self._assemble(client, Bridge(client, runner))")
    name = other.arg
    inner = f"unwrap({name}, {rules.rename(_client_names(other, twins).pop())}, {name!r})"
    given = f"inner = None if {name} is None else {inner}" if runner else f"inner = {inner}"
    arguments = handed_on(function, {**hidden, name: "inner"})
    made = f"made = {async_name(owner.name)}({arguments})"
    assembled = f"self._assemble(made, beside({name}, made, {'runner' if runner else 'None'}))"
    return _join("", head, "", hiding, given, made, assembled)


def runner_doc(function: Function, twins: Twins) -> str | None:
    """Return the documentation of the parameter for the runner; ``None`` if the client has no such parameter.

    Args:
        function: The constructor.
        twins: The classes that have twins.
    """
    other = _other_client(function, twins)
    if other is None:
        return RUNNER_DOC
    return BESIDE_DOC if isinstance(other.annotation, ast.BinOp) else None


def _other_client(function: Function, twins: Twins) -> ast.arg | None:
    """Return the parameter of a constructor that takes another client."""
    arguments = (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)
    return next((each for each in arguments if _client_names(each, twins)), None)


def _client_names(argument: ast.arg, twins: Twins) -> set[str]:
    return set() if argument.annotation is None else names_in(argument.annotation) & set(twins.clients)


def _awaits(function: Function) -> bool:
    return any(isinstance(each, ast.Await) for each in _own_nodes(function))


def _is_opened(owner: ast.ClassDef) -> bool:
    """Return whether a class has plain methods that need it open, so that ``async with`` must open it."""
    functions = (each for each in owner.body if isinstance(each, ast.AsyncFunctionDef))
    return any(each.name == "__aenter__" and _awaits(each) for each in functions)


def _join(decorator: str, head: str, *parts: str) -> str:
    body = [line for part in parts if part for line in _indent(part)]
    return decorator + "\n".join([head, *body])


def _indent(part: str) -> list[str]:
    """Indent code. A docstring has the indentation of its source from its second line on."""
    return ["    " + part] if part.startswith('"""') else ["    " + line for line in part.split("\n")]


def _check(source: Source, function: Function, twins: Twins) -> None:
    if function.args.kwarg is not None:
        source.fail(function, f"{function.name} takes open-ended keyword arguments")
    if function.returns is None:
        source.fail(function, f"{function.name} does not say what it returns")
    for node in _own_nodes(function):
        if isinstance(node, ast.Yield | ast.YieldFrom):
            source.fail(node, f"{function.name} is a generator, which is never stepped across threads")
    parameters = function.args
    for argument in (*parameters.posonlyargs, *parameters.args, *parameters.kwonlyargs):
        found = set[str]() if argument.annotation is None else names_in(argument.annotation) & set(twins.all)
        if found:
            source.fail(argument, f"{function.name} takes {found.pop()}, which only the async package has")
    strange = names_in(function.returns) & _AWAITED
    if strange:
        source.fail(function.returns, f"{function.name} returns {strange.pop()}, which cannot be twinned")


def _own_nodes(function: Function) -> list[ast.AST]:
    """Return the nodes of a function without those of inner functions."""
    found: list[ast.AST] = []
    waiting: list[ast.AST] = list(function.body)
    while waiting:
        node = waiting.pop()
        found.append(node)
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            waiting.extend(ast.iter_child_nodes(node))
    return found


def _decorator(source: Source, function: Function) -> str | None:
    if not function.decorator_list:
        return None
    name = ast.unparse(function.decorator_list[0])
    if name == "abstractmethod" and function.name in _FIXED_BODIES:
        return None
    if len(function.decorator_list) > 1 or name not in {"property", "classmethod"}:
        source.fail(function.decorator_list[-1], f"{function.name} has a decorator that is not understood")
    if isinstance(function, ast.AsyncFunctionDef):
        source.fail(function, f"{function.name} is a {name} and async")
    return name


def _copied_body(source: Source, function: Function) -> str:
    """Return the body of a method that uses only public names of the object."""
    for node in ast.walk(function):
        if isinstance(node, ast.Attribute) and node.attr.startswith("_") and not node.attr.endswith("__"):
            source.fail(node, f"{function.name} looks at {node.attr}, which the blocking twin does not have")
    return "\n".join(source.text(statement) for statement in function.body)


def handed_on(function: Function, instead: Mapping[str, str] = _NOTHING, *, without: Collection[str] = ()) -> str:
    """Return the arguments with which a function passes its own parameters on.

    Args:
        function: The function, a method.
        instead: The values that are passed instead of parameters.
        without: The parameters that are not passed.
    """
    parameters = function.args
    names = [argument.arg for argument in (*parameters.posonlyargs, *parameters.args)][1:]
    given = [instead.get(name, name) for name in names]
    if parameters.vararg is not None:
        given.append(f"*{parameters.vararg.arg}")
    named = [argument.arg for argument in parameters.kwonlyargs if argument.arg not in without]
    return ", ".join([*given, *(f"{name}={instead.get(name, name)}" for name in named)])


def _hidden(function: Function, chosen: Callable[[Sequence[str]], list[str]]) -> tuple[str, dict[str, str]]:
    """Return the code that removes secrets from a frame, and the arguments that are passed instead."""
    parameters = function.args
    names = chosen([each.arg for each in (*parameters.args, *parameters.kwonlyargs)])
    lines = [f"hidden_{name} = Hidden({name})" for name in names]
    if names:
        lines.append(f"del {', '.join(names)}")
    return "\n".join(lines), {name: f"hidden_{name}.reveal()" for name in names}


def _made(owner: ast.ClassDef, function: Function, rules: Rules) -> tuple[str, ...]:
    """Return the body of an alternative constructor of a client."""
    hiding, hidden = _hidden(function, rules.hidden_by_constructor)
    made = f"client = {async_name(owner.name)}.{function.name}({handed_on(function, hidden)})"
    return hiding, made, "return cls._wrap(client, Bridge(client, runner))"


def _add_runner(source: Source, function: Function, head: str) -> str:
    """Return a head with the parameter for the runner."""
    end, separator, result = head.rpartition(") ->")
    if not separator:
        source.fail(function, f"{function.name} does not say what it returns")
    star = "" if function.args.kwonlyargs or function.args.vararg else "*, "
    return f"{end.rstrip().removesuffix(',')}, {star}{_RUNNER},{separator}{result}"


def _add_runner_doc(docstring: str) -> str:
    return add_argument(docstring, RUNNER_DOC)


def _body(source: Source, function: Function, twins: Twins, rules: Rules) -> str:
    assert function.returns is not None  # noqa: S101 - checked already
    hiding, hidden = _hidden(function, rules.hidden)
    before = f"{hiding}\n" if hiding else ""
    arguments = handed_on(function, hidden)
    target = f"self._async.{function.name}"
    call = target if function.decorator_list else f"{target}({arguments})"
    if isinstance(function, ast.AsyncFunctionDef):
        call = f"self._bridge.call(lambda: {call})" if arguments else f"self._bridge.call({target})"
    returns = function.returns
    if isinstance(returns, ast.Constant) and returns.value is None:
        return f"{before}{call}"
    if isinstance(returns, ast.Name) and returns.id == "Self":
        return f"{before}return rewrap(self, {call})"
    outer = returns.value if isinstance(returns, ast.Subscript) else returns
    found = names_in(returns) & set(twins.all)
    if not found:
        return f"{before}return {call}"
    if not isinstance(outer, ast.Name) or found != {outer.id}:
        source.fail(returns, f"{function.name} returns {ast.unparse(returns)}, whose inner part has a twin")
    twin = rules.rename(outer.id)
    if twin in LAZY:
        load = f"from {twins.all[outer.id]} import {twin}  # noqa: PLC0415 - see `LAZY` of the generator"
        before += f"with importing:\n    {load}\n"
    if outer.id in twins.clients:
        # Closing a client that another client made closes nothing of the other client.
        return f"{before}wrap = {twin}._wrap{_PRIVATE}\nreturn wrap({call}, self._bridge.share())"
    return f"{before}return {twin}({call}, self._bridge)"
