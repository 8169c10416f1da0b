"""Importing the integration without Django."""

from __future__ import annotations

import subprocess
import sys


def test_the_extra_is_named() -> None:
    """The import of the integration names the extra; the SDK itself does not need Django."""
    code = """
import sys
sys.modules["django"] = None
import frontegg_sync.errors
try:
    import frontegg_sync.integrations.django
except frontegg_sync.errors.MissingExtraError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False)

    assert (done.stdout, done.stderr) == ("this integration needs Django: pip install 'frontegg-async[django]'\n", "")
