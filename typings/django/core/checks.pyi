from collections.abc import Callable, Sequence

class CheckMessage:
    level: int
    msg: str
    hint: str | None
    obj: object
    id: str | None

class Error(CheckMessage):
    def __init__(self, msg: str, hint: str | None = ..., obj: object = ..., id: str | None = ...) -> None: ...

class Warning(CheckMessage):
    def __init__(self, msg: str, hint: str | None = ..., obj: object = ..., id: str | None = ...) -> None: ...

def register(check: Callable[..., Sequence[CheckMessage]], *tags: str, deploy: bool = ...) -> object: ...
def run_checks(*, tags: Sequence[str] | None = ...) -> list[CheckMessage]: ...
