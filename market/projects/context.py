"""What every page of a purchase needs: the words of its law."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from market.projects import queries
from market.projects.spoken import spoken
from rulebook.terms import USUAL, Terms


def terms(request: HttpRequest) -> dict[str, object]:
    """`terms`, read only where a page speaks them: of the purchase the address names, else the usual ones."""
    return {"terms": SimpleLazyObject(lambda: terms_of_request(request))}


def terms_of_request(request: HttpRequest) -> Terms:
    """The terms of the purchase that the address names, else the usual ones."""
    match = request.resolver_match
    number = match.kwargs.get("number") if match else None
    return spoken(queries.terms_of(number) if number else USUAL)
