"""A text as a QR code, and a long text packed so that its code stays readable from paper."""

import base64
import zlib

from qrcode.constants import ERROR_CORRECT_L
from qrcode.main import QRCode

QUIET = 4  # modules of white around a code, as ISO/IEC 18004 asks


def svg(text: str, *, label: str = "") -> str:
    """The code as an SVG element without ids, styles or scripts.  label: what a screen reader says of it.

    Every dark run of a row is one rectangle of a single path. Both are made of digits and fixed letters alone, except
    the label, which the caller escapes.
    """
    code = QRCode(error_correction=ERROR_CORRECT_L, border=QUIET)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    path = "".join(f"M{start} {y}h{length}v1h-{length}z" for y, row in enumerate(rows) for start, length in _runs(row))
    side = len(rows)
    told = f' role="img" aria-label="{label}"' if label else ' aria-hidden="true"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="qr" viewBox="0 0 {side} {side}" shape-rendering="crispEdges"'
        f'{told}><path fill="#fff" d="M0 0h{side}v{side}h-{side}z"/><path fill="#000" d="{path}"/></svg>'
    )


def packed(text: str) -> str:
    """A text in the letters a code holds most of: zlib, then Base32 without padding.

    `static/documents/packed.js` unpacks it.
    """
    return base64.b32encode(zlib.compress(text.encode(), 9)).decode().rstrip("=")


def _runs(row: list[bool]) -> list[tuple[int, int]]:
    """Where the dark runs of a row start, and how long they are."""
    found: list[tuple[int, int]] = []
    for x, dark in enumerate(row):
        if dark and found and sum(found[-1]) == x:
            found[-1] = (found[-1][0], found[-1][1] + 1)
        elif dark:
            found.append((x, 1))
    return found
