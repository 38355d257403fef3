"""Page: every operation of the API, out of its schema, without a script."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from config.api import api


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The operations by their tags, each with what it takes."""
    schema = api.get_openapi_schema()
    shapes = schema["components"]["schemas"]
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            told = {
                "method": method.upper(),
                "path": path,
                "does": operation.get("description") or operation.get("summary", ""),
                "fields": _fields(operation, shapes),
                "signed_in": bool(operation.get("security")),
            }
            groups.setdefault(operation.get("tags", [""])[0], []).append(told)
    return render(request, "config/api.html", {"nav": "statistics", "groups": sorted(groups.items())})


def _fields(operation: dict[str, Any], shapes: dict[str, Any]) -> list[str]:
    """The names of a body's fields; what must be there ends with a star."""
    for content in operation.get("requestBody", {}).get("content", {}).values():
        shape = content["schema"]
        shape = shapes.get(shape.get("$ref", "").rsplit("/", 1)[-1], shape)
        must = shape.get("required", [])
        return [name + ("*" if name in must else "") for name in shape.get("properties", {})]
    return []
