"""Yes is said to what was read: a second person's act names it, and what took its place meanwhile is read first."""

from rulebook.refusal import Kind, Reason

REPLACED = Reason("seen.replaced", Kind.NOT_NOW, "您读过的内容已被修改或者替换。请重新打开页面，读过现在的内容后再办理")


def why_not_seen(seen: str | None, *, stands: object) -> tuple[Reason, ...]:
    """Reasons against saying yes to something else than was read.

    seen: what the page that was read, or the program, names; every door hands it on, empty where nothing was named.
    None: inside the house, where the same hand has just made what it says yes to.  stands: what there is now.
    """
    return () if seen is None or seen == str(stands) else (REPLACED,)
