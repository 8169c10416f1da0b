"""What the command line needs beside the SDK, and what is said where it is missing."""

from __future__ import annotations

PACKAGES = frozenset({"click", "keyring", "platformdirs", "rich", "yaml"})
"""The packages of the extra, as they are imported."""

NEEDED = "the command line needs an extra: pip install 'frontegg-async[cli]'"
"""What is said where one of them is missing."""
