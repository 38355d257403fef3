"""What purchases prefer by policy, as rows with their edition: how much is taken off, for what, and since when. Pure.

A share is taken off the price that is compared, never off the contract's. Figures marked in docs/law.md are to verify.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from market.projects.procedures import Category
from rulebook.calendar import day_in_china
from rulebook.law import Article
from rulebook.refusal import Kind, Reason

SET_ASIDE = "set-aside"
STATED_IN = "《中小企业声明函》"
_46, _19 = "财库〔2020〕46号", "财库〔2022〕19号"
_BOUGHT, _GOODS, _WORKS = (Category.GOODS, Category.SERVICES), (Category.GOODS,), (Category.WORKS,)


@dataclass(frozen=True)
class Policy:
    """One edition of one preference.

    least, most: the share taken off, 0–1; both 0 where nothing is.  since: the first day it holds.  needs: what a
    bidder shows to have it.  shown: in one line, to whoever drafts or judges.
    """

    key: str
    name: str
    law: Article
    categories: tuple[Category, ...]
    least: Decimal
    most: Decimal
    since: date
    needs: str
    shown: str


def _row(
    key: str, name: str, law: Article, categories: tuple[Category, ...], least: str, most: str, since: date, needs: str,
    shown: str,
) -> Policy:  # fmt: skip
    return Policy(key, name, law, categories, Decimal(least), Decimal(most), since, needs, shown)


_SMALL, _PART = "小微企业价格扣除", "联合体或者分包意向协议约定小微企业合同份额占30%以上"
_ALL = tuple(Category)
EDITIONS: tuple[Policy, ...] = (
    _row("small", _SMALL, Article(_46, "第9条"), _BOUGHT, "0.06", "0.10", date(2021, 1, 1), STATED_IN, _SMALL),
    _row("small", _SMALL, Article(_46, "第9条"), _WORKS, "0.03", "0.05", date(2021, 1, 1), STATED_IN, _SMALL),
    _row("small", _SMALL, Article(_19, "第2条"), _BOUGHT, "0.10", "0.20", date(2022, 7, 1), STATED_IN, _SMALL),
    *(
        _row(key, name, law, categories, least, most, since, "协议、" + STATED_IN, _PART)
        for key, name in (("consortium", "大中型企业与小微企业联合体"), ("subcontract", "大中型企业向小微企业分包"))
        for law, categories, least, most, since in (
            (Article(_46, "第9条"), _BOUGHT, "0.02", "0.03", date(2021, 1, 1)),
            (Article(_46, "第9条"), _WORKS, "0.01", "0.02", date(2021, 1, 1)),
            (Article(_19, "第2条"), _BOUGHT, "0.04", "0.06", date(2022, 7, 1)),
        )
    ),
    _row("domestic", "本国产品价格扣除", Article("国办发〔2025〕34号", "第2条"), _GOODS, "0.20", "0.20",
         date(2026, 1, 1), "《关于符合本国产品标准的声明函》", "既有本国产品又有非本国产品参与竞争时"),
    _row(SET_ASIDE, "专门面向中小企业采购", Article(_46, "第7条"), _ALL, "0", "0", date(2021, 1, 1), STATED_IN,
         "200万元以下的货物、服务和400万元以下的工程，适宜由中小企业提供的，专门面向中小企业"),
    _row("energy-saving", "节能产品", Article("财库〔2019〕19号", "附件"), _GOODS, "0", "0", date(2019, 4, 2),
         "国家确定的认证机构出具的、处于有效期内的节能产品认证证书", "清单内标注强制采购的品目，只可采购获证产品"),
    _row("green", "环境标志产品", Article("财库〔2019〕18号", "附件"), _GOODS, "0", "0", date(2019, 4, 1),
         "国家确定的认证机构出具的、处于有效期内的环境标志产品认证证书", "清单内的品目，优先采购获证产品"),
)  # fmt: skip
NAMES: Mapping[str, str] = {row.key: row.name for row in EDITIONS}
GRANTED = frozenset({"consortium", "subcontract", "domestic"})  # to a bid, by the panel, on what it shows


def in_force(key: str, *, category: str, at: datetime) -> Policy | None:
    """The edition of a policy that holds for such a purchase at this instant; None when there is none."""
    day = day_in_china(at)
    rows = [row for row in EDITIONS if row.key == key and category in row.categories and row.since <= day]
    return max(rows, key=lambda row: row.since, default=None)


def why_not_policies(
    *, category: str, policies: Mapping[str, str], small_deduction: Decimal, at: datetime
) -> tuple[Reason, ...]:
    """Everything wrong with the preferences of a tender, each with its article.  policies: key ↦ share, 0–1.

    Law: 财库〔2020〕46号 第9条: nothing is taken off where the purchase is set aside.
    """
    reasons = []
    for key, share in policies.items():
        row = in_force(key, category=category, at=at)
        if row is None:
            text = "本类采购没有“{name}”的政策"
            reasons.append(Reason("policy.none", Kind.NOT_VALID, text, None, {"name": NAMES.get(key, key)}))
        elif not row.least <= Decimal(share) <= row.most:
            text = "{name}的扣除比例应在 {least} 至 {most} 之间"
            values = {"name": row.name, "least": f"{row.least:.0%}", "most": f"{row.most:.0%}"}
            reasons.append(Reason("policy.share", Kind.NOT_VALID, text, row.law, values))
    if SET_ASIDE in policies and (small_deduction or {"consortium", "subcontract"} & set(policies)):
        text = "专门面向中小企业采购的项目，不再作小微企业价格扣除"
        reasons.append(Reason("policy.set-aside", Kind.NOT_VALID, text, Article(_46, "第9条")))
    return tuple(reasons)
