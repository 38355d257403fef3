"""What a page in another language still says in Chinese without saying that it is Chinese."""

from html.parser import HTMLParser

from accounts.templatetags.parts import HAN

ALONE = frozenset({"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})  # never closed
SPOKEN = ("alt", "aria-label", "data-label", "data-live", "data-lost", "data-over", "placeholder", "title")
SILENT = frozenset({"script", "style", "template", "title"})


class _Reader(HTMLParser):
    """Keeps, element by element, whether what stands in it is marked as Chinese."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = []
        self.found: list[str] = []

    @property
    def excused(self) -> bool:
        return bool(self.open) and self.open[-1][1]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        excused = self.excused
        if "lang" in said:
            excused = said["lang"] == "zh-Hans"
        if tag in SILENT or said.get("aria-hidden") == "true":
            excused = True
        if not excused:
            self.found += [f"{tag}[{name}]: {said[name]}" for name in SPOKEN if HAN.search(said.get(name) or "")]
        if tag not in ALONE:
            self.open.append((tag, excused))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass  # an element whose end may be left out ends with the one around it

    def handle_data(self, data: str) -> None:
        if HAN.search(data) and not self.excused:
            self.found.append(f"{self.open[-1][0] if self.open else ''}: {' '.join(data.split())}")


def unmarked_chinese(page: str) -> list[str]:
    """Each text of a page with Chinese in it around which no `lang="zh-Hans"` stands. A title cannot say it."""
    reader = _Reader()
    reader.feed(page)
    return reader.found
