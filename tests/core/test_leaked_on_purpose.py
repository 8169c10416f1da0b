"""Leaked objects are not finalised, neither without references nor when the process exits."""

from __future__ import annotations

import gc
import subprocess
import sys
import weakref

import pytest

from frontegg_async._core.runtime.leaked_on_purpose import leak_on_purpose

_PROGRAM = """
import sys
from frontegg_async._core.runtime.leaked_on_purpose import leak_on_purpose
class Loud:
    def __del__(self):
        print("finalised", flush=True)
thing = Loud()
if sys.argv[1:]:
    leak_on_purpose(thing)
"""


class _Thing:
    pass


@pytest.mark.each_python
def test_nothing_frees_it() -> None:
    """Neither that its last holder goes nor a collection of garbage."""
    kept, freed = _Thing(), _Thing()
    leak_on_purpose(kept, None)
    references = weakref.ref(kept), weakref.ref(freed)
    del kept, freed
    gc.collect()
    assert [reference() is None for reference in references] == [False, True]


@pytest.mark.each_python
@pytest.mark.parametrize(("arguments", "printed"), [((), "finalised\n"), (("leaked",), "")])
def test_the_end_of_a_process_leaves_it(arguments: tuple[str, ...], printed: str) -> None:
    """An interpreter that ends finalises other objects only."""
    ended = subprocess.run([sys.executable, "-c", _PROGRAM, *arguments], capture_output=True, text=True, check=True)
    assert (ended.stdout, ended.stderr) == (printed, "")
