"""Read the text of an environment file, for its objects or for its faults."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest

from frontegg_async._values.json_values import JsonValue
from frontegg_async.errors import FilesError
from frontegg_async.plans.environment_files.environment_files import EnvironmentFiles, read_environment_files

FORMAT: Final = "format: frontegg-environment/1\n"

Values = Mapping[str, Mapping[str, Mapping[str, JsonValue]]]
"""The values of objects by their parts and keys."""


def values_of(files: EnvironmentFiles) -> Values:
    """Return the values of all objects."""
    return {part: {key: each.values for key, each in objects.items()} for part, objects in files.objects.items()}


def faults_of(
    directory: Path, texts: Mapping[str, str | bytes], variables: Mapping[str, str] | None = None
) -> list[str]:
    """Return the faults of files, each as a line in which ``FILE`` stands for the directory and the first file.

    Args:
        directory: Where the files are written.
        texts: The texts of the files by their names, the first of which is the lowest.
        variables: The values of variables.
    """
    paths = [directory / name for name in texts]
    for path, text in zip(paths, texts.values(), strict=True):
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(FilesError) as caught:
        read_environment_files(paths, variables or {})
    assert caught.value.message == "\n".join(map(str, caught.value.faults))
    return [str(fault).replace(f"{directory}/", "").removeprefix(f"{paths[0].name}:") for fault in caught.value.faults]
