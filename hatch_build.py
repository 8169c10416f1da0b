"""What a build writes into the metadata of the package: the README for an index, and the addresses of the project.

`REPOSITORY_URL` is the address of the repository, which no file of it knows. Without it, a build has no addresses, and
the links of its README are those of the checkout.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any, Final

from hatchling.metadata.plugin.interface import MetadataHookInterface

SETTING: Final = "REPOSITORY_URL"
_ADDRESS: Final = re.compile(r"https?://[^\s/?#]+(/[^\s/?#]+)+")
_LINK: Final = re.compile(r"(?P<picture>!?)\[(?P<text>[^\]]*)\]\((?!\w+:|#)(?P<target>[^)\s]+)\)")
"""A link or a picture of Markdown whose target is a file of the repository."""


def repository() -> str:
    """Return the address of the repository, or an empty text where it is not set.

    Raises:
        ValueError: It is not the address of a repository.
    """
    address = os.environ.get(SETTING, "").strip().rstrip("/").removesuffix(".git")
    if address and not _ADDRESS.fullmatch(address):
        raise ValueError(
            f"{SETTING} must be the address of the repository, such as https://host/owner/name, and is {address!r}"
        )
    return address


def addresses(repository: str, tag: str) -> dict[str, str]:
    """Return the addresses of the project at a release, each with the label that an index knows."""
    files = f"{repository}/blob/{tag}"
    return {
        "Homepage": repository,
        "Documentation": f"{files}/docs/index.md",
        "Changelog": f"{files}/CHANGELOG.md",
        "Issues": f"{repository}/issues",
        "Source": f"{repository}/tree/{tag}",
    }


def absolute(text: str, repository: str, tag: str) -> str:
    """Return Markdown whose links and pictures lead to the files of a release."""

    def replaced(link: re.Match[str]) -> str:
        kind = "raw" if link["picture"] else "blob"
        return f"{link['picture']}[{link['text']}]({repository}/{kind}/{tag}/{link['target']})"

    return _LINK.sub(replaced, text)


class ProjectMetadata(MetadataHookInterface):
    """Sets the fields that `pyproject.toml` declares dynamic, beside the version.

    hatch-fancy-pypi-readme also rewrites a README, but its replacements are fixed texts of `pyproject.toml`.
    """

    def update(self, metadata: dict[str, Any]) -> None:
        """Set `readme` and `urls`."""
        text = (Path(self.root) / "README.md").read_text(encoding="utf-8")
        known, tag = repository(), f"v{metadata['version']}"
        metadata["urls"] = addresses(known, tag) if known else {}
        metadata["readme"] = {
            "content-type": "text/markdown",
            "text": absolute(text, known, tag) if known else text,
        }
