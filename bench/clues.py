"""The figure of clues: everything that is looked for in the bids of one tender, its files read from disk."""

import io
import os
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from bench.figures import Figure, at_most, cpu  # noqa: E402
from supervision.clues import reading, rules  # noqa: E402
from tests.supervision.clues import planted  # noqa: E402

BIDDERS = 30
SENTENCES = 4_000  # of every bid: some 100 KB of text
ROUNDS = 3


def screen() -> Iterator[Figure]:
    """Clues of a tender of 30 bidders, each with a document of 4,000 sentences and a PDF-like form, seconds of CPU."""
    chance = Random(30)
    made = planted.tender(chance, kind="text", bidders=BIDDERS)
    with tempfile.TemporaryDirectory() as folder:
        paths = {}
        for place, offer in enumerate(made.offers):
            own = [*sorted(offer.papers[0].clauses), *(planted.sentence(chance) for _ in range(SENTENCES))]
            paths[offer.org] = Path(folder, f"{place}.docx")
            paths[offer.org].write_bytes(_docx(own))

        def looked() -> None:
            read = [replace(offer, papers=(reading.paper(paths[offer.org]),)) for offer in made.offers]
            rules.suspected(rules.clues(read, given=made.given))

        spent = [cpu(looked) for _ in range(ROUNDS)]
    yield at_most("screen", spent, 2, f"clues of {BIDDERS} bids of {SENTENCES} sentences, read and compared, CPU", " s")


def _docx(sentences: list[str]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("word/document.xml", "".join(f"<w:p><w:t>{one}</w:t></w:p>" for one in sentences))
    return held.getvalue()
