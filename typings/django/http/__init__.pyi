from django.http.request import HttpRequest as HttpRequest
from django.http.request import QueryDict as QueryDict
from django.http.response import HttpResponse as HttpResponse
from django.http.response import HttpResponseBase as HttpResponseBase
from django.http.response import HttpResponseRedirect as HttpResponseRedirect
from django.http.response import JsonResponse as JsonResponse

class Http404(Exception): ...
