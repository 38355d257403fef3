"""Where something is: administrative divisions by the digits of GB/T 2260, two for a province, four for a city.

A body's division stands in its 统一社会信用代码, positions 3 to 8, so nobody has to say it. What a decision reaches is
a prefix: "15" is all of Inner Mongolia, "1507" one of its cities, nothing at all is everywhere.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType

HOME = "15"  # where this platform is; a citizen's purchase is here, his code says nothing of where he lives

NAMES: Mapping[str, str] = MappingProxyType(
    {
        "11": "北京市", "12": "天津市", "13": "河北省", "14": "山西省", "15": "内蒙古自治区",
        "21": "辽宁省", "22": "吉林省", "23": "黑龙江省", "31": "上海市", "32": "江苏省",
        "33": "浙江省", "34": "安徽省", "35": "福建省", "36": "江西省", "37": "山东省",
        "41": "河南省", "42": "湖北省", "43": "湖南省", "44": "广东省", "45": "广西壮族自治区",
        "46": "海南省", "50": "重庆市", "51": "四川省", "52": "贵州省", "53": "云南省",
        "54": "西藏自治区", "61": "陕西省", "62": "甘肃省", "63": "青海省", "64": "宁夏回族自治区",
        "65": "新疆维吾尔自治区", "1501": "呼和浩特市", "1502": "包头市", "1503": "乌海市", "1504": "赤峰市",
        "1505": "通辽市", "1506": "鄂尔多斯市", "1507": "呼伦贝尔市", "1508": "巴彦淖尔市", "1509": "乌兰察布市",
        "1522": "兴安盟", "1525": "锡林郭勒盟", "1529": "阿拉善盟",
    }
)  # fmt: skip


def region_of(code: str) -> str:
    """The division of a credit code without its empty places; a citizen's code has none and is at home here.

    >>> region_of("11152900MB1A00001N"), region_of("11150000MB1A00001N"), region_of("GR00000000000000AB")
    ('1529', '15', '15')
    """
    digits = code[2:8]
    return re.sub(r"(00)+$", "", digits) if re.fullmatch("[0-9]{6}", digits) and code[:2] != "GR" else HOME


def reaches(scope: str, region: str) -> bool:
    """Whether what was decided for a scope holds in a region. Where nothing is said of the region, only what holds
    everywhere does.

    >>> reaches("", "1529"), reaches("15", "1529"), reaches("1507", "1529"), reaches("1507", "15"), reaches("15", "")
    (True, True, False, False, False)
    """
    return region.startswith(scope)


def span(scope: str) -> tuple[str, str]:
    """The six digits from where, and before where, everything lies that a scope reaches: a range an index can walk.

    >>> span("15"), span("1507"), span("150721")
    (('150000', '160000'), ('150700', '150800'), ('150721', '150722'))
    """
    return scope.ljust(6, "0"), str(int(scope) + 1).ljust(6, "0")


def containing(region: str) -> tuple[str, ...]:
    """A region and those it lies in, the most specific first.

    >>> containing("150721"), containing("15"), containing("")
    (('150721', '1507', '15'), ('15',), ())
    """
    return tuple(region[:size] for size in (6, 4, 2) if len(region) >= size)


def is_division(digits: str) -> bool:
    """Digits of a division, without its empty places.

    >>> [is_division(each) for each in ("15", "1508", "150802", "1500", "99", "158", "")]
    [True, True, True, False, False, False, False]
    """
    return re.fullmatch("([0-9]{2}){1,3}", digits) is not None and digits[:2] in NAMES and not digits.endswith("00")


def name_of(scope: str) -> str:
    """What a scope is called; its digits where it has no name here."""
    return NAMES.get(scope, scope)
