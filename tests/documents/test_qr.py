"""Codes on paper: what is drawn is what was meant, and a receipt stays small enough to be read by a telephone."""

import re
import xml.etree.ElementTree as ElementTree

from qrcode.constants import ERROR_CORRECT_L
from qrcode.main import QRCode

from documents import qr


def drawn(svg: str) -> list[list[bool]]:
    """The modules an SVG of ours paints dark."""
    side = int(ElementTree.fromstring(svg).attrib["viewBox"].split()[-1])
    rows = [[False] * side for _ in range(side)]
    for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", svg.rsplit(' d="', 1)[1]):
        for column in range(int(x), int(x) + int(length)):
            rows[int(y)][column] = True
    return rows


def test_every_dark_module_is_drawn_and_no_other():
    code = QRCode(error_correction=ERROR_CORRECT_L, border=4)
    code.add_data("https://明标.example/verify/receipt/#ABC")
    code.make(fit=True)

    assert drawn(qr.svg("https://明标.example/verify/receipt/#ABC")) == code.get_matrix()


def test_a_code_carries_no_style_and_no_id():
    svg = qr.svg("x", label="核验")

    assert ElementTree.fromstring(svg).attrib["aria-label"] == "核验"
    assert not re.search(r"style|id=|script", svg)
