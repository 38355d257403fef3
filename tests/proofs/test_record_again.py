"""A record of an evaluation that was made anew, and of one whose price formula left a coefficient to the draw."""

from pathlib import Path
from typing import Any

from proofs import canonical, commitment, record, scoring
from proofs.record import archive
from tests.proofs.procurement import NUMBER, SCORING, Procurement


class Again(Procurement):
    """The panel judged again after its report was handed in; `shows` is what is published as the earlier one."""

    first = {"v": "report/1", "number": NUMBER, "scoring": {}, "bids": [], "seats": 0}
    shows = first

    def tell(self, kind: str, **data: Any) -> None:
        salt = bytes(32)
        if kind == "evaluation.reported":
            told = commitment.commit(commitment.REPORT, self.first, salt)
            super().tell(kind, commitment=told)
            super().tell("evaluation.rolled-back", ground="sum", before=told)
        if kind == "market.award-published":
            data["earlier"] = [{"report_sha256": self.blob(self.shows), "salt": salt.hex()}]
        super().tell(kind, **data)


def test_a_report_that_was_made_anew_is_shown_as_it_was(tmp_path: Path) -> None:
    assert record.verify(archive.write(Again(tmp_path / "honest").play().record())).holds
    other = Again(tmp_path / "other")
    other.shows = {**Again.first, "seats": 5}
    found = record.verify(archive.write(other.play().record()))
    assert [check.text for check in found.checks if check.holds is False] == [
        "评审报告：公布的原评审报告与当时的承诺不符"
    ]
    gone = other.record()
    del gone.blobs[canonical.sha256(canonical.dumps(other.shows)).hex()]
    assert not record.verify(archive.write(gone)).holds


DRAWN = {**SCORING, "formula": {"key": "mean-ratio", "params": {}, "draw": {"k": ["0.01", "0.03", "0.05"]}}}


def another_value(report: dict[str, Any]) -> dict[str, Any]:
    """The same arithmetic, done right, with a value that was not drawn."""
    keys = ("org", "name", "quote", "small", "compliant", "reasons", "scores")
    bids = [{key: bid[key] for key in keys} for bid in report["bids"]]
    other = next(value for value in ("0.01", "0.03") if value != report["drawn"]["k"])
    made = {"number": NUMBER, "scoring": report["scoring"], "bids": bids, "seats": report["seats"]}
    return scoring.build_report(**made, drawn={"k": other})


def test_a_coefficient_is_the_one_that_was_drawn_out_of_the_terms_after_the_prices_were_open(tmp_path: Path) -> None:
    def verdict(play: Procurement) -> tuple[bool | None, str]:
        [found] = [check for check in record.verify(archive.write(play.record())).checks if check.name == "report"]
        return found.holds, found.text

    honest = Procurement(tmp_path / "honest", scoring=DRAWN).play()
    assert record.verify(archive.write(honest.record())).holds and honest.drawn["k"] in ("0.01", "0.03", "0.05")
    false = Procurement(tmp_path / "false", scoring=DRAWN, lies={"report": another_value}).play()
    assert verdict(false) == (False, "评审报告：价格分参数 k 不是抽取的结果")

    early = Procurement(tmp_path / "early", scoring=DRAWN)
    for act in ("prepare", "submit", "close", "draw_parameters", "open", "draw", "evaluate"):
        getattr(early, act)()
    assert verdict(early) == (False, "评审报告：价格分参数 k 不是在唱标之后抽取的")

    twice = Procurement(tmp_path / "other pool", scoring=DRAWN)
    for act in ("prepare", "submit", "close", "open"):
        getattr(twice, act)()
    twice.scoring = {**SCORING, "formula": {**DRAWN["formula"], "draw": {"k": ["0.03", "0.05"]}}}
    twice.draw_parameters()
    twice.scoring = DRAWN
    twice.draw()
    twice.evaluate()
    assert verdict(twice) == (False, "评审报告：价格分参数 k 的候选值不符")
