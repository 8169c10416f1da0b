from collections.abc import Callable
from typing import TypeVar

F = TypeVar("F", bound=Callable[..., object])

def require_POST(view: F) -> F: ...
def require_safe(view: F) -> F: ...
