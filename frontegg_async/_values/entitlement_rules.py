"""The compiler of the rules of feature flags and feature plans. Compiled rules decide whether a caller has a feature.

The decisions equal the decisions of the npm package ``@frontegg/entitlements-javascript-commons``. If that package
would raise an error, for example for ``starts_with`` on a number, the condition is false.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from operator import eq, ge, gt, le, lt
from types import ModuleType
from typing import Any, Final, TypeAlias, cast

import attrs

from frontegg_async._values.javascript_expressions import UnsupportedExpressionError, compile_expression
from frontegg_async._values.javascript_values import as_number, as_text, as_time, milliseconds

_DEEPEST: Final = 50
"""The largest nesting depth of groups. Deeper groups could cause a recursion error."""

TRUE: Final = "true"
"""The value of ``treatment`` that grants a feature."""


class _Missing:
    __slots__ = ()


MISSING: Final = _Missing()
"""The value of an attribute that a caller does not have."""

Lookup: TypeAlias = Callable[[str], object]
"""A function that returns a caller's attribute by name, or `MISSING`."""
Predicate: TypeAlias = Callable[[Lookup], bool]
"""A function that returns whether a rule, or a part of a rule, applies to a caller."""
_Test: TypeAlias = Callable[[object], bool | None]
"""A function that returns whether a condition is true for a value.

It returns ``None`` if the negated condition is false, too.
"""
_Compile: TypeAlias = Callable[[Mapping[str, object], "Compiler"], _Test | None]
"""A function that compiles the ``value`` of a condition to a test.

It returns ``None`` if the condition is always false.
"""


@attrs.frozen
class Treatments:
    """The compiled rules of a feature, and the decision if no rule applies."""

    rules: Sequence[tuple[Predicate, bool]]
    """The rules in order, each with a flag that says whether the rule grants the feature."""
    otherwise: bool
    """Whether a caller gets the feature if no rule applies."""

    def give(self, lookup: Lookup) -> bool:
        """Return whether a caller gets the feature."""
        for applies, gives in self.rules:
            if applies(lookup):
                return gives
        return self.otherwise


_TO_NOBODY: Final = Treatments((), False)


class _TooDeepError(Exception):
    pass


@attrs.frozen
class Compiler:
    """Compiler of targeting rules.

    Args:
        re2: The ``re2`` module, for regular expressions.
        refuse: The function that is called with each regular expression that is not supported.
    """

    re2: ModuleType
    refuse: Callable[[str], object]

    def treatments(self, rules: object, default: object) -> Treatments:
        """Compile rules. Malformed rules, and rules that are nested too deep, grant the feature to nobody.

        Args:
            rules: The rules in the form of the service: a list, or ``None``.
            default: The decision if no rule applies.
        """
        some = [] if rules is None else _list(rules)
        whole = [
            rule for rule in map(_object, some or ()) if rule is not None and _list(rule.get("conditions")) is not None
        ]
        if some is None or len(whole) < len(some):
            return _TO_NOBODY
        try:
            return Treatments([(self._rule(rule, 0), rule.get("treatment") == TRUE) for rule in whole], default == TRUE)
        except _TooDeepError:
            return _TO_NOBODY

    def _rule(self, rule: Mapping[str, object], depth: int) -> Predicate:
        """Compile a rule, or a group of conditions, to a predicate."""
        if depth > _DEEPEST:
            raise _TooDeepError
        conditions = _list(rule.get("conditions"))
        if conditions is None:
            return _never
        parts = [self._part(each, depth) for each in conditions]
        if len(parts) == 1:
            return parts[0]
        return _combined(parts, decisive=rule.get("conditionLogic") == "or")

    def _part(self, value: object, depth: int) -> Predicate:
        part = _object(value)
        if part is None:
            return _never
        is_group = "conditionLogic" in part and "op" not in part
        return self._rule(part, depth + 1) if is_group else self._condition(part)

    def _condition(self, condition: Mapping[str, object]) -> Predicate:
        make = _OPERATIONS.get(str(condition.get("op")))
        value = _object(condition.get("value"))
        name = condition.get("attribute")
        if make is None or value is None or not isinstance(name, str):
            return _never
        test = make(value, self)
        if test is None:
            return _never
        is_negated = bool(condition.get("negate"))

        def applies(lookup: Lookup) -> bool:
            found = lookup(name)
            if found is MISSING:
                return False
            try:
                result = test(found)
            except RecursionError:  # a deeply nested list
                return False
            return result is not None and result is not is_negated

        return applies


def _combined(parts: Sequence[Predicate], *, decisive: bool) -> Predicate:
    """Combine predicates. If one of them returns ``decisive``, the result is ``decisive``, otherwise the opposite."""

    def applies(lookup: Lookup) -> bool:
        for part in parts:  # this loop is faster than any() or all() with a generator
            if part(lookup) is decisive:
                return decisive
        return not decisive

    return applies


def _never(lookup: Lookup) -> bool:
    del lookup
    return False


def _in_list(value: Mapping[str, object], compiler: Compiler) -> _Test | None:
    del compiler
    texts = _texts(value)
    if texts is None:
        return None
    wanted = frozenset(texts)

    def test(found: object) -> bool:
        if isinstance(found, list | tuple):
            return any(isinstance(each, str) and each in wanted for each in cast("Sequence[object]", found))
        return isinstance(found, str) and found in wanted

    return test


def _of_texts(is_so: Callable[[Any, tuple[str, ...]], bool], *kinds: type) -> _Compile:
    """Return the function that compiles an operation on texts. For values of other types, the condition is false."""

    def compiled(value: Mapping[str, object], compiler: Compiler) -> _Test | None:
        del compiler
        texts = _texts(value)
        if not texts:
            return None if texts is None else lambda found: False  # noqa: ARG005 - for every value
        return lambda found: is_so(found, texts) if isinstance(found, kinds) else None

    return compiled


def _matches(value: Mapping[str, object], compiler: Compiler) -> _Test | None:
    expression = value.get("string")
    if not isinstance(expression, str):
        return None
    try:
        is_found = compile_expression(expression, compiler.re2)
    except UnsupportedExpressionError:
        compiler.refuse(expression)
        return None

    def test(found: object) -> bool | None:
        text = as_text(found)
        return None if text is None else is_found(text)

    return test


def _is(value: Mapping[str, object], compiler: Compiler) -> _Test | None:
    del compiler
    wanted = value.get("boolean")
    return (lambda found: found is wanted) if isinstance(wanted, bool) else None


def _equal(value: Mapping[str, object], compiler: Compiler) -> _Test | None:
    del compiler
    wanted = _number(value, "number")
    return None if wanted is None else lambda found: _is_number(found) and as_number(found) == wanted


def _compared(compare: Callable[[float, float], bool]) -> _Compile:
    def compiled(value: Mapping[str, object], compiler: Compiler) -> _Test | None:
        del compiler
        wanted = _number(value, "number")
        return None if wanted is None else lambda found: compare(as_number(found), wanted)

    return compiled


def _between_numeric(value: Mapping[str, object], compiler: Compiler) -> _Test | None:
    del compiler
    start, end = _number(value, "start"), _number(value, "end")
    if start is None or end is None:
        return None
    return lambda found: start <= as_number(found) <= end


def _compared_times(compare: Callable[[int, int], bool]) -> _Compile:
    def compiled(value: Mapping[str, object], compiler: Compiler) -> _Test | None:
        del compiler
        wanted = as_time(value.get("date"))
        if not value.get("date") or wanted is None:
            return None
        return lambda found: compare(milliseconds(found), wanted) if isinstance(found, datetime) else None

    return compiled


def _between_date(value: Mapping[str, object], compiler: Compiler) -> _Test | None:
    del compiler
    start, end = as_time(value.get("start")), as_time(value.get("end"))
    if not (value.get("start") and value.get("end")) or start is None or end is None:
        return None
    return lambda found: start <= milliseconds(found) <= end if isinstance(found, datetime) else None


_OPERATIONS: Final[Mapping[str, _Compile]] = {
    "in_list": _in_list,
    "starts_with": _of_texts(str.startswith, str),
    "ends_with": _of_texts(str.endswith, str),
    "contains": _of_texts(lambda found, texts: any(text in found for text in texts), str, list, tuple),
    "matches": _matches,
    "equal": _equal,
    "greater_than": _compared(gt),
    "greater_than_equal": _compared(ge),
    "lower_than": _compared(lt),
    "lower_than_equal": _compared(le),
    "between_numeric": _between_numeric,
    "is": _is,
    "on": _compared_times(eq),
    "on_or_after": _compared_times(ge),
    "on_or_before": _compared_times(le),
    "between_date": _between_date,
}


def _object(value: object) -> Mapping[str, object] | None:
    return cast("Mapping[str, object]", value) if isinstance(value, dict) else None


def _list(value: object) -> list[object] | None:
    return cast("list[object]", value) if isinstance(value, list) else None


def _texts(value: Mapping[str, object]) -> tuple[str, ...] | None:
    texts = _list(value.get("list"))
    if texts is None or not all(isinstance(each, str) for each in texts):
        return None
    return tuple(cast("list[str]", texts))


def _number(value: Mapping[str, object], name: str) -> float | None:
    number = value.get(name)
    return as_number(number) if _is_number(number) else None


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
