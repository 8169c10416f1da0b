"""What a build has of the working directory, and writes into the metadata: the README and the addresses of the project.

A build of a checkout has the files that git tracks, and no other: what lies beside them may be private.

`REPOSITORY_URL` is the address of the repository, which no file of it knows. Without it, a build has no addresses, and
the links of its README are those of the checkout.
"""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import Any, Final

from hatchling.builders.config import BuilderConfig
from hatchling.builders.hooks.plugin.interface import BuildHookInterface
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


_SPECIAL: Final = re.compile(r"([\\*?\[\]!# ])")
"""The characters that mean something in a pattern of ``.gitignore``."""


def untracked(root: Path) -> list[str]:
    """Return the files that git neither tracks nor ignores; none outside a checkout of this project.

    Args:
        root: The directory of the project.
    """
    # An sdist may be unpacked within the checkout of another project.
    if _git(root, "ls-files", "--error-unmatch", "pyproject.toml") is None:
        return []
    return [
        os.fsdecode(name) for name in (_git(root, "ls-files", "-zo", "--exclude-standard") or b"").split(b"\0")[:-1]
    ]


def _git(root: Path, *command: str) -> bytes | None:
    try:
        run = subprocess.run(
            ["git", *command],  # noqa: S607 - the git of whoever builds
            cwd=root,
            capture_output=True,
            check=False,
        )
    except OSError:  # there is none
        return None
    return None if run.returncode else run.stdout


class TrackedFiles(BuildHookInterface[BuilderConfig]):
    """Leaves out of a wheel and an sdist what git does not track, and says so."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Exclude the files, before the builder looks for those that it includes."""
        del version, build_data
        names = untracked(Path(self.root))
        if names:
            config = self.build_config.target_config
            config["exclude"] = [*config.get("exclude", ()), *("/" + _SPECIAL.sub(r"\\\1", name) for name in names)]
            self.app.display_warning(f"not built, since git does not track it: {', '.join(map(ascii, names))}")
