from collections.abc import Callable
from typing import TypeVar

F = TypeVar("F", bound=Callable[..., object])

def async_unsafe(message: str) -> Callable[[F], F]: ...
