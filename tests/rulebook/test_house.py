"""The platform's own rules: every citation leads to an article, and the articles say the numbers of the code."""

import ast
from datetime import date

import pytest

from bidding.auction import rules as auction
from bidding.sealed import rules as sealed
from blacklist.credit import rules as credit
from intermediaries.ratings import rules as ratings
from market.performance import ends, rules
from market.projects import supermarket
from market.projects.procedure import Edition, Method
from market.projects.procedures import PROCEDURES
from market.purchases import details
from people.colleagues import rules as colleagues
from proofs import quotes
from rulebook import house
from tests.architecture.source import ROOT, modules

PERFORMED, PRAISED = credit.MERITS.values()
BY_PRICE = next(row.selection for row in PROCEDURES.values() if row.edition is Edition.SEALED_PRICE)
TEXT = {row.number: row.text for row in house.CLAUSES}
SPELLED = "零一二三四五六七八九十"


def cited() -> set[tuple[str, str]]:
    """Where the code cites the platform: by `own(6)`, by the name, or in words."""
    found = set()
    for name, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func).rsplit(".", 1)[-1] == "own" and node.args:
                found.add((name, f"第{ast.unparse(node.args[0])}条"))
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "Article" and len(node.args) > 1:
                law, number = (ast.unparse(each) for each in node.args[:2])
                if law in ("HOUSE", f"'{house.HOUSE}'"):
                    found.add((name, number.strip("'")))
    return found


def test_every_citation_of_the_platform_leads_to_an_article_that_exists():
    exist = {f"第{number}条" for number in TEXT}
    said = {(where, number) for where, number in cited() if number[1:-1].isdigit()}

    assert len(said) > 10
    assert not {(where, number) for where, number in said if number not in exist}
    table = [line for line in (ROOT / "docs/law.md").read_text().splitlines() if line.startswith(f"| {house.HOUSE} |")]
    in_table = {number for line in table for number in line.split("|")[2].strip().split("、")}
    assert in_table <= exist
    assert {number for _, number in said} <= in_table


@pytest.mark.parametrize(
    ("number", "says"),
    [
        (2, f"{rules.INSPECTION.words}"),
        (3, f"{ends.REPLY.words}"),
        (18, f"开启后{PROCEDURES[Method.MERIT, Edition.MERIT].selection.panel.words}内完成"),
        (8, f"至少{details.LEAST_VALID}日内有效"),
        (8, f"在{BY_PRICE.rescue.words}内用自己的密钥自行解开"),
        (10, f"{supermarket._OPEN.accept.words}"),
        (50, f"信用分以{credit.BASE}分起算"),
        (52, f"每份加{PERFORMED.points}分、最多{PERFORMED.most}分"),
        (52, f"每份加{PRAISED.points}分、最多{PRAISED.most}分，合计最多{credit.MOST_GAINED}分"),
        (53, "满{}日按一半计，满{}日不再计".format(*(days for days, _ in credit.GAINED_FADES))),
        (54, "、".join(str(row.tickets) for row in credit.GRADES)),
        (54, f"不高于{credit.LEAST_ASKED}分"),
        (97, f"邀请链接{colleagues.INVITED_FOR.days}日内有效"),
        (15, f"{ratings.RULES.rate.amount}日"),
        (8, "、".join(BY_PRICE.coefficients)),
        (8, f"{SPELLED[quotes.TRIMMED_FROM]}家以上的先去掉"),
        (8, f"{SPELLED[sealed.FEWEST_TO_COMPARE]}家以上报价的，低于全部有效报价平均数{BY_PRICE.low[0]:.0%}"),
        (8, f"{BY_PRICE.low[1].words}内书面说明"),
        (26, f"全部最后报价平均值的{auction.ABNORMAL.mean:.0%}"),
        (26, f"次低报价的{auction.ABNORMAL.following:.0%}，或者低于起始价的{auction.ABNORMAL.opening:.0%}"),
    ],
)
def test_the_articles_say_the_numbers_that_are_applied(number, says):
    assert says in TEXT[number]


def test_a_changed_article_keeps_its_old_text_in_the_old_edition():
    editions = (house.Edition("1", date(2026, 1, 1), ""), house.Edition("2", date(2027, 1, 1), ""))
    rows = (house.Clause(1, "t", "old", "1", "2"), house.Clause(1, "t", "new", "2"), house.Clause(2, "t", "both", "1"))

    assert [row.text for row in house.clauses("1", rows=rows, editions=editions)] == ["old", "both"]
    assert [row.text for row in house.clauses("2", rows=rows, editions=editions)] == ["new", "both"]
    numbers = [row.number for row in house.CLAUSES if not row.until]
    assert len(set(numbers)) == len(numbers)


def test_the_page_has_every_article_under_its_anchor_and_citations_lead_there(client):
    from accounts.templatetags import parts

    page = client.get("/rules/").content.decode()

    assert all(f'id="a{number}"' in page for number in TEXT)
    assert parts.article(house.own(6)) == '<a href="/rules/#a6">《明标平台规则》第6条</a>'
    assert parts.article("明标平台规则 第6条") == '<a href="/rules/#a6">明标平台规则 第6条</a>'
    assert client.get("/rules/?edition=1999").status_code == 404
    assert len(client.get("/rules.json").json()["articles"]) == len(TEXT)
