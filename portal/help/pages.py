"""Which questions each role asks, stage by stage."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from portal.help import answers as a
from portal.help.answers import Answer
from rulebook.actor import Role

Ask = Callable[[], Answer]
Part = tuple[str, object, Sequence[Ask]]  # stage, as an anchor; what it is called; what is asked in it


@dataclass(frozen=True)
class Page:
    """The questions of one role.  about: who it is."""

    title: object
    about: object
    parts: Sequence[Part]


def _suspends(role: Role) -> Ask:
    return lambda: a.suspending(role)


DRAFT, OPEN, DECIDING = _("编制"), _("公告和递交"), _("开启和评审")
DECIDED, FAILED = _("定标和合同"), _("失败、终止以后")
BUYER = Page(
    _("采购单位、代理机构的经办人"), _("编制、公告、主持开启、定标、签约。"),
    (
        ("draft", DRAFT, (a.two_persons, a.times, a.supplying, a.deposit, a.choosing)),
        ("open", OPEN, (a.correcting, a.asking, _suspends(Role.OFFICER), a.ending)),
        ("deciding", DECIDING, (a.opening, a.too_few)),
        ("proposed", DECIDED, (a.determining, a.contracting, a.refunding, a.objecting)),
        ("failed", FAILED, (a.buying_again, a.refunding)),
    ),
)  # fmt: skip
BIDDER = Page(
    _("供应商、中介服务机构"), _("获取文件、递交、解密、签约。"),
    (
        ("open", OPEN, (a.supplying, a.asking, a.changing, a.after_correction, _suspends(Role.STRANGER), a.enrolling)),
        ("deciding", DECIDING, (a.decrypting, a.too_few)),
        ("proposed", DECIDED, (a.objecting, a.accepting, a.contracting)),
        ("failed", FAILED, (a.refunding, a.buying_again, a.ending)),
    ),
)  # fmt: skip
JUDGE = Page(
    _("评审专家"), _("答复邀请、声明回避、打分、签署报告。"),
    (("open", _("邀请"), (a.drawn,)), ("deciding", DECIDING, (a.judging,))),
)  # fmt: skip
WATCHER = Page(
    _("监督、审计、见证人员"), _("看得到过程，按法定情形暂停、处理投诉。"),
    (
        ("open", OPEN, (_suspends(Role.SUPERVISOR), a.ending, a.correcting)),
        ("deciding", DECIDING, (a.opening, a.too_few)),
        ("proposed", DECIDED, (a.objecting, a.determining, a.contracting)),
        ("failed", FAILED, (a.buying_again, a.refunding)),
    ),
)  # fmt: skip
KEEPER = Page(
    _("密钥保管、抽取参与单位"), _("保管钥匙，到点释放；为抽取各出一份随机数。"),
    (("deciding", DECIDING, (a.opening, a.too_few, a.verifying)),),
)  # fmt: skip
PUBLIC = Page(
    _("公众"), _("看公告、看结果、自己核对、提意见，也可以采购中介服务。"),
    (
        ("open", _("看和查"), (a.verifying, a.supplying, a.too_few)),
        ("draft", _("自己采购"), (a.choosing,)),
        ("proposed", _("有意见"), (a.objecting, a.tipping)),
        ("failed", FAILED, (a.buying_again, a.ending)),
    ),
)  # fmt: skip
PAGES: Mapping[str, Page] = {
    "officer": BUYER, "provider": BIDDER, "expert": JUDGE, "supervisor": WATCHER, "holder": KEEPER, "citizen": PUBLIC,
}  # fmt: skip
OF_ROLE: Mapping[Role, str] = {
    Role.OFFICER: "officer", Role.PROVIDER: "provider", Role.EXPERT: "expert", Role.SUPERVISOR: "supervisor",
    Role.AUDITOR: "supervisor", Role.WITNESS: "supervisor", Role.HOLDER: "holder", Role.CONTRIBUTOR: "holder",
    Role.OPERATOR: "supervisor", Role.SECURITY: "supervisor",
}  # fmt: skip
