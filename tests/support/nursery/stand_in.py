"""A program that stands for one that a nursery forks: its streams, its signals and its end are those of the other one.

Usage: ``python -I -S stand_in.py ADDRESS [WORD...]``, with the address of the nursery. It imports little, since its
start is most of what a forked program takes.
"""

from __future__ import annotations

import marshal
import os
import signal
import socket
import sys

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
"""The signals that end a program and that it can handle."""


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:  # closed by a shell, as by >&-
        return False
    return True


def main(address: str, words: list[str]) -> int:
    """Have a program forked and wait for it; return its exit code, or the negative number of the signal that ended it.

    Args:
        address: The address of the nursery.
        words: The arguments of the program.
    """
    streams = [number for number in range(3) if _is_open(number)]
    ignored = [int(each) for each in SIGNALS if signal.getsignal(each) is signal.SIG_IGN]
    if signal.SIGINT not in ignored:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # until there is a program that it is for
    mask = os.umask(0)
    leads = os.getsid(0) == os.getpid()
    directory = os.getcwd()  # noqa: PTH109 - pathlib takes long to import
    request = marshal.dumps((words, dict(os.environ), directory, streams, ignored, mask, leads))
    with socket.socket(socket.AF_UNIX) as nursery:
        nursery.connect(address)
        socket.send_fds(nursery, [len(request).to_bytes(4, "big")], streams)
        nursery.sendall(request)
        for number in streams:  # a pipe ends with the program
            os.close(number)
        with nursery.makefile("rb") as answers:
            program = int(answers.readline())
            for each in SIGNALS:
                if each not in ignored:
                    signal.signal(each, lambda number, _: os.kill(program, number))
            return int(answers.readline())


if __name__ == "__main__":
    ended = main(sys.argv[1], sys.argv[2:])
    if ended < 0:
        signal.signal(-ended, signal.SIG_DFL)
        os.kill(os.getpid(), -ended)
    os._exit(ended)
