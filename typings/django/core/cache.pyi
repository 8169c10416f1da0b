class Cache:
    def clear(self) -> None: ...

cache: Cache
