"""Mutation operators: changes of comparisons, numbers, words, conditions, results and statements."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

_COMPARISONS: Final[dict[type[ast.cmpop], type[ast.cmpop]]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_ARITHMETIC: Final[dict[type[ast.operator], type[ast.operator]]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.Pow: ast.Mult,
    ast.Mod: ast.FloorDiv,
}
_TWINS: Final = {"min": "max", "max": "min", "any": "all", "all": "any"}
_DELETABLE: Final = (ast.Expr, ast.AugAssign, ast.Delete, ast.Raise, ast.Break, ast.Continue)


def changes(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the replacements of a node."""
    if isinstance(node, ast.expr):
        yield from _of_expression(node)
    elif isinstance(node, ast.If | ast.While):
        yield from _negated(node)
    elif isinstance(node, ast.Return):
        if node.value is not None and not isinstance(node.value, ast.Constant):
            yield ast.Return(ast.Constant(None))
    elif isinstance(node, ast.ExceptHandler):
        yield from _of_handler(node)
    if isinstance(node, _DELETABLE) or (isinstance(node, ast.Assign) and _is_of_object(node)):
        yield ast.Pass()


def _of_expression(node: ast.expr) -> Iterator[ast.AST]:  # noqa: C901, PLR0912 - a table, kind by kind
    match node:
        case ast.Compare(ops=[operator]) if type(operator) in _COMPARISONS:
            yield _with(node, ops=[_COMPARISONS[type(operator)]()])
        case ast.Compare(ops=[first, second]):
            yield _with(node, ops=[_COMPARISONS[type(first)](), second])
            yield _with(node, ops=[first, _COMPARISONS[type(second)]()])
        case ast.BoolOp(op=operator, values=values):
            yield _with(node, op=ast.Or() if isinstance(operator, ast.And) else ast.And())
            if len(values) > 2:  # noqa: PLR2004 - of two, the other operator tells as much
                for position in range(len(values)):
                    yield _with(node, values=[*values[:position], *values[position + 1 :]])
        case ast.BinOp(op=operator) if type(operator) in _ARITHMETIC:
            yield _with(node, op=_ARITHMETIC[type(operator)]())
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield operand
        case ast.IfExp():
            yield from _negated(node)
        case ast.Call(func=ast.Name(id=name)) if name in _TWINS:
            yield _with(node, func=ast.Name(_TWINS[name], ast.Load()))
        case ast.Constant(value=bool(value)):
            yield ast.Constant(not value)
        case ast.Constant(value=int(value) | float(value)):
            yield ast.Constant(value + 1)
        case ast.Constant(value=str(value)):
            yield ast.Constant(f"{value}~")
        case ast.Constant(value=bytes(value)):
            yield ast.Constant(value + b"~")
        case _:
            pass


def _of_handler(node: ast.ExceptHandler) -> Iterator[ast.AST]:
    """Yield the handler without one of the exceptions that it names."""
    if isinstance(node.type, ast.Tuple):
        kinds = node.type.elts
        for position in range(len(kinds)):
            yield _with(node, type=ast.Tuple([*kinds[:position], *kinds[position + 1 :]], ast.Load()))


def _is_of_object(node: ast.Assign) -> bool:
    """Return whether the assignment sets something that outlives the function."""
    return any(isinstance(target, ast.Attribute | ast.Subscript) for target in node.targets)


def _negated(node: ast.If | ast.While | ast.IfExp) -> Iterator[ast.AST]:
    """Yield a node with the opposite condition, unless a change of the condition itself is equivalent."""
    match node.test:
        case (
            ast.UnaryOp(op=ast.Not())
            | ast.Compare(ops=[ast.Eq() | ast.NotEq() | ast.Is() | ast.IsNot() | ast.In() | ast.NotIn()])
        ):
            return
        case test:
            yield _with(node, test=ast.UnaryOp(ast.Not(), test))


def _with(node: ast.AST, **fields: object) -> ast.AST:
    """Return a copy of a node with other fields."""
    return type(node)(**{**dict(ast.iter_fields(node)), **fields})
