"""The methods of ``frontegg.bulk``, generated from the declared operations."""

from __future__ import annotations

import ast
import importlib
import inspect
import shutil
from pathlib import Path
from typing import Any, Final

import pytest

from frontegg_async.bulk import AsyncBulk
from frontegg_async.bulk.operations import JOB_OPERATIONS, OPERATIONS

_ROOT: Final = Path(__file__).parent.parent.parent
_OPERATIONS: Final = "frontegg_async/bulk/operations"


@pytest.fixture
def generator(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The part of the generator that writes these methods."""
    monkeypatch.syspath_prepend(str(_ROOT / "tools"))
    return importlib.import_module("generator.bulk_methods")


@pytest.fixture
def front(tmp_path: Path) -> Path:
    """The module that gathers the operations, in a copy of them."""
    shutil.copytree(_ROOT / _OPERATIONS, tmp_path / _OPERATIONS, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path / _OPERATIONS / "__init__.py"


@pytest.mark.parametrize("operation", JOB_OPERATIONS.values(), ids=JOB_OPERATIONS)
def test_a_method_follows_from_its_operation(operation: Any) -> None:
    method = getattr(AsyncBulk, operation.name)
    parameters = inspect.signature(method).parameters

    assert ("columns" in parameters) == operation.sends_fields
    assert ("confirm" in parameters) == operation.is_confirmed
    documentation = " ".join(inspect.getdoc(method).split())
    assert documentation.startswith(operation.summary)
    assert operation.details in documentation
    assert f"rows: {operation.rows}" in documentation


def test_a_new_operation_gets_a_method(generator: Any, front: Path, tmp_path: Path) -> None:
    declaration = (
        'RENAME: Final = Operation(name="rename", summary="Rename tenants.", rows="``tenant_id`` and ``name``.",'
        " sends_fields=True, is_confirmed=True, columns=(TENANT_ID,))\n"
    )
    (front.parent / "names.py").write_text(declaration, encoding="utf-8")
    front.write_text(front.read_text(encoding="utf-8").replace(" ASSIGN,", " ASSIGN, RENAME,"), encoding="utf-8")

    [text] = generator.bulk_texts(tmp_path).values()

    [methods] = (node for node in ast.parse(text).body if isinstance(node, ast.ClassDef))
    found = [node for node in methods.body if isinstance(node, ast.AsyncFunctionDef)]
    names = [node.name for node in found if not node.decorator_list]
    assert [name for name in names if name != "rename"] == list(JOB_OPERATIONS)
    assert names.index("rename") == names.index("assign") + 1
    *overloads, method = (node for node in found if node.name == "rename")
    heads = [ast.unparse(each.args) for each in overloads]
    assert ["ledger: str | os.PathLike[str], " in head for head in heads] == [True, False, False]
    assert ["dry_run: Literal[True], " in head for head in heads] == [False, True, False]
    assert {"columns", "confirm"} <= {each.arg for each in method.args.kwonlyargs}
    call = ast.unparse(method.body[-1])
    assert "columns=columns" in call
    assert "confirm=confirm" in call


def test_an_operation_of_mixed_jobs_alone_has_no_method() -> None:
    for name in OPERATIONS.keys() - JOB_OPERATIONS.keys():
        assert not hasattr(AsyncBulk, name)


def test_an_operation_that_is_not_gathered_is_refused(generator: Any, front: Path, tmp_path: Path) -> None:
    """Otherwise it would have no method, and nobody would notice."""
    front.write_text(front.read_text(encoding="utf-8").replace(" ASSIGN,", ""), encoding="utf-8")

    with pytest.raises(Exception, match=r"_ALL lacks ASSIGN"):
        generator.bulk_texts(tmp_path)


def test_a_package_without_bulk_work_has_no_such_methods(generator: Any, tmp_path: Path) -> None:
    assert generator.bulk_texts(tmp_path) == {}
