"""统一社会信用代码: 18 characters with a check character (GB 32100-2015)."""

from rulebook.law import Article
from rulebook.refusal import Kind, Reason

STANDARD = Article("GB 32100-2015", "5")
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # no I, O, S, V, Z
WEIGHTS = tuple(pow(3, i, 31) for i in range(17))


def check_character(code17: str) -> str:
    """The 18th character that belongs to the first 17. ValueError when they are not 17 allowed characters."""
    if len(code17) != 17 or not set(code17) <= set(ALPHABET):
        raise ValueError(f"not the first 17 characters of a credit code: {code17!r}")
    total = sum(ALPHABET.index(character) * weight for character, weight in zip(code17, WEIGHTS, strict=True))
    return ALPHABET[-total % 31]


def why_not_credit_code(code: str) -> tuple[Reason, ...]:
    """Reasons why a text is not a well-formed credit code."""
    if len(code) != 18 or not set(code) <= set(ALPHABET):
        text = "统一社会信用代码应为18位数字或大写字母（不含I、O、S、V、Z）"
        return (Reason("credit-code.malformed", Kind.NOT_VALID, text, STANDARD),)
    if not (code[2:8].isdigit()):
        return (Reason("credit-code.bad-region", Kind.NOT_VALID, "统一社会信用代码第3至8位应为行政区划数字", STANDARD),)
    if check_character(code[:17]) != code[17]:
        return (Reason("credit-code.bad-check", Kind.NOT_VALID, "统一社会信用代码校验位不符", STANDARD),)
    return ()
