"""The registry of operations, generated from the modules that declare them."""

from __future__ import annotations

import importlib
import shutil
from pathlib import Path
from typing import Any, Final

import pytest

_ROOT: Final = Path(__file__).parent.parent.parent
_ENDPOINTS: Final = "frontegg_async/endpoints"


@pytest.fixture
def registries(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The part of the generator that writes registries."""
    monkeypatch.syspath_prepend(str(_ROOT / "tools"))
    return importlib.import_module("generator.registries")


def test_what_a_module_declares_is_gathered(registries: Any, tmp_path: Path) -> None:
    """With or without an annotation; a module that declares none is left out, and so is the registry itself."""
    directory = tmp_path / _ENDPOINTS
    shutil.copytree(_ROOT / _ENDPOINTS, directory, ignore=shutil.ignore_patterns("__pycache__"))
    (directory / "notes.py").write_text("ENDPOINTS = {}\n", encoding="utf-8")
    (directory / "memos.py").write_text("ENDPOINTS: Final = {}\n", encoding="utf-8")
    (directory / "aids.py").write_text("OTHER = {}\n", encoding="utf-8")

    texts: dict[str, str] = registries.registry_texts(tmp_path)

    assert list(texts) == [f"{_ENDPOINTS}/all_operations.py"]
    (text,) = texts.values()
    assert "*notes.ENDPOINTS, " in text
    assert "*memos.ENDPOINTS, " in text
    assert "*sso.ENDPOINTS, " in text
    assert "aids" not in text
    assert "*all_operations." not in text
