"""The packages that the command line needs, and the message if one is missing."""

from __future__ import annotations

PACKAGES = frozenset({"click", "keyring", "platformdirs", "rich", "yaml"})
"""The import names of the packages of the extra ``cli``."""

NEEDED = "the command line needs an extra: pip install 'frontegg-async[cli]'"
"""The message if a package is missing."""
