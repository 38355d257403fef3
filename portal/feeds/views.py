"""Doors: the Atom feed of a search, sitemap.xml, robots.txt."""

import hashlib
from collections.abc import Iterable
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.feedgenerator import Atom1Feed
from django.utils.http import http_date
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.xmlutils import SimplerXMLGenerator
from django.views.decorators.http import require_safe

from market.notices import index
from market.notices import queries as published
from market.notices.models import Notice
from portal.feeds import queries
from portal.notices.forms import Filters

ENTRIES = 50
KEPT = 60  # seconds a reader may keep an answer before it asks again
# What asks for a login, and what is nobody's to be led to.
KEPT_OUT = (
    "/accounts/", "/desk/", "/holders/", "/inbox/", "/api/", "/experts/", "/judges/", "/supervision/",
    "/complaints/own/", "/complaints/new/", "/services/", "/purchases/new/",
)  # fmt: skip


@require_safe
def atom(request: HttpRequest) -> HttpResponse:
    """A search as a feed, under the search's own query. Asked again with what is known, it costs one look."""
    filters = Filters(request.GET)
    asked, query = filters.asked(), filters.query()
    ids = index.find(asked, most=ENTRIES)
    newest = published.these(ids[:1])
    tag = hashlib.sha256(f"{get_language()} {query} {ids}".encode()).hexdigest()[:24]
    changed = int(newest[0].published_at.timestamp()) if newest else None
    answer = get_conditional_response(request, etag=f'"{tag}"', last_modified=changed)
    if not isinstance(answer, HttpResponseNotModified):
        page = request.build_absolute_uri(reverse("portal:notices") + (f"?{query}" if query else ""))
        own = request.build_absolute_uri(request.path + (f"?{query}" if query else ""))
        title = _("明标 · 交易公告") + (f"：{'，'.join(_said(filters))}" if query else "")
        made = Atom1Feed(title=title, link=page, feed_url=own, description="", language=get_language())
        for row in published.these(ids):
            _entry(made, row, request)
        answer = HttpResponse(made.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
    answer["ETag"] = f'"{tag}"'
    answer["Cache-Control"] = f"public, max-age={KEPT}"
    if changed:
        answer["Last-Modified"] = http_date(changed)
    return answer


def _said(filters: Filters) -> list[str]:
    """What the search is for, in words."""
    told = filters.told()
    words = [str(dict(filters.fields[name].choices).get(value, value)) if hasattr(filters.fields[name], "choices")
             else str(value) for name, value in told.items()]  # fmt: skip
    return words


def _entry(made: Atom1Feed, row: Notice, request: HttpRequest) -> None:
    project = row.project
    made.add_item(
        title=f"{row.type_words}：{project.title}", link=request.build_absolute_uri(row.get_absolute_url()),
        description=f"{project.buyer.name} · {project.number}", author_name=project.buyer.name,
        unique_id=f"urn:sha256:{row.sha256}", pubdate=row.published_at, updateddate=row.published_at,
        categories=[row.type, project.region],
    )  # fmt: skip


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What robots are told: everything public is open to them."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in KEPT_OUT), ""]
    lines.append(f"Sitemap: {request.build_absolute_uri(reverse('portal:sitemap'))}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """The index: one map of pages, and a map of every so many notices, which never changes once it is full."""
    pages = [reverse("portal:sitemap_pages")] + [reverse("portal:sitemap_of", args=[n]) for n in queries.maps()]
    return _xml("sitemapindex", "sitemap", [(request.build_absolute_uri(page), None) for page in pages])


@require_safe
def sitemap_pages(request: HttpRequest) -> HttpResponse:
    """The pages that are always there, and those of buyers and items."""
    return _xml("urlset", "url", [(request.build_absolute_uri(page), None) for page in queries.pages()])


@require_safe
def sitemap_of(request: HttpRequest, n: int) -> HttpResponse:
    """The n-th map of notices."""
    rows = queries.map_of(n)
    if not rows:
        raise Http404
    return _xml(
        "urlset", "url", [(request.build_absolute_uri(row.get_absolute_url()), row.published_at) for row in rows]
    )


def _xml(root: str, each: str, told: Iterable[tuple[str, datetime | None]]) -> HttpResponse:
    answer = HttpResponse(content_type="application/xml; charset=utf-8")
    xml = SimplerXMLGenerator(answer, "utf-8")  # type: ignore[no-untyped-call]
    xml.startDocument()
    xml.startElement(root, {"xmlns": "http://www.sitemaps.org/schemas/sitemap/0.9"})  # type: ignore[arg-type]
    for address, at in told:
        xml.startElement(each, {})  # type: ignore[arg-type]
        xml.addQuickElement("loc", address)  # type: ignore[no-untyped-call]
        if at:
            xml.addQuickElement("lastmod", at.isoformat(timespec="seconds"))  # type: ignore[no-untyped-call]
        xml.endElement(each)
    xml.endElement(root)
    xml.endDocument()
    answer["Cache-Control"] = "public, max-age=3600"
    return answer
