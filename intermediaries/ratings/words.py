"""What pages call ratings."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from intermediaries.ratings.rules import Finding, Mean, Side

DIMENSION_WORDS: Mapping[str, Any] = {
    "quality": _("服务质量"), "time": _("服务时效"), "manner": _("服务态度"), "fee": _("服务收费"),
    "order": _("服务规范"),
    "clarity": _("需求清晰"), "payment": _("按约付款"), "cooperation": _("配合程度"),
}  # fmt: skip
LEVEL_WORDS: Mapping[int, Any] = {
    5: _("非常满意"), 4: _("满意"), 3: _("基本满意"), 2: _("不满意"), 1: _("非常不满意"),
}  # fmt: skip
FINDING_WORDS: Mapping[str, tuple[Any, str]] = {
    Finding.RIGHTED: (_("属实，已整改"), "ok"),
    Finding.UPHELD: (_("属实，未整改"), "bad"),
    Finding.UNFOUNDED: (_("不属实，不计入均值"), ""),
}
SIDE_WORDS: Mapping[Side, Any] = {Side.BUYER: _("采购方"), Side.PROVIDER: _("供应方")}


def means_of(mean: Mean) -> dict[str, Any]:
    """Means for a page."""
    by = [(DIMENSION_WORDS[key], value) for key, value in mean.by_dimension.items()]
    return {"overall": mean.overall, "n": mean.n, "by": by}
