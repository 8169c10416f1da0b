from collections.abc import Callable, Mapping, Sequence

class Widget: ...
class HiddenInput(Widget): ...

class Field:
    def __init__(
        self,
        *,
        required: bool = ...,
        widget: Widget | type[Widget] | None = ...,
        label: str | None = ...,
        initial: object | Callable[[], object] = ...,
        help_text: str = ...,
    ) -> None: ...

class CharField(Field):
    def __init__(
        self,
        *,
        max_length: int | None = ...,
        required: bool = ...,
        widget: Widget | type[Widget] | None = ...,
        label: str | None = ...,
        initial: object | Callable[[], object] = ...,
        help_text: str = ...,
    ) -> None: ...

class UUIDField(Field): ...
class EmailField(Field): ...

class ChoiceField(Field):
    def __init__(
        self, *, choices: Sequence[tuple[str, str]], required: bool = ..., label: str | None = ...
    ) -> None: ...

class Form:
    cleaned_data: dict[str, object]
    errors: Mapping[str, Sequence[str]]
    initial: dict[str, object]
    def __init__(
        self, data: Mapping[str, object] | None = ..., *, initial: Mapping[str, object] | None = ...
    ) -> None: ...
    def is_valid(self) -> bool: ...
    def add_error(self, field: str | None, error: str) -> None: ...
