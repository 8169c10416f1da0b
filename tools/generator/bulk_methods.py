"""Generate the methods of ``frontegg.bulk`` that begin jobs, one for each declared operation that is a method."""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from generator.modules import header
from generator.rules import GeneratorError
from generator.source import WIDTH, Source

OPERATIONS: Final = "frontegg_async/bulk/operations"
TARGET: Final = "frontegg_async/bulk/operation_methods.py"

_DOCSTRING: Final = '"""The methods of ``frontegg.bulk`` that begin a job, one for each operation."""'
_MODULE: Final = '''\
import os
from collections.abc import Callable, Sequence
from typing import Literal, overload

from frontegg_async._core.call.caller import Caller
from frontegg_async.bulk.progress import BulkProgress
from frontegg_async.bulk.report import BulkReport
from frontegg_async.bulk.rows import BulkSource
from frontegg_async.bulk.runs import begin
from frontegg_async.bulk.settings import RESERVE, settings_of


class OperationMethods:
    """Methods that begin a job."""

    __slots__ = ("_caller", "_environment")

    def __init__(self, caller: Caller, environment: str) -> None:
        self._caller = caller
        self._environment = environment

{methods}
'''
_HEAD: Final = """\
    async def {name}(
        self,
        rows: BulkSource,
        *,
        {columns}
        ledger: {ledger},
        {confirm}
        concurrency: int = 16,
        rate: float | str | None = {rate},
        reserve: float = RESERVE,
        max_failures: float | None = None,
        {keep}
        {send}
        on_bad_row: Literal["raise", "report"] = "raise",
        dry_run: {dry_run},
        on_progress: Callable[[BulkProgress], object] | None = None,
    ) -> BulkReport:
"""
_BODY: Final = """\
        {docstring}
        return await begin(
            self._caller,
            self._environment,
            "{name}",
            rows,
            ledger,
            settings=settings_of(concurrency, rate, reserve, max_failures{kept}),
            on_bad_row=on_bad_row,
            dry_run=dry_run,
            on_progress=on_progress,
            {chosen}
            {confirmed}
            {sends}
        )
"""
_LEDGER: Final = "str | os.PathLike[str]"
_HEADS: Final = (
    (_LEDGER, "bool = False"),
    ("None = None", "Literal[True]"),
    (f"{_LEDGER} | None", "bool"),
    (f"{_LEDGER} | None = None", "bool = False"),
)
"""The types of ``ledger`` and ``dry_run``.

Overloads: with a ledger; a dry run without a ledger; both decided at run time. The last entry is for the method itself.
"""
_COLUMNS: Final = "columns: Sequence[str] | None = None,"
_CONFIRM: Final = "confirm: bool | int = False,"
_KEEP: Final = "keep_before: bool = False,"
_SEND: Final = "send_email: bool = False,"
_ARGUMENTS: Final = {
    "columns": (
        'The columns to send, such as ``["name", "metadata.plan"]``; by default all columns of a row. Rows of an '
        "export and models such as `Tenant` need this argument. They contain all fields with old values, so that the "
        "job would also reset fields that have changed since. Rows without a value in these columns are left out and "
        "not counted."
    ),
    "ledger": "The path or the address of the ledger. It must not exist yet. A dry run needs no ledger.",
    "confirm": (
        "The number of rows that you expect, or ``True`` for any number. If it is omitted or the number is wrong, "
        "nothing is sent until `resume` overrides the guard ``confirm``."
    ),
    "concurrency": "The maximum number of simultaneous requests, 1 to 1,000.",
    "rate": (
        'Requests per second, such as ``200``, ``"400/s"`` or ``"1000/min"``; by default the rate that the service '
        "allows."
    ),
    "reserve": "The share of the service's rate limit that is left to other clients, from 0 to below 1.",
    "max_failures": (
        "The maximum number of rows that may fail, or a share below 1. By default, the job stops when more than half "
        "of the last 100 rows failed for one reason."
    ),
    "keep_before": (
        "Whether the ledger stores the values that each row replaces. An undo needs these values, and the rows of a "
        "report contain them as ``before``. The values are read before the row is sent, up to 100 rows in a request."
    ),
    "send_email": "Whether rows without a value in ``send_email`` send an e-mail.",
    "on_bad_row": (
        "The treatment of invalid rows: ``raise`` sends nothing if a row is invalid; ``report`` sends the other rows."
    ),
    "dry_run": "Whether to send only read requests, and to report the expected effect of each row.",
    "on_progress": "Called a few times per second with a `BulkProgress`.",
}
_ERRORS: Final = {
    "InvalidArgumentError": "An argument is invalid; nothing was sent.",
    "UnusableRowsError": "Rows are invalid; nothing was sent.",
    "LedgerError": (
        "The ledger cannot be created or written. `LedgerExistsError` if the ledger already exists, and "
        "`LedgerInUseError` if another run uses the ledger."
    ),
    "GuardShutError": "A guard stopped the job. `resume` with ``override`` continues the job.",
    "FronteggError": "A read request failed before the first row was sent. No row was sent.",
}
"""The errors of the first method. The other methods refer to them."""

_Declared = dict[str, object]


def bulk_texts(root: Path) -> dict[str, str]:
    """Return the text of the generated module by its path; empty without bulk work.

    Args:
        root: The directory of both packages.

    Raises:
        GeneratorError: ``_ALL`` and the declared operations differ.
    """
    front = root / OPERATIONS / "__init__.py"
    if not front.exists():
        return {}
    found = {name: declared for path in sorted(front.parent.glob("*.py")) for name, declared in _operations(root, path)}
    names = _order(Source(root, front))
    for name in set(names) ^ set(found):
        problem = f"_ALL lacks {name}" if name in found else f"{name} is not declared in a module of this directory"
        raise GeneratorError(f"{OPERATIONS}/__init__.py:1: {problem}")
    first = str(found[names[0]]["name"])
    methods = "\n".join(_method(found[name], first) for name in names if found[name].get("is_method", True))
    return {TARGET: header(f"{OPERATIONS}/", _DOCSTRING) + _MODULE.format(methods=methods.rstrip())}


def _operations(root: Path, path: Path) -> Iterator[tuple[str, _Declared]]:
    """Yield the name of each operation of a module, and its values; ``None`` for values that are not literal."""
    for node in Source(root, path).tree.body:
        if not isinstance(node, ast.AnnAssign) or not isinstance(node.target, ast.Name):
            continue
        if isinstance(node.value, ast.Call) and ast.unparse(node.value.func) == "Operation":
            yield (
                node.target.id,
                {
                    str(each.arg): ast.literal_eval(each.value) if isinstance(each.value, ast.Constant) else None
                    for each in node.value.keywords
                },
            )


def _order(source: Source) -> list[str]:
    """Return the names of all operations, in order."""
    definitions = (node for node in source.tree.body if isinstance(node, ast.AnnAssign))
    found = next((node.value for node in definitions if ast.unparse(node.target) == "_ALL"), None)
    if not isinstance(found, ast.Tuple):
        source.fail(source.tree, "there is no tuple _ALL")
    return [ast.unparse(each) for each in found.elts]


def _method(declared: _Declared, first: str) -> str:
    columns, confirm = bool(declared.get("sends_fields")), bool(declared.get("is_confirmed"))
    keep = "read_before" in declared and not declared.get("needs_before")
    send, rate = bool(declared.get("sends_email")), declared.get("rate")
    taken = {"columns": columns, "confirm": confirm, "keep_before": keep, "send_email": send}
    left = {name for name, is_taken in taken.items() if not is_taken}
    arguments = {name: text for name, text in _ARGUMENTS.items() if name not in left}
    if rate:
        arguments["rate"] = f"{arguments['rate'].partition(';')[0]}; ``None`` for the rate that the service allows."
    same = {"FronteggError": f"The same errors as `{first}`; `GuardShutError` if a guard stopped the job."}
    docstring = [
        f'"""{declared["summary"]}',
        *(["", *_wrapped(str(declared["details"]), 8)] if "details" in declared else []),
        "",
        "        Args:",
        *_entries({"rows": str(declared["rows"]), **arguments}),
        "",
        "        Returns:",
        "            The outcomes of the rows.",
        "",
        "        Raises:",
        *_entries(_ERRORS if declared["name"] == first else same),
        '        """',
    ]
    heads = [
        _HEAD.format(
            name=declared["name"],
            columns=_COLUMNS if columns else "",
            ledger=ledger,
            confirm=_CONFIRM if confirm else "",
            keep=_KEEP if keep else "",
            send=_SEND if send else "",
            rate=f'"{rate}"' if rate else "None",
            dry_run=dry_run,
        )
        for ledger, dry_run in _HEADS
    ]
    body = _BODY.format(
        name=declared["name"],
        docstring="\n".join(docstring),
        chosen="columns=columns," if columns else "",
        confirmed="confirm=confirm," if confirm else "",
        sends="send_email=send_email," if send else "",
        kept=", keep_before=keep_before" if keep else "",
    )
    text = "".join(f"    @overload\n{head.rstrip()} ...\n\n" for head in heads[:-1]) + heads[-1] + body
    return "".join(line for line in text.splitlines(keepends=True) if line.strip() or line == "\n") + "\n"


def _entries(texts: dict[str, str]) -> list[str]:
    return [line for name, text in texts.items() for line in _wrapped(f"{name}: {text}", 12, deeper=4)]


def _wrapped(text: str, indent: int, *, deeper: int = 0) -> Sequence[str]:
    """Return the lines of a text of a docstring."""
    first, rest = " " * indent, " " * (indent + deeper)
    return textwrap.wrap(text, WIDTH, initial_indent=first, subsequent_indent=rest, break_long_words=False)
