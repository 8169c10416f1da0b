"""The memory of this process, as the operating system reports it."""

from __future__ import annotations

import resource
import sys
from pathlib import Path
from typing import Final

MIB: Final = 1024.0
"""The system's unit, KiB."""

_STATUS: Final = Path("/proc/self/status")
_CLEAR: Final = Path("/proc/self/clear_refs")
_FORGET_PEAK: Final = "5"


def resident() -> float:
    """Return the resident memory in MiB; where the system does not report it, its peak."""
    return _read("VmRSS")


def peak() -> float:
    """Return the peak since `forget_peak`, in MiB; where the system cannot reset it, since the start."""
    return _read("VmHWM")


def forget_peak() -> None:
    """Reset the peak."""
    if _CLEAR.exists():
        _CLEAR.write_text(_FORGET_PEAK)


def _read(name: str) -> float:
    if _STATUS.exists():
        for line in _STATUS.read_text().splitlines():
            if line.startswith(f"{name}:"):
                return int(line.split()[1]) / MIB
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / MIB / (MIB if sys.platform == "darwin" else 1)
