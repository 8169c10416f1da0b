# What this project uses of Django, which has no types of its own.

VERSION: tuple[int, int, int, str, int]

def setup(set_prefix: bool = ...) -> None: ...
