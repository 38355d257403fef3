"""String literals of a script, found without running it."""

from collections.abc import Iterator

BEFORE_REGEX = set("(,=:[!&|?{};+-*%<>~^")


def literals(text: str) -> Iterator[tuple[int, int, str]]:
    """Each string or template of a script: where it starts and ends, and its own words without `${…}`.

    A template within a template's `${…}` comes on its own.
    """
    yield from _code(text, 0, nested=False)[0]


def _code(text: str, at: int, *, nested: bool) -> tuple[list[tuple[int, int, str]], int]:
    found: list[tuple[int, int, str]] = []
    depth, last = 0, ""
    while at < len(text):
        char = text[at]
        if text.startswith("//", at):
            at = text.find("\n", at) if "\n" in text[at:] else len(text)
            continue
        if text.startswith("/*", at):
            at = text.index("*/", at) + 2
            continue
        if char in "\"'":
            end = _quoted(text, at)
            found.append((at, end, text[at + 1 : end - 1]))
            at, last = end, char
            continue
        if char == "`":
            inner, end, words = _template(text, at)
            found += [(at, end, words), *inner]
            at, last = end, char
            continue
        if char == "/" and (not last or last in BEFORE_REGEX):
            at, last = _regex(text, at), "/"
            continue
        if nested and char == "}" and depth == 0:
            return found, at
        depth += (char == "{") - (char == "}")
        if not char.isspace():
            last = char
        at += 1
    return found, at


def _quoted(text: str, at: int) -> int:
    end = at + 1
    while text[end] != text[at]:
        end += 2 if text[end] == "\\" else 1
    return end + 1


def _template(text: str, at: int) -> tuple[list[tuple[int, int, str]], int, str]:
    inner: list[tuple[int, int, str]] = []
    words, end = "", at + 1
    while text[end] != "`":
        if text[end] == "\\":
            words += text[end : end + 2]
            end += 2
        elif text.startswith("${", end):
            more, end = _code(text, end + 2, nested=True)
            inner += more
            end += 1
        else:
            words += text[end]
            end += 1
    return inner, end + 1, words


def _regex(text: str, at: int) -> int:
    end, in_class = at + 1, False
    while text[end] != "/" or in_class:
        in_class = {"[": True, "]": False}.get(text[end], in_class)
        end += 2 if text[end] == "\\" else 1
    return end + 1
