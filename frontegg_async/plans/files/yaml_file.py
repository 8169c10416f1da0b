"""Read accounts from YAML files with a list of rows, one row at a time."""

from __future__ import annotations

from collections.abc import Generator, Iterator

from frontegg_async.plans.files.file_bytes import LONG_ROW, FileBytes, text_of
from frontegg_async.plans.files.places import MAX_ROW, BrokenTextError, Path, Spot
from frontegg_async.plans.files.row_checks import whole_file_problem
from frontegg_async.plans.files.sources import PlacedRow, ReadItem, Source
from frontegg_async.plans.files.yaml_stream import YamlStream
from frontegg_async.plans.files.yaml_values import YamlValues


class YamlFile(Source):
    """A YAML file with a list of rows.

    Args:
        number: The position of this source among all sources.
        name: The name of the file as the caller gave it.
        file: The bytes of the file.
    """

    def __init__(self, number: int, name: str, file: FileBytes) -> None:
        super().__init__(number, name)
        self._file = file

    def read(self) -> Iterator[ReadItem]:
        """Yield all rows."""
        with YamlValues(YamlStream(self._file.blocks())) as values:
            values.event()  # the start of the stream
            event = values.event()
            if values.is_a(event, "DocumentStart"):
                yield from self._document(values)
                event = values.event()
            if not values.is_a(event, "StreamEnd"):
                raise BrokenTextError(values.spot(event), "a file must contain only one document")
        self.digest: str = self._file.digest

    def _document(self, values: YamlValues) -> Iterator[ReadItem]:
        """Yield the rows of the document, and read its end.

        Raises:
            BrokenTextError: The document is not a list, or not YAML.
        """
        event = values.event()
        if values.is_a(event, "SequenceStart"):
            while not values.is_a(event := values.event(), "SequenceEnd"):
                spot, value = values.spot(event), values.value(event)
                is_long = values.size > MAX_ROW
                yield BrokenTextError(spot, LONG_ROW) if is_long else PlacedRow(spot, value)
        elif (value := values.value(event)).value is not None or value.faults:
            problem = whole_file_problem(value.value)
            raise BrokenTextError(value.find(problem.path, False), problem.message)
        values.event()

    def _find(self, spot: Spot, path: Path) -> Spot:
        with YamlValues(YamlStream(self._lines_from(spot)), spot[0]) as values:
            values.event()
            values.event()
            return values.value(values.event()).find(path, False)

    def _lines_from(self, spot: Spot) -> Generator[tuple[int, bytes], None, None]:
        """Yield the text that begins at a place.

        Spaces replace the text before the place in its line, so that columns stay the same.
        """
        for number, line in enumerate(self._file.lines_from(spot[0]), spot[0]):
            if number == spot[0]:
                text = text_of(line, number)
                yield number, (" " * (spot[1] - 1) + text[spot[1] - 1 :]).encode()
            else:
                yield number, line
