from django.http import HttpResponse

class Response(HttpResponse):
    def __init__(self, data: object = ..., status: int | None = ...) -> None: ...
