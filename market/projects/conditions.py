"""Conditions that keep suppliers out for what has nothing to do with the work: the words they come in. Pure.

Each row finds one kind of them; tenders and purchases in the supermarket read the same rows.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rulebook.law import Article
from rulebook.refusal import Kind, Reason

ALIKE = Article("优化营商环境条例", "第13条")
NO_BARRIERS = Article("公平竞争审查条例", "第9条")
NOBODY_NAMED = Article("公平竞争审查条例", "第8条")
NO_SIZE = Article("财库〔2020〕46号", "第5条")
UNREASONABLE = Article("政府采购法实施条例", "第20条")

# Conditions of size may be neither a condition nor a factor. 「依法缴纳税收」 is lawful and is not one of them.
SCALE_WORDS = re.compile(
    r"注册资本|注册资金|实缴资本|实收资本|资产总额|总资产|净资产|营业收入|营业额|销售收入|经营规模|企业规模"
    r"|从业人数|从业人员|员工人数|员工数量|职工人数|职工数量|人员规模|人数不少于|人数不低于|人数达到"
    r"|利润总额|净利润|利润|纳税额|纳税总额|纳税金额|纳税规模|年纳税|纳税.{0,6}(?:不少于|不低于|达到|超过|以上)"
)
AUTHORISATION = re.compile(r"(?:生产厂家|生产厂商|制造商|原厂|厂家).{0,8}(?:授权|承诺|证明|背书)")
_HERE = r"(?:本地|当地|驻地|本市|本旗|本县|本区|本盟|我市|我旗|我县|我区|市内|旗内|县内|区内|盟内|辖区)"
_SEAT = (
    r"(?:注册|登记|设立|设有|分公司|分支机构|办事处|入驻|入库|迁入|办公场所|办公地点"
    r"|企业|机构|单位|公司|业绩|纳税|社保)"
)
LOCAL = re.compile(
    rf"{_HERE}.{{0,8}}{_SEAT}|{_SEAT}.{{0,4}}{_HERE}"
    r"|(?:注册地|注册地址|营业执照地址|住所地?)(?:须|应|必须|要求)?(?:在|为|位于)"
    r"|在[\u4e00-\u9fff]{2,12}(?:市|旗|县|盟|省|自治区)(?:境内|范围内|辖区内|内)?(?:注册|登记|设立|设有)"
)
NAMED = re.compile(
    r"[\u4e00-\u9fff（）]{4,}(?:有限公司|有限责任公司|股份公司|事务所|设计院|研究院)"
    r"|(?:指定|限定|仅限|只限|只能由)[^，。；]{0,14}(?:公司|机构|单位|供应商|品牌|厂家)|指定品牌|品牌(?:须|应|必须)?为"
)
OWNED = re.compile(
    r"(?:国有|国企|央企|民营|外资|事业单位)[^，。；]{0,8}(?:优先|方可|才能|才可|性质|控股|企业|独资)"
    r"|(?:不接受|不得为|排除)[^，。；]{0,4}(?:民营|外资|个体|私营)"
)
AGE = re.compile(
    r"(?:成立|注册|设立|开业|经营)[^，。；]{0,6}(?:满|不少于|不低于|超过|达到)?[\d一二三四五六七八九十]+\s*年以上?"
)
AWARDS = re.compile(r"(?:荣誉|奖项|获奖|表彰|授牌|重合同守信用|著名商标|AAA级?信用)")


@dataclass(frozen=True, slots=True)
class Barrier:
    """One kind of condition that is not allowed.  code: of its refusal.  why: one sentence with {text} and {word}."""

    key: str
    pattern: re.Pattern[str]
    why: str
    law: Article


BARRIERS = (
    Barrier("local", LOCAL, "“{text}”要求注册地、本地机构或者本地业绩（“{word}”），不得限制外地机构", NO_BARRIERS),
    Barrier("named", NAMED, "“{text}”指定了特定的机构或者品牌（“{word}”）", NOBODY_NAMED),
    Barrier("scale", SCALE_WORDS, "“{text}”含规模条件“{word}”，不得以企业规模设限", NO_SIZE),
    Barrier("owned", OWNED, "“{text}”按所有制区别对待（“{word}”）", ALIKE),
    Barrier("age", AGE, "“{text}”要求成立或者经营年限（“{word}”），与能否完成本次服务无关", UNREASONABLE),
    Barrier("award", AWARDS, "“{text}”以荣誉、奖项作条件（“{word}”）", UNREASONABLE),
    Barrier("authorisation", AUTHORISATION, "“{text}”要求生产厂家授权等（“{word}”）", UNREASONABLE),
)  # fmt: skip


ELSEWHERE = tuple(each for each in BARRIERS if each.pattern is LOCAL)  # what keeps out those from elsewhere


@dataclass(frozen=True, slots=True)
class Found:
    """A barrier in a text."""

    barrier: Barrier
    text: str
    word: str

    def reason(self) -> Reason:
        values = {"text": self.text, "word": self.word}
        return Reason(f"conditions.{self.barrier.key}", Kind.NOT_VALID, self.barrier.why, self.barrier.law, values)


def found(texts: Iterable[str], *, barriers: Sequence[Barrier] = BARRIERS) -> tuple[Found, ...]:
    """Every barrier in these sentences, in their order; each kind once a sentence.

    >>> [each.barrier.key for each in found(["具有测绘乙级资质", "须在呼伦贝尔市注册", "注册资本不低于 200 万元"])]
    ['local', 'scale']
    """
    told = []
    for text in texts:
        plain = unicodedata.normalize("NFKC", text)
        told += [Found(each, text.strip(), hit.group()) for each in barriers if (hit := each.pattern.search(plain))]
    return tuple(told)
