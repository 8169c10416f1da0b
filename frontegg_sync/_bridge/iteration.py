"""`Iteration`: an iterator over a listing that several threads may share."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from types import TracebackType
from typing import TypeVar

from frontegg_async._core.runtime.forks import ProcessLock
from frontegg_async._core.runtime.tracebacks import shorten
from frontegg_async.errors import FronteggError
from frontegg_async.page_reader import Portion

T = TypeVar("T")
V = TypeVar("V")


class Iteration(Generator[V, None, None]):
    """An iterator over a listing that several threads may share. Each item goes to one of the threads.

    If the read of a page fails, the iterator raises the error in each thread. A plain generator would end after the
    first error, so another thread would assume that the listing is complete.

    Args:
        portions: Reads the pages.
        take: Returns the items of a page.
    """

    __slots__ = ("_close", "_failure", "_is_reading", "_items", "_lock", "_portions")

    def __init__(
        self, portions: Generator[Portion[T], None, None], take: Callable[[Portion[T]], tuple[V, ...]]
    ) -> None:
        self._lock = ProcessLock()
        self._items: Iterator[V] = iter(())
        self._is_reading = False
        self._failure: FronteggError | None = None
        self._portions: Iterator[tuple[V, ...]] = map(take, portions)
        self._close = portions.close

    def __next__(self) -> V:
        # The iterator of a tuple is thread-safe.
        for item in self._items:
            return item
        try:
            return self._turn_page()
        except FronteggError as error:
            shorten(error)
            raise

    def _turn_page(self) -> V:
        with self._lock.of_process():
            while True:
                # Another thread may have read the page during the wait.
                for item in self._items:
                    return item
                self._read()

    def _read(self) -> None:
        """Read the next page with items.

        Raises:
            StopIteration: There are no more pages.
            FronteggError: The read of the page fails, or an earlier read failed.
        """
        if self._is_reading:
            raise FronteggError(
                "this iterator is already reading a page, in code that a signal interrupted or in the parent of this "
                "process: iterate the listing again"
            )
        failure = self._failure
        if failure is not None:
            raise failure.fresh()
        self._is_reading = True
        try:
            self._items = iter(next(self._portions))
        except StopIteration:
            raise
        except FronteggError as error:
            self._failure = error.fresh()
            raise
        except BaseException as error:
            kind = type(error).__name__
            self._failure = FronteggError(f"this iterator was ended by {kind}: iterate the listing again")
            raise
        finally:
            self._is_reading = False

    def send(self, value: None, /) -> V:
        """Return the next item."""
        del value
        return next(self)

    def throw(
        self, typ: type[BaseException] | BaseException, val: object = None, tb: TracebackType | None = None, /
    ) -> V:
        """End the iteration and raise an exception."""
        self.close()
        error = typ if isinstance(typ, BaseException) else val if isinstance(val, BaseException) else typ()
        raise error.with_traceback(tb)

    def close(self) -> None:
        """End the iteration and cancel prefetched pages."""
        with self._lock.of_process():
            self._items = iter(())
            self._close()
