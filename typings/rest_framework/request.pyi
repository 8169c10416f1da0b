from django.http import HttpRequest

from frontegg_async import Claims

class Request(HttpRequest):
    auth: Claims | None  # what the page's authentication gives
    query_params: dict[str, str]
