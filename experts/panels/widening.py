"""A list too short is widened by region and by the catalogue, never by hand: how far, and when. Pure."""

from collections.abc import Collection, Mapping, Sequence

from rulebook.law import Article
from rulebook.refusal import Kind, Reason

# No national law says which specialties may stand in for one another; pools do. To verify for each, then a row of it.
NEAR = Article("政府采购评审专家管理办法", "第12条", "platform-2026")
# Pools are to be shared across regions; that a region's own list goes first is the pool's rule. To verify.
ANYWHERE = Article("国办发〔2024〕21号", "全文", "platform-2026")
LONGEST_REASON = 300


def why_not_region(region: str, *, known: Collection[str]) -> tuple[Reason, ...]:
    """Reasons against drawing from one region first.  known: the regions experts come from."""
    if region and region not in known:
        return (Reason("panel.region", Kind.NOT_VALID, "专家库中没有这个地区", ANYWHERE),)
    return ()


def too_short(strata: Sequence[tuple[str, int]], eligible: Mapping[str, int]) -> frozenset[str]:
    """The specialties whose own list cannot fill their seats.  eligible: how many employers have somebody on it."""
    return frozenset(key for key, need in strata if eligible.get(key, 0) < need)


def why_not_widen_region(found: Collection[str], *, region: str, reason: str) -> tuple[Reason, ...]:
    """Reasons against drawing from every region for the specialties too short.  found: what `too_short` gives."""
    if not region:
        return (Reason("panel.every-region-already", Kind.NOT_VALID, "本次抽取没有限定地区", ANYWHERE),)
    if not found:
        text = "本地区各专业名单都够，不得扩大地区"
        return (Reason("panel.region-long-enough", Kind.NOT_VALID, text, ANYWHERE),)
    if not 4 <= len(reason.strip()) <= LONGEST_REASON:
        text = "扩大地区须写明理由（4至300字）"
        return (Reason("panel.region-without-reason", Kind.NOT_VALID, text, ANYWHERE),)
    return ()


def strata_here(keys: Sequence[str], *, here: bool, everywhere: Collection[str]) -> list[str]:
    """For which of these specialties somebody may be drawn who is, or is not, of the region."""
    return [key for key in keys if here or key in everywhere]


def near(key: str, parents: Mapping[str, str]) -> frozenset[str]:
    """What may stand in for a specialty: its own branches; and where the one above it is no whole class, that one and
    the others under it.  parents: key → the wider one, empty at the top.

    >>> sorted(near("A0407", {"A": "", "A04": "A", "A0407": "A04", "A0408": "A04", "A05": "A"}))
    ['A04', 'A0408']
    """
    found = {other for other, above in parents.items() if above == key}
    above = parents.get(key, "")
    if above and parents.get(above):
        found |= {above} | {other for other, one in parents.items() if one == above}
    return frozenset(found - {key})


def wider(
    strata: Sequence[tuple[str, int]], eligible: Mapping[str, int], parents: Mapping[str, str]
) -> dict[str, frozenset[str]]:
    """What stands in for each specialty whose own list is too short; nothing for the others."""
    return {key: near(key, parents) for key, need in strata if eligible.get(key, 0) < need}


def why_not_widen(found: Mapping[str, frozenset[str]], *, reason: str) -> tuple[Reason, ...]:
    """Reasons against widening.  found: what `wider` gives."""
    if not found:
        text = "各专业名单都够，不得并入其他专业"
        return (Reason("panel.list-long-enough", Kind.NOT_VALID, text, NEAR),)
    if not any(found.values()):
        text = "目录中没有可以并入的相近专业：请推荐人员入库，或者改由上级专家库抽取"
        return (Reason("panel.nothing-near", Kind.NOT_VALID, text, NEAR),)
    if not 4 <= len(reason.strip()) <= LONGEST_REASON:
        return (Reason("panel.widened-without-reason", Kind.NOT_VALID, "并入相近专业须写明理由（4至300字）", NEAR),)
    return ()


def strata_of(has: set[str], keys: Sequence[str], stand_in: Mapping[str, frozenset[str]]) -> list[str]:
    """For which of these specialties somebody with these may be drawn."""
    return [key for key in sorted(set(keys)) if key in has or has & stand_in.get(key, frozenset())]
