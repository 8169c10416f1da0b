"""The registry of operations, generated from the modules that declare them."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Final

from generator.modules import header

_ENDPOINTS: Final = "frontegg_async/endpoints"
_TARGET: Final = "all_operations.py"
_DOCSTRING: Final = '"""`all_endpoints`: the operations of all modules of this package."""'
_TEXT: Final = """\
from frontegg_async.endpoints.endpoint import Endpoint


def all_endpoints() -> tuple[Endpoint[object], ...]:
    \"\"\"Return every declared operation, those included that only the emulator serves (``client=False``).\"\"\"
    from frontegg_async.endpoints import {modules}  # noqa: PLC0415 - clients load what they call

    return ({entries})
"""


def registry_texts(root: Path) -> dict[str, str]:
    """Return the text of the registry by its path."""
    paths = sorted((root / _ENDPOINTS).glob("*.py"))
    modules = [path.stem for path in paths if path.name != _TARGET and _declares(path)]
    text = _TEXT.format(modules=", ".join(modules), entries="".join(f"*{each}.ENDPOINTS, " for each in modules))
    return {f"{_ENDPOINTS}/{_TARGET}": header(f"{_ENDPOINTS}/*.py", _DOCSTRING) + text}


def _declares(path: Path) -> bool:
    for node in ast.parse(path.read_bytes(), filename=str(path)).body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if any(isinstance(target, ast.Name) and target.id == "ENDPOINTS" for target in targets):
            return True
    return False
