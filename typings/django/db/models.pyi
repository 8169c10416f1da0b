class Options: ...

class Model:
    _meta: Options

class CharField:
    def __init__(self, *, primary_key: bool = ..., max_length: int = ...) -> None: ...
