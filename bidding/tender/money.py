"""How the prices of a tender earn points: what its procedure allows. Pure."""

from collections.abc import Mapping
from typing import Any

from market.projects.procedure import Procedure
from proofs.prices import FORMULAS, LOWEST
from proofs.prices import why_not_formula as faults_of
from rulebook.refusal import Kind, Reason


def why_not_formula(*, procedure: Procedure, formula: Mapping[str, Any] | None) -> tuple[Reason, ...]:
    """Reasons against a formula of price points: none but those of the procedure, with parameters in range.

    formula: {"key", "params"}; None is the formula of the lowest price, which every procedure knows.
    Law: 87号令 第55条; 财库〔2014〕214号 第24条; 招标投标法实施条例 第49条.
    """
    if formula is None:
        return ()
    allowed, law = procedure.formulas
    key = str(formula.get("key"))
    if key not in allowed:
        text = "价格分应当采用{lawful}，不得采用“{name}”"
        values = {"lawful": FORMULAS[LOWEST].name, "name": FORMULAS[key].name if key in FORMULAS else key}
        return (Reason("criteria.formula", Kind.NOT_VALID, text, law, values),)
    if faults_of(key, formula.get("params"), formula.get("draw")):
        wanted = "、".join(f"{words} {least}–{most}" for words, least, most in FORMULAS[key].params.values())
        text = "请填写“{name}”的参数：{wanted}；下浮系数或者填一个数，或者列出开标时抽取的2至50个不同的数"
        return (
            Reason(
                "criteria.formula-params", Kind.NOT_VALID, text, law, {"name": FORMULAS[key].name, "wanted": wanted}
            ),
        )
    return ()
