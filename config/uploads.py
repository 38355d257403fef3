"""The one place every file comes by that is sent with a form, before its own door looks at it."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from config.refusals import refused
from documents import harmless
from rulebook.refusal import Refused


class Harmless:
    """Middleware: refuses (422) a file that would act when it is opened, or grow (`documents.harmless`)."""

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response: HttpResponse = self.get_response(request)
        return response

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponse | None:
        if request.content_type != "multipart/form-data":
            return None
        files = [file for _, files in request.FILES.lists() for file in files]
        reasons = [reason for file in files for reason in harmless.why_not_take(file, name=file.name or "")]
        return refused(request, Refused(*reasons)) if reasons else None
