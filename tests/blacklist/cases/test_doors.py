"""Every act of a case posted on its page: the desk leads there, the others are refused, and what is early says why."""

from datetime import timedelta

import pytest

from blacklist.cases import process, rules
from blacklist.cases.models import Case, Restriction
from tests import cast
from tests.make import accounts, cases

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
DAY, HOUR = cast.DAY, cast.HOUR
WORDS = {"text": "经核查属实，答复申辩"}
SUSPEND = {"points": 6, "kind": "suspension", "months": 6}
REPORTER, EXAMINER, SECOND, THIRD = cast.OPERATOR, cast.SUPERVISOR, cast.SECOND_SUPERVISOR, cases.THIRD_SUPERVISOR
PARTY = cast.PROVIDER
REFUSED = (403, 409, 422)


class Stage:
    """One case, who looks at it through which client, and when."""

    def __init__(self, monkeypatch):
        accounts.world()
        accounts.user(THIRD)
        self.clients = {}
        self.at = cast.NOON
        monkeypatch.setattr("rulebook.clock.now", lambda: self.at)
        self.row = cases.case(by=REPORTER, source=process.Source.SUPERVISION)
        self.path = f"/cases/{self.row.public_id}/"

    def client(self, actor):
        return self.clients.setdefault(actor.person, accounts.client_of(actor))

    def read(self, actor, path=None):
        return self.client(actor).get(path or self.path).content.decode()

    def post(self, actor, act, **told):
        return self.client(actor).post(f"{self.path}{act}/", told).status_code

    def does(self, actor, act, *, desk, but=(), **told):
        """An act by whom it may: his desk has it, his page offers it; whoever else tries is refused."""
        line = self.read(actor, "/desk/")
        assert desk in line and self.path in line, (act, desk)
        assert f'id="{act}"' in self.read(actor) or "restriction" in told, act
        if act.startswith("second"):
            assert self.post(actor, act, **told) == 409, act  # nothing says what was read
            told |= accounts.seen_on(self.client(actor).get(self.path), f'{act}/" id="form-{act}')
        for other in but:
            assert self.post(other, act, **told) in REFUSED, (act, other.name)
        assert self.post(actor, act, **told) == 302, act


@pytest.fixture
def stage(monkeypatch):
    return Stage(monkeypatch)


def test_report_to_repair_is_posted_on_pages_with_a_hearing_a_return_and_an_appeal(stage):
    assert self_refused(stage, "notice", "second", "serve", "appeal")
    stage.does(EXAMINER, "take-up", desk="核查报告", but=[REPORTER])
    stage.does(EXAMINER, "notice", desk="核查后告知", but=[REPORTER], **SUSPEND, **WORDS)
    assert "2026-12-01 24:00" in stage.read(PARTY, "/desk/")
    assert stage.path not in stage.read(cast.RIVAL, "/desk/") + stage.read(cast.OFFICER, "/desk/")
    assert stage.post(cast.RIVAL, "state", **WORDS) == 404
    stage.does(PARTY, "state", desk="陈述、申辩", but=[EXAMINER], **WORDS)
    assert "陈述、申辩期尚未届满" in stage.read(EXAMINER)
    assert stage.post(EXAMINER, "propose", outcome="restrict", **SUSPEND, **WORDS) == 409

    stage.does(PARTY, "ask-hearing", desk="陈述、申辩", but=[SECOND])
    soon, when = stage.at + DAY, process.first_hearing(stage.at) + 9 * HOUR
    typed = {"when": f"{when.astimezone(rules.CHINA):%Y-%m-%dT%H:%M}", "place": "三楼会议室"}
    assert stage.post(SECOND, "set-hearing", when=f"{soon:%Y-%m-%dT%H:%M}", place="三楼") == 422
    stage.does(SECOND, "set-hearing", desk="通知听证", but=[EXAMINER], **typed)
    assert "三楼会议室" in stage.read(PARTY) and "参加听证" not in stage.read(PARTY, "/desk/")
    stage.at = process.window(stage.at, process.DEFENCE)
    assert "参加听证" in stage.read(PARTY, "/desk/")
    assert "当事人申请了听证，听证后才能决定" in stage.read(EXAMINER)
    assert stage.post(SECOND, "record-hearing", **WORDS) == 409
    stage.at = when
    stage.does(SECOND, "record-hearing", desk="主持并记录听证", but=[EXAMINER, PARTY], **WORDS)

    told = {"outcome": "restrict", **SUSPEND, **WORDS}
    assert stage.post(EXAMINER, "propose", **told | {"months": 7}) == 422
    stage.does(EXAMINER, "propose", desk="听证后提出处理意见", but=[REPORTER, PARTY], **told)
    stage.does(SECOND, "second", desk="复核处理意见", but=[EXAMINER], agrees="no", text="期限过长")
    stage.does(EXAMINER, "propose", desk="听证后提出处理意见", **told | {"months": 5})
    stage.does(SECOND, "second", desk="复核处理意见", but=[EXAMINER], agrees="yes")
    stage.does(EXAMINER, "serve", desk="送达处理决定", but=[PARTY])

    stage.does(PARTY, "appeal", desk="不服的可以申诉", but=[EXAMINER], **WORDS)
    assert "等待申诉处理" in stage.read(PARTY, "/desk/") and "申诉期间停止执行" in stage.read(PARTY)
    lighter = {"outcome": "changed", **SUSPEND, "months": 4, **WORDS}
    assert self_refused(stage, "propose-ruling", by=(EXAMINER, SECOND), **lighter)
    keeper = cases.FOURTH_SUPERVISOR
    accounts.user(keeper)
    stage.does(THIRD, "propose-ruling", desk="审理申诉", but=[EXAMINER, SECOND, PARTY], **lighter)
    stage.does(keeper, "second-ruling", desk="复核处理意见", but=[EXAMINER, THIRD], agrees="yes")
    assert "申诉已结" in stage.read(PARTY) and Case.objects.get().state == "closed"

    row = Restriction.objects.get(kind="suspension", ended_at=None)
    asked = {"restriction": row.public_id, "duty_done": "已赔偿损失并整改", "promise": "on"}
    stage.at = row.starts_at
    assert "可以申请信用修复" not in stage.read(PARTY, "/desk/") and "才可以申请修复" in stage.read(PARTY)
    assert stage.post(PARTY, "ask-repair", **asked) == 409
    stage.at = row.starts_at + timedelta(days=95)
    assert "执行中" in stage.read(PARTY)
    stage.does(PARTY, "ask-repair", desk="可以申请信用修复", but=[EXAMINER], **asked)
    assert "等待信用修复审核" in stage.read(PARTY, "/desk/")
    told = {"restriction": row.public_id, "outcome": "repaired", **WORDS}
    stage.does(EXAMINER, "propose-repair", desk="审核信用修复申请", but=[REPORTER, PARTY], **told)
    stage.does(SECOND, "second-repair", desk="审核信用修复申请", but=[EXAMINER], agrees="yes")
    assert "已修复" in stage.read(PARTY) and stage.path in stage.read(PARTY, "/cases/")


def self_refused(stage, *acts, by=(EXAMINER, PARTY), **told):
    """Acts that are not this person's, or not now, say no."""
    given = {**WORDS, "agrees": "yes", **SUSPEND, **told}
    return all(stage.post(who, act, **given) in (*REFUSED, 404) for who in by for act in acts)


def test_a_report_is_let_be_or_sent_to_the_authority_from_its_page(stage):
    stage.does(EXAMINER, "dismiss", desk="核查报告", but=[REPORTER], text="查无实据")
    assert "不予处理" in stage.read(EXAMINER) and stage.path not in stage.read(EXAMINER, "/desk/")
    assert stage.client(PARTY).get(stage.path).status_code == 404
    stage.row = cases.case(by=REPORTER, source=process.Source.SUPERVISION, ground="false-materials")
    stage.path = f"/cases/{stage.row.public_id}/"
    assert stage.post(EXAMINER, "refer", **WORDS) == 409
    assert stage.post(EXAMINER, "take-up") == 302
    assert stage.post(EXAMINER, "refer", text="") == 422
    stage.does(EXAMINER, "refer", desk="核查后告知、移送", but=[REPORTER], text="移送河套市财政局")
    assert "已移送主管部门" in stage.read(EXAMINER)
