"""Detect the kernel of a notebook. Its cells run inside an event loop that has no other work."""

from __future__ import annotations

import sys
from typing import Protocol, cast


class _KernelApplication(Protocol):
    def initialized(self) -> bool: ...


def is_notebook() -> bool:
    """Return whether this process is the kernel of a notebook."""
    application = getattr(sys.modules.get("ipykernel.kernelapp"), "IPKernelApp", None)
    return application is not None and cast("_KernelApplication", application).initialized()
