from typing import Any

from rest_framework.response import Response
from rest_framework.views import APIView

class GenericAPIView(APIView):
    def paginate_queryset(self, queryset: object) -> list[Any]: ...
    def get_paginated_response(self, data: object) -> Response: ...
