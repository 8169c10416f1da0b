"""Generate the descriptions of model fields, which are texts below the fields and do not exist at run time."""

from __future__ import annotations

import ast
import inspect
import json
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from generator.modules import MARK
from generator.source import Source, is_text

DIRECTORY: Final = "frontegg_async/models"
TARGET: Final = f"{DIRECTORY}/field_descriptions.py"

_WIDTH: Final = 100
_HEAD: Final = f'''\
{MARK} from {DIRECTORY}: change that, and generate again.
"""The descriptions of the fields of the models, for JSON schemas."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

DESCRIPTIONS: Final[Mapping[str, Mapping[str, str]]] = {{
'''


def description_texts(root: Path) -> dict[str, str]:
    """Return the text of the module with the descriptions by its path."""
    lines = [_HEAD]
    for path in sorted((root / DIRECTORY).glob("*.py")):
        source = Source(root, path)
        for node in source.tree.body:
            if not isinstance(node, ast.ClassDef):
                continue
            fields = dict(_described(node))
            if fields:
                lines += [
                    f"{node.name!r}: {{",
                    *(f"{name!r}: {_literal(text)}," for name, text in fields.items()),
                    "},",
                ]
    return {TARGET: "\n".join([*lines, "}", ""])}


def _described(model: ast.ClassDef) -> Iterator[tuple[str, str]]:
    """Yield the fields of a class that have a text below them."""
    for field, below in zip(model.body, model.body[1:], strict=False):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and is_text(below):
            yield field.target.id, _plain(ast.literal_eval(ast.unparse(below)))


def _plain(docstring: str) -> str:
    """Return a docstring with a line for each paragraph, and code in the form of Markdown."""
    paragraphs = inspect.cleandoc(docstring).replace("``", "`").split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)


def _literal(text: str) -> str:
    pieces = textwrap.wrap(text, _WIDTH, drop_whitespace=False, replace_whitespace=False, expand_tabs=False)
    return "(" + "\n".join(json.dumps(piece, ensure_ascii=False) for piece in pieces) + ")"
