"""Who may read and act at every address, operation and socket of the house: what is not declared, a test refuses.

A rule is a list of roles, or
  everybody  anyone at all, signed in or not
  signed-in  anyone with an account; what he then sees is his own, and what he does his service decides
  party      only who has to do with the very thing (its buyer, its bidder, its member, its body): not found for others
  statement  whoever signed what is sent; no session is looked at       token  who shows the house's own token
The tables stand beside this file in `declared/`. The last column of the pages names the operation of the API that
does what a page's form does, or why there is none.
"""

from pathlib import Path

REASONS = {
    "entry": "one signs in as a person, in a browser",
    "inbox": "one's own messages, and how one is reached",
    "register": "rare, with papers, and looked at by people; the JSON feeds of the registers are read without a page",
    "desk": "the desk of a body or of the operators: two people look, and what they decide is read over the API",
    "panel": "a panel judges on its members' own machines, and its acts are signed there (decision 0018)",
    "hall": "what is said and done in a hall is done before everybody, on its page; statements go over the API",
    "file": "it comes with papers, which a page takes; what follows is read over the API",
    "probe": "it says how the house is, whatever is sent",
    "page": "done so seldom that its page is enough: it takes the same form from a program, with the token",
}


def rows(table: str) -> dict[str, list[str]]:
    """A table: first column ↦ the others."""
    text = (Path(__file__).parent / "declared" / f"{table}.txt").read_text()
    lines = [line.split(" | ") for line in text.splitlines()[1:]]
    told = {line[0]: line[1:] for line in lines}
    assert len(told) == len(lines), "declared twice"
    return told
