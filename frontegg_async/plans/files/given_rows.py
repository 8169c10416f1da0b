"""Read accounts from Python mappings and models instead of a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import ClassVar, cast

from frontegg_async._values.json_values import NotJsonError, copy_json
from frontegg_async._values.kinds import kind_of
from frontegg_async.errors import InvalidArgumentError, Place
from frontegg_async.models.model import Serializable
from frontegg_async.plans.files.places import BrokenTextError, Part, Path, PlacedValue, Spot
from frontegg_async.plans.files.sources import PlacedRow, ReadItem, Source


class GivenRows(Source):
    """Rows that a caller gave as Python mappings and models.

    Args:
        number: The position of this source among all sources.
        rows: The rows.
    """

    is_file: ClassVar[bool] = False

    def __init__(self, number: int, rows: Iterable[object]) -> None:
        super().__init__(number, "rows")
        self._rows = rows

    def read(self) -> Iterator[ReadItem]:
        """Yield all rows."""
        for position, row in enumerate(self._rows):
            spot = position, 0
            try:
                yield PlacedRow(spot, PlacedValue(_plain(row), Part(spot, spot).find))
            except (NotJsonError, InvalidArgumentError) as error:
                yield BrokenTextError(spot, str(error))
        self._rows = ()

    def _find(self, spot: Spot, path: Path) -> Spot:
        del path
        return spot

    def place(self, spot: Spot | None) -> Place:
        """Return the place of a row, such as ``rows[3]``."""
        return Place(self.name if spot is None else f"{self.name}[{spot[0]}]")


def _plain(row: object) -> object:
    """Return a row as plain JSON.

    Raises:
        NotJsonError: The row contains a value that JSON cannot represent.
        InvalidArgumentError: The value is not a row, or is a model with a value that JSON cannot represent.
    """
    if isinstance(row, Serializable):
        return row.to_dict()
    if not isinstance(row, Mapping):
        raise InvalidArgumentError(f"a row must be a mapping or a model, not {kind_of(row)}")
    try:
        return copy_json(cast("Mapping[object, object]", row))
    except NotJsonError as error:
        raise NotJsonError(f"the row{error}") from None
