"""What may be kept as evidence. Pure."""

from rulebook.actor import Actor, Role
from rulebook.refusal import Kind, Reason

LARGEST = 20 * 2**20  # bytes of one file
MOST = 20  # files of one thing
LONGEST_NAME = 120
PDF = "application/pdf"
MAGIC = {b"%PDF-": PDF, b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}
TAILS = {PDF: b"%%EOF", "image/jpeg": b"\xff\xd9", "image/png": b"IEND\xaeB`\x82"}
REACH = 1024  # bytes at either end of a file that say what it is
ENDINGS = {PDF: (".pdf",), "image/jpeg": (".jpg", ".jpeg"), "image/png": (".png",)}


def kind_of(data: bytes) -> str | None:
    """What a file is by its own bytes, its head and its tail; None for anything but a PDF, JPEG or PNG."""
    return kind_by_ends(data[:REACH], data[-REACH:])


def kind_by_ends(head: bytes, tail: bytes) -> str | None:
    """The same where only the first and the last bytes are at hand."""
    for magic, kind in MAGIC.items():
        if head.startswith(magic) and TAILS[kind] in tail:
            return kind
    return None


def name_of(name: str, kind: str) -> str:
    """The name a file is handed out under: nothing of a path, nothing unseen, and an ending that says what it is.

    Whatever its sender called it, whoever opens it gets a document or a picture and no program.
    """
    last = "".join(letter for letter in name.replace("\\", "/").rsplit("/", 1)[-1] if letter.isprintable())
    ending = next((each for each in ENDINGS[kind] if last.lower().endswith(each)), "")
    stem = (last[: len(last) - len(ending)] if ending else last).strip(" .")
    ending = ending or ENDINGS[kind][0]
    return (stem or "文件")[: LONGEST_NAME - len(ending)] + ending


def why_not_keep(*, kept: int, size: int, kind: str | None, by: Actor) -> tuple[Reason, ...]:
    """Reasons against keeping a file: who, then when, then what.  kept: files there are of the same thing.

    size: bytes.  kind: what the file is by its own bytes.
    """
    if by.role is Role.STRANGER:
        return (Reason("evidence.stranger", Kind.NOT_YOURS, "请先登录"),)
    if kept >= MOST:
        return (Reason("evidence.too-many", Kind.NOT_NOW, "文件已达上限（{most}个）", values={"most": MOST}),)
    if not 0 < size <= LARGEST:
        return (Reason("evidence.size", Kind.NOT_VALID, "请选择一个不为空、不超过 20 MB 的文件"),)
    if kind is None:
        return (Reason("evidence.type", Kind.NOT_VALID, "须为完整的 PDF、JPEG 或 PNG 文件"),)
    return ()
