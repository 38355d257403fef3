"""A refused form comes back as it was sent: the page it stood on, read anew, with what was typed in its fields.

Nothing is kept for it, neither in a session nor in the browser, and it works without a script. Secrets and files are
never put back. What finds no field any more is listed in words, so that nothing typed is lost.
"""

import copy
from collections.abc import Mapping
from html import escape
from html.parser import HTMLParser

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve
from django.utils.datastructures import MultiValueDict

from rulebook.refusal import Refused

PAGE = "_page"  # the hidden field by which a page that came back says where it stands
SECRET = ("password", "passphrase", "secret", "csrf", "_proof")
PASSWORDS = {"present", "fresh", "again"}  # what forms call a password beside the one they ask for
NEVER = {"password", "file", "hidden", "submit", "button", "image", "reset"}
FORM = "refused-form"
TELLING = 8  # characters from which a value without a field is taken for something typed

Attrs = dict[str, str]


def page_with(request: HttpRequest, *, path: str, context: Mapping[str, object]) -> str | None:
    """The page at `path` as this reader sees it now, refilled; None where it is gone, or the form is no longer on it.

    path: of this site, with its query.  context: what `refused_above.html` shows over it.
    """
    page = _read(request, path)
    if page is None:
        return None
    seen = _Seen(request.path, path.partition("?")[0], request.POST)
    seen.feed(page)
    if (form := seen.best()) is None:
        return None
    lost = typed_text({name: rest for name, rest in request.POST.lists() if name not in form.names})
    told = {**context, "form": form.attrs.get("id") or FORM, "lost": lost}
    writer = _Writer(page, form, seen.details, request.POST, path, render_to_string("refused_above.html", told))
    writer.feed(page)
    return "".join(writer.out)


def typed_text(post: Mapping[str, list[str]]) -> list[str]:
    """What of a form somebody typed, as far as its names and values say: no secrets, no choices, no numbers of rows."""
    return [
        value
        for name, values in post.items()
        if name != PAGE and name not in PASSWORDS and not any(each in name.lower() for each in SECRET)
        for value in values
        if value.strip() and (len(value) >= TELLING or not value.isascii())
    ]


def _read(request: HttpRequest, path: str) -> str | None:
    """What a GET of the page answers the same reader; None for anything but a page."""
    address, _, query = path.partition("?")
    again = copy.copy(request)
    for name in ("GET", "headers", "accepted_types"):
        again.__dict__.pop(name, None)
    again.method, again.path, again.path_info = "GET", address, address
    again.META = {**request.META, "REQUEST_METHOD": "GET", "PATH_INFO": address, "QUERY_STRING": query}
    again.META.pop("CONTENT_TYPE", None)
    again.GET, again.POST = QueryDict(query), QueryDict()  # type: ignore[misc, assignment]
    again._files = MultiValueDict()  # type: ignore[attr-defined]
    try:
        found = resolve(address)
        again.resolver_match = found
        answer: HttpResponse = found.func(again, *found.args, **found.kwargs)
    except (Resolver404, Refused, Http404, ObjectDoesNotExist, PermissionDenied):
        return None
    if answer.status_code != 200 or answer.streaming or not answer.get("Content-Type", "").startswith("text/html"):
        return None
    return str(answer.content.decode())


class _Form:
    """A form of the page: its attributes, the names of its fields, the folds it stands in."""

    def __init__(self, number: int, attrs: Attrs, folds: set[int]) -> None:
        self.number, self.attrs, self.folds = number, attrs, folds
        self.names: set[str] = set()
        self.hidden: list[tuple[str, str]] = []


class _Reader(HTMLParser):
    """Knows at every tag which form a field belongs to and which folds are around it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.forms = self.details = 0
        self.inside: int | None = None
        self.folds: list[int] = []

    def _enter(self, tag: str) -> None:
        if tag == "form":
            self.inside, self.forms = self.forms, self.forms + 1
        elif tag == "details":
            self.folds.append(self.details)
            self.details += 1

    def _leave(self, tag: str) -> None:
        if tag == "form":
            self.inside = None
        elif tag == "details" and self.folds:
            self.folds.pop()


class _Seen(_Reader):
    """The first reading: which of the page's forms was sent."""

    def __init__(self, action: str, own: str, typed: QueryDict) -> None:
        super().__init__()
        self.action, self.own, self.typed = action, own, typed
        self.found: dict[int, _Form] = {}
        self.by_id: dict[str, _Form] = {}
        self.loose: list[tuple[Attrs, set[int]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        self._enter(tag)
        if tag == "form" and told.get("method", "").lower() == "post":
            target = told.get("action", "").partition("?")[0] or self.own
            if target == self.action:
                form = _Form(self.forms - 1, told, set(self.folds))
                self.found[form.number] = form
                self.by_id[told.get("id", "")] = form
        elif tag in ("input", "textarea", "select", "button") and told.get("name"):
            if told.get("form"):
                self.loose.append((told, set(self.folds)))
            elif self.inside in self.found:
                self._field(self.found[self.inside], told, set(self.folds))

    handle_startendtag = handle_starttag

    def handle_endtag(self, tag: str) -> None:
        self._leave(tag)

    @staticmethod
    def _field(form: _Form, told: Attrs, folds: set[int]) -> None:
        form.names.add(told["name"])
        form.folds |= folds
        if told.get("type") == "hidden" and not told["name"].startswith("csrf"):
            form.hidden.append((told["name"], told.get("value", "")))

    def best(self) -> _Form | None:
        """The one whose own marks were sent, and of several such the one with most of the names."""
        for told, folds in self.loose:
            if told["form"] in self.by_id:
                self._field(self.by_id[told["form"]], told, folds)
        meant = [
            form
            for form in self.found.values()
            if all(value in self.typed.getlist(name) for name, value in form.hidden if name in self.typed)
        ]
        sent = set(self.typed)
        return max(meant, key=lambda form: (len(form.names & sent), -form.number), default=None)


class _Writer(_Reader):
    """The second reading: the page again, with the one form's fields as they were sent."""

    def __init__(self, page: str, form: _Form, details: int, typed: QueryDict, path: str, above: str) -> None:
        super().__init__()
        self.form, self.path, self.above = form, path, above
        self.own = path.partition("?")[0]
        self.left = {name: list(values) for name, values in typed.lists()}
        self.out: list[str] = []
        self.skipping = False  # inside a text area whose words are replaced
        self.chosen: list[str] | None = None  # of the list that is open

    def _is_ours(self, told: Attrs) -> bool:
        if told.get("form"):
            return told["form"] == self.form.attrs.get("id")
        return self.inside == self.form.number

    def _tag(self, tag: str, told: Mapping[str, str | None]) -> None:
        words = "".join(f" {name}" if value is None else f' {name}="{escape(value)}"' for name, value in told.items())
        self.out.append(f"<{tag}{words}>")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        fold = self.details
        self._enter(tag)
        told = dict(attrs)
        plain = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form(told, plain)
        elif tag == "details" and fold in self.form.folds:
            self._tag(tag, {**told, "open": None})
        elif tag == "a" and plain.get("href", "").startswith("?"):
            self._tag(tag, {**told, "href": self.own + plain["href"]})
        elif tag == "option" and self.chosen is not None:
            told.pop("selected", None)
            self._tag(tag, told | ({"selected": None} if plain.get("value", "") in self.chosen else {}))
        elif tag in ("input", "textarea", "select") and self._is_ours(plain) and plain.get("name"):
            self._field(tag, told, plain)
        else:
            self.out.append(self.get_starttag_text() or "")
            if tag == "main":
                self.out.append(self.above)

    handle_startendtag = handle_starttag

    def _form(self, told: dict[str, str | None], plain: Attrs) -> None:
        """Every form of the page says where it stands: the address in the browser is that of the act."""
        if self.forms - 1 == self.form.number:
            told.setdefault("id", FORM)
        if not plain.get("action") or plain["action"].startswith("?"):
            told["action"] = self.own + plain["action"] if plain.get("action") else self.path
        self._tag("form", told)
        if plain.get("method", "").lower() == "post":
            self._tag("input", {"type": "hidden", "name": PAGE, "value": self.path})

    def _field(self, tag: str, told: dict[str, str | None], plain: Attrs) -> None:
        name, kind = plain["name"], plain.get("type", "text").lower()
        if tag == "select":
            self.chosen = self.left.get(name, [])
        elif tag == "textarea":
            self.skipping = name in self.left
        elif kind in ("checkbox", "radio"):
            told.pop("checked", None)
            if plain.get("value", "on") in self.left.get(name, []):
                told["checked"] = None
        elif kind not in NEVER and self.left.get(name):
            told["value"] = self.left[name].pop(0)
        self._tag(tag, told)
        if self.skipping:
            # A browser drops the first line break of a text area.
            self.out.append("\n" + escape(self.left[name].pop(0) if self.left[name] else ""))

    def handle_endtag(self, tag: str) -> None:
        self._leave(tag)
        if tag == "textarea":
            self.skipping = False
        elif tag == "select":
            self.chosen = None
        self.out.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if not self.skipping:
            self.out.append(data)

    def handle_entityref(self, name: str) -> None:
        self.handle_data(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.handle_data(f"&#{name};")

    def handle_comment(self, data: str) -> None:
        self.out.append(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self.out.append(f"<!{decl}>")
