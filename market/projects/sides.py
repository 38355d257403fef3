"""Which of the two of an owner's side does what: the purchaser itself, or the agent it has entrusted. Pure.

The one place that says it; every door asks `Project.doer`. Without an agent the purchaser does everything.
Law: 政府采购法 第19条, 第20条; 政府采购法实施条例 第16条; 招标投标法 第12条.
"""

from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

from rulebook.law import Article

WITHIN = Article("政府采购法实施条例", "第16条")


class Work(StrEnum):
    """A kind of act on the owner's side of a purchase."""

    PREPARE = "prepare"  # draft, ask for keys, announce, answer questions, correct
    HOST = "host"  # hold the opening, return guarantees
    EVALUATE = "evaluate"  # qualification review, panel, recordings
    ANSWER = "answer"  # answer challenges and objections
    CONFIRM = "confirm"  # confirm the documents and the panel's report
    DETERMINE = "determine"  # publish candidates, determine the winner, explain a delay
    END = "end"  # end or suspend the purchase by hand
    CONTRACT = "contract"  # contract, performance, payment, rating


# What a letter may entrust; the rest stays with the purchaser whatever it says.
ENTRUSTABLE = (Work.PREPARE, Work.HOST, Work.EVALUATE, Work.ANSWER)
# And in the supermarket: nothing is hosted there, and a panel is the owner's own people and whom it invites.
IN_SUPERMARKET = (Work.PREPARE, Work.ANSWER)
WORK_WORDS = {
    Work.PREPARE: "编制采购文件、发布公告、答疑和更正",
    Work.HOST: "组织开标，退还保证金",
    Work.EVALUATE: "组织资格审查和评审",
    Work.ANSWER: "答复质疑和异议",
    Work.CONFIRM: "确认采购文件和评审报告",
    Work.DETERMINE: "确定中标（成交）供应商",
    Work.END: "终止、暂停采购",
    Work.CONTRACT: "签订合同、验收和付款",
}

PAYERS = {"owner": "由采购人支付", "winner": "由中标（成交）供应商支付，报价应当包含"}


def doer(work: Work, *, owner: str, agent: str | None, entrusted: Collection[str]) -> str:
    """The organisation whose officers do this.

    owner, agent: credit codes, agent None where there is none.  entrusted: values of `Work` its letter names.
    """
    return agent if agent and work in ENTRUSTABLE and work.value in entrusted else owner


@dataclass(frozen=True)
class Mandate:
    """What an agent may do in a purchase, as its letter says.

    owner, agent: credit codes.  letter: public id.  sha256: of the issued letter.  works: values of `Work`.  fee: what
    the agent takes, in words.  payer: key of `PAYERS`.  contact, phone, address: of the agent.
    """

    owner: str
    agent: str
    letter: str
    sha256: str
    works: tuple[str, ...]
    fee: str
    payer: str
    contact: str
    phone: str
    address: str

    def among(self, works: Collection[Work]) -> "Mandate":
        """The same for these works alone."""
        return replace(self, works=tuple(each for each in self.works if each in works))

    def as_json(self) -> dict[str, Any]:
        """As the project keeps it; who owns and who acts are columns of their own."""
        told = {**asdict(self), "works": list(self.works)}
        return {key: value for key, value in told.items() if key not in ("owner", "agent")}
