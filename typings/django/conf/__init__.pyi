from collections.abc import Mapping, Sequence

class LazySettings:
    MIDDLEWARE: Sequence[str]
    DEBUG: bool
    FRONTEGG: Mapping[str, object]
    @property
    def configured(self) -> bool: ...
    def configure(self, default_settings: object = ..., **options: object) -> None: ...
    def __getattr__(self, name: str) -> object: ...

settings: LazySettings
