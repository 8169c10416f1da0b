"""The catalogue that the generator writes: what it refuses, and what it makes of a method."""

from __future__ import annotations

import ast
import importlib
import re
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import pytest

_ROOT: Final = Path(__file__).parent.parent.parent
_TOML: Final = _ROOT / "tools" / "generator" / "catalogue.toml"
_CLIENT: Final = '''
class AsyncFrontegg:
    """A client."""

    notes: AsyncNotes
    """Notes."""

class AsyncFronteggUser:
    """A client."""

class AsyncTenantView:
    """A view."""

    notes: AsyncNotes
    """Notes."""

class AsyncNotes:
    """Notes of accounts."""

    async def replace(
        self,
        tenant_ids: Sequence[str],
        *,
        sort_by: Literal["createdAt"] | None = None,
        idle: int | None | Unset = UNSET,
    ) -> tuple[Note, ...]:
        """{summary}

        ``PUT /notes/v1`` (documented).

        Args:
            tenant_ids: The tenants.
            sort_by: {help}
            idle: Seconds; ``None`` clears it.
        """
'''
_ENDPOINTS: Final = """
_V1: Final = "/notes/v1"
REPLACE = Endpoint(name="notes.replace", method="PUT", path=_V1, evidence=Evidence.DOCUMENTED)
"""
_DECLARED: Final = """
documents = []
[nouns]
notes = { section = "Accounts", about = "Notes." }
[verbs]
[not_commands]
[things]
[questions]
[also_destructive]
[undone_by]
[options]
sort_by = "sort"
[examples]
tenant_ids = "acme"
[examples_of]
[sentences]
"; ``None`` clears it" = "; --clear empties it"
"""


@pytest.fixture
def generator(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The generator as a module."""
    monkeypatch.syspath_prepend(str(_ROOT / "tools"))
    return importlib.import_module("generator.catalogue")


def _texts(
    root: Path, *, summary: str = "Replace notes.", about: str = "What to sort by: ``createdAt``.", more: str = ""
) -> dict[str, str]:
    """Return what is generated of a client with one method."""
    source = importlib.import_module("generator.source")
    for name in ("catalogue", "endpoints"):
        (root / "frontegg_async" / name).mkdir(parents=True, exist_ok=True)
    client = root / "frontegg_async" / "client.py"
    client.write_text(_CLIENT.replace("{summary}", summary).replace("{help}", about), encoding="utf-8")
    (root / "frontegg_async" / "endpoints" / "notes.py").write_text(_ENDPOINTS, encoding="utf-8")
    declared = root / "catalogue.toml"
    table, _, line = more.partition("\n")
    declared.write_text(_DECLARED.replace(table, f"{table}\n{line}", 1) if more else _DECLARED, encoding="utf-8")
    library = source.Library((source.Source(root, client),))
    found: dict[str, str] = importlib.import_module("generator.catalogue").catalogue_texts(root, library, declared)
    return found


@pytest.mark.usefixtures("generator")
def test_a_method_becomes_an_entry(tmp_path: Path) -> None:
    """With its options, words and dangers, and in the words of operators."""
    texts = _texts(tmp_path, about="What to sort by: ``createdAt``; see `replace` and ``tenant_ids``.")
    [call] = [
        node
        for node in ast.walk(ast.parse(texts["frontegg_async/catalogue/environment/notes.py"]))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "Method"
    ]
    given: dict[str, Any] = {
        str(each.arg): ast.literal_eval(each.value) for each in call.keywords if each.arg != "parameters"
    }
    assert given == {
        "path": "notes.replace",
        "noun": "notes",
        "verb": "replace",
        "about": "Replace notes.",
        "details": ("PUT /notes/v1 (documented).",),
        "returns": "many",
        "is_destructive": True,
        "of_several": True,
        "action": "Replace",
        "thing": "note",
        "operations": ("notes.replace",),
        "evidence": "documented",
        "in_view": True,
    }
    parameters = [
        {str(each.arg): ast.literal_eval(each.value) for each in node.keywords}
        for node in ast.walk(call)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "Parameter"
    ]
    ids, sort, idle = parameters
    assert ids == {
        "name": "tenant_ids",
        "kind": "text",
        "about": "The tenants.",
        "by_position": True,
        "required": True,
        "many": True,
        "example": "acme",
    }
    assert sort["about"] == "What to sort by: created_at; see 'frontegg notes replace' and TENANT_IDS."
    assert (sort["words"], sort["option"], sort["kind"]) == (("createdAt",), "sort", "word")
    assert idle == {"name": "idle", "kind": "integer", "about": "Seconds; --clear empties it.", "clearable": True}
    assert "'notes.replace': (('environment', 'notes.replace'),)" in texts["frontegg_async/catalogue/operations.py"]


@pytest.mark.usefixtures("generator")
@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"about": "``None`` for all."}, "the text about notes.replace sort_by contains 'None'"),
        ({"about": "Raises `NoteError`."}, "contains '`NoteError`', a name of Python"),
        ({"about": "As `AsyncNotes` does."}, "contains '`AsyncNotes`', a name of Python"),
        ({"about": "With tenant_ids only."}, "contains 'tenant_ids', a name of Python"),
        ({"about": "See ``get()``."}, "contains 'get(', a name of Python"),
        ({"summary": "Replace `strange` notes."}, "contains '`strange`', a name of Python"),
        ({"summary": "``PUT /notes/v2`` it."}, "no operation is PUT /notes/v2, which a docstring names"),
        ({"more": '[sentences]\n"never said" = ""'}, "nothing uses 'sentences: never said'; remove it"),
        ({"more": '[undone_by]\n"notes.gone" = "notes.back"'}, "nothing uses 'undone_by: notes.gone'; remove it"),
        ({"more": '[examples]\nnothing = "1"'}, "nothing uses 'examples: nothing'; remove it"),
        ({"more": '[nouns]\nothers = { section = "A", about = "B." }'}, "AsyncFrontegg has no others"),
    ],
)
def test_what_is_not_for_operators_is_refused(given: dict[str, str], message: str, tmp_path: Path) -> None:
    """With the place where a sentence is added, or an entry removed."""
    rules = importlib.import_module("generator.rules")
    with pytest.raises(rules.GeneratorError, match=re.escape(message)):
        _texts(tmp_path, **given)


@pytest.mark.usefixtures("generator")
def test_a_new_resource_needs_an_entry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(
        globals(), "_DECLARED", _DECLARED.replace('notes = { section = "Accounts", about = "Notes." }', "")
    )
    rules = importlib.import_module("generator.rules")
    with pytest.raises(rules.GeneratorError, match=re.escape("[nouns] lacks notes")):
        _texts(tmp_path)


def test_there_is_no_catalogue_without_its_directory(generator: ModuleType, tmp_path: Path) -> None:
    source = importlib.import_module("generator.source")
    assert generator.catalogue_texts(tmp_path, source.Library(()), _TOML) == {}
