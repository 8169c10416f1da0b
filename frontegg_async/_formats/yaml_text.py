"""YAML text: a function that writes YAML, and a parser that refuses aliases and repeated keys."""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import Any, cast

import msgspec

from frontegg_async.errors import MissingExtraError

_WITHOUT_LIMIT = 2**20
"""A line width at which PyYAML never folds a line."""


def check_yaml() -> None:
    """Check that PyYAML is installed.

    Raises:
        MissingExtraError: PyYAML is not installed.
    """
    pyyaml()


def pyyaml() -> ModuleType:
    """Import PyYAML.

    Raises:
        MissingExtraError: PyYAML is not installed.
    """
    try:
        return importlib.import_module("yaml")
    except ImportError:
        raise MissingExtraError("YAML needs PyYAML: pip install 'frontegg-async[cli]'") from None


def yaml_text(data: object, *, is_sorted: bool = False, is_ascii: bool = False) -> str:
    """Format a value as YAML in block style.

    Args:
        data: A JSON value.
        is_sorted: Whether the keys are sorted.
        is_ascii: Whether all characters beyond ASCII are escaped.

    Raises:
        MissingExtraError: PyYAML is not installed.
    """
    yaml = pyyaml()

    def dumped(dumper: type) -> str:
        return cast(
            "str",
            yaml.dump(
                data,
                Dumper=dumper,
                allow_unicode=not is_ascii,
                default_flow_style=False,
                sort_keys=is_sorted,
                width=_WITHOUT_LIMIT,
            ),
        )

    fast: type = getattr(yaml, "CSafeDumper", yaml.SafeDumper)  # with libyaml, if installed
    try:
        return dumped(yaml.SafeDumper if is_ascii else fast)
    except UnicodeEncodeError:  # a lone surrogate, which libyaml cannot escape
        return dumped(yaml.SafeDumper)


def load_yaml(text: str) -> object:
    """Parse a YAML text into plain JSON types.

    Raises:
        ValueError: The text is not YAML, has an alias, has a key twice in a mapping, or is nested too deep.
        MissingExtraError: PyYAML is not installed.
    """
    yaml = pyyaml()
    try:
        _refuse_aliases(yaml, text)
        return cast("object", msgspec.to_builtins(_load(yaml, text), str_keys=True))
    except (yaml.YAMLError, TypeError, RecursionError) as error:
        raise ValueError(str(error)) from None


def _load(yaml: Any, text: str) -> object:  # noqa: ANN401 - PyYAML has no types
    """Parse a YAML text.

    Raises:
        ValueError: A mapping has a key twice.
        yaml.YAMLError: The text is not YAML.
    """
    loader = yaml.CSafeLoader(text)
    construct = loader.construct_mapping

    def construct_unique(node: Any, deep: bool = False) -> dict[object, object]:  # noqa: ANN401 - of PyYAML
        found: dict[object, object] = construct(node, deep)
        if len(found) < len(node.value):
            raise ValueError("a mapping has a key twice")
        return found

    loader.construct_mapping = construct_unique
    try:
        return cast("object", loader.get_single_data())
    finally:
        loader.dispose()


def _refuse_aliases(yaml: Any, text: str) -> None:  # noqa: ANN401 - PyYAML has no types
    """Refuse a YAML text with an alias. A few nested aliases may expand to a value that does not fit in memory.

    Raises:
        ValueError: The text has an alias.
        yaml.YAMLError: The text is not YAML.
    """
    if "*" in text:
        events = yaml.parse(text, Loader=yaml.CSafeLoader)
        alias = next((event.anchor for event in events if isinstance(event, yaml.AliasEvent)), None)
        if alias is not None:
            raise ValueError(f"the alias *{alias} is not allowed: write the value again instead")
