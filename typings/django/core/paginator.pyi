from collections.abc import Sequence

class Page:
    def __init__(self, object_list: Sequence[object], number: int, paginator: Paginator) -> None: ...

class Paginator:
    object_list: str | None  # the text to find, in the recipe for Django REST framework
    per_page: int
    def validate_number(self, number: int | str) -> int: ...
