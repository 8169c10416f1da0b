from django.http import HttpRequest
from django.http.response import HttpResponseBase

class UpdateCacheMiddleware:
    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase: ...
