# Types for the parts of Django that this project uses; Django has none of its own.

VERSION: tuple[int, int, int, str, int]

def setup(set_prefix: bool = ...) -> None: ...
