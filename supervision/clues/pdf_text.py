"""The words of a PDF, read by a process that may do nothing else; run by path, never imported by the house.

A stranger's PDF can cost a reader all its time and memory. This one has little of either, writes no file, knows no
secret of the house, and says on its output what it read; what it could not finish it has not read.
"""

import io
import resource
import sys

SECONDS, MEMORY = 10, 768 * 2**20  # of CPU; of addresses
MOST_BYTES = 64 * 2**20  # of a file
MOST_PAGES, MOST_TEXT = 500, 8 * 2**20  # bytes of text


def shut_in() -> None:
    """Take from this process what it has no need of, for good."""
    for what, most in (
        (resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):  # fmt: skip
        resource.setrlimit(what, (most, most))


def main() -> None:
    """Read a PDF from the input, write its words to the output, page by page."""
    shut_in()
    import logging

    from pypdf import PdfReader

    logging.disable()
    told = io.BytesIO()
    for number, page in enumerate(PdfReader(io.BytesIO(sys.stdin.buffer.read(MOST_BYTES))).pages):
        if number == MOST_PAGES or told.tell() >= MOST_TEXT:
            break
        told.write(page.extract_text().encode("utf-8", errors="ignore") + b"\n")
    sys.stdout.buffer.write(told.getvalue()[:MOST_TEXT])


if __name__ == "__main__":
    main()
