"""Where a rule comes from."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Article:
    """One article of one law, in one edition (the year or number of the text that was applied; empty: in force).

    >>> str(Article("招标投标法", "第37条"))
    '招标投标法 第37条'
    """

    law: str
    number: str
    edition: str = ""

    def __str__(self) -> str:
        return f"{self.law}({self.edition}) {self.number}" if self.edition else f"{self.law} {self.number}"
