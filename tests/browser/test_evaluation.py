"""A whole evaluation in Chromium: five members in five browsers, from the sign-in to the joint signature.

One finds that he must not judge and is replaced by the next in reserve; one's line is cut while he scores.
"""

from collections.abc import Callable
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Page, expect

from bidding.evaluation.models import Evaluation, SheetVersion, Signature
from bidding.evaluation.panel_models import LeaderVote
from bidding.evaluation.rules import Step
from market.awards.models import Proposal
from tests import cast
from tests.browser.test_negotiation import at as at
from tests.browser.test_negotiation import looked_at, visitor_of
from tests.browser.visitor import Visitor
from tests.make import evaluation as make
from tests.make import experts

PASTE = """(text) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  const options = {clipboardData: data, bubbles: true, cancelable: true};
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", options));
}"""
# The grid has a row for each of two factors and a column for each of three bids, in the order of their codes.
POINTS = [["30", "28", "26"], ["20", "18", "16"]]


class Member:
    """One member at a browser of his own."""

    def __init__(self, browser: Browser, base: str, row: Evaluation, seat_no: int) -> None:
        self.seat_no = seat_no
        [seat] = [seat for seat in make.members(row) if seat.seat_no == seat_no]
        self.visitor: Visitor = visitor_of(browser, base, experts.person_of(seat))
        self.page: Page = self.visitor.page
        self.page.goto(f"{base}/projects/{row.project.number}/evaluation/")

    def sees(self, *words: str) -> None:
        for text in words:
            expect(self.page.locator("main")).to_contain_text(text)

    def sees_nothing_of(self, *words: str) -> None:
        for text in words:
            expect(self.page.locator("main")).not_to_contain_text(text)

    def again(self) -> None:
        self.page.reload()

    def signs_in(self) -> None:
        self.sees_nothing_of(cast.NAMES[cast.HETAO])  # who bids is not his to know before
        self.page.check("#promised")
        self.page.click("button[form=sign-in]")
        self.sees(cast.NAMES[cast.HETAO], cast.NAMES[cast.WULIANG])

    def declares(self) -> None:
        self.page.click("button:text-is('我声明并遵守')")
        self.sees("推选评审组长")

    def elects(self, seat_no: int) -> None:
        self.page.check(f"[name=seat][value='{seat_no}']")
        self.hands_in("elect")

    def reviews(self) -> None:
        for box in self.page.locator("#review [value=yes]").all():
            box.check()
        expect(self.page.locator("[data-saved]")).to_contain_text("已保存")
        self.hands_in("review")

    def cells(self) -> list[str]:
        return [cell.input_value() for cell in self.page.locator("input[data-column]").all()]

    def pastes(self, points: list[list[str]]) -> None:
        self.page.locator("input[data-column]").first.focus()
        self.page.evaluate(PASTE, "\r\n".join("\t".join(line) for line in points))

    def types(self, points: list[list[str]]) -> None:
        """By keyboard alone: the digits, then an arrow or Enter to the next cell."""
        self.page.locator("input[data-column]").first.focus()
        for n, line in enumerate(points):
            for each in line if n % 2 == 0 else line[::-1]:
                self.page.keyboard.type(each)
                self.page.keyboard.press("ArrowRight" if n % 2 == 0 else "ArrowLeft")
            if n % 2 == 0:  # the last step to the right has gone into the next line
                for _ in line[1:]:
                    self.page.keyboard.press("ArrowRight")

    def kept(self) -> None:
        expect(self.page.locator("[data-saved]")).to_contain_text("已保存")

    def locks(self) -> None:
        self.page.check("#confirmed")
        self.page.click("button:text-is('锁定评分')")
        self.page.wait_for_load_state()

    def signs(self, dissent: str = "") -> None:
        self.again()
        self.sees("评审报告", "79.70", "76.00", "65.76")
        if dissent:
            self.page.fill("#dissent", dissent)
        self.hands_in("sign")

    def hands_in(self, form: str) -> None:
        button = self.page.locator(f"button[form={form}]:not([formaction])")
        button.click()
        expect(button).to_have_count(0)


@pytest.mark.timeout(300)
@pytest.mark.django_db(transaction=True)
def test_five_members_judge_in_five_browsers_and_one_is_cut_off_while_he_scores(
    browser: Browser, live_server, at: Callable[..., None]
) -> None:
    row = make.seated()
    at(make.LATER)
    base = live_server.url
    with ExitStack() as open_browsers:
        members = [Member(browser, base, row, n) for n in range(1, 6)]
        for each in members:
            open_browsers.callback(each.visitor.leave)

        looked_at(members[0].visitor, "panel-sign-in")
        for each in members:
            each.signs_in()
        last = members.pop()
        last.page.click("summary:text-is('我要回避')")
        last.page.fill("#reason", "两年前任职于其中一家投标人")
        last.page.click("button[form=recuse]")
        last.page.wait_for_url("**/invitations/**")
        panel = row.project.number
        for each in members:
            each.declares()
        [reserve] = experts.invited(make.panels.panel(panel))
        experts.answers(reserve, at=make.LATER)
        taken = ({seat.seat_no for seat in make.members(row)} - {each.seat_no for each in members}).pop()
        members.append(Member(browser, base, row, taken))
        open_browsers.callback(members[-1].visitor.leave)
        members[-1].signs_in()
        members[-1].declares()
        judge(row, members)
        for each in members:
            assert [wrong for wrong in each.visitor.wrongs if "INTERNET_DISCONNECTED" not in wrong] == []


def judge(row: Evaluation, members: list[Member]) -> None:
    first, second, cut, fourth, fifth = members
    for each in members:
        each.elects(second.seat_no)
    assert LeaderVote.objects.count() == 5
    second.again()
    second.sees("评审组长", "符合性审查")
    looked_at(second.visitor, "panel-review")
    for each in members:
        each.again()
        each.reviews()
    for each in members:
        each.again()
        each.sees("尚有 6 格未评")
    looked_at(first.visitor, "panel-scores")

    first.types(POINTS)
    first.kept()
    assert first.cells() == [*POINTS[0], *POINTS[1]]
    for each in (second, fourth):
        each.pastes(POINTS)
        each.kept()
    fifth.pastes([["30", "28", "25"], POINTS[1]])  # the last bid's objective factor differently
    fifth.kept()

    cut.pastes([POINTS[0]])
    cut.kept()
    cut.page.context.set_offline(True)
    cut.page.locator("input[data-column]").nth(3).focus()
    cut.page.keyboard.type("20")
    expect(cut.page.locator("[data-saved]")).to_contain_text("未能保存，正在重试")
    assert Evaluation.objects.get().sheets.get(seat__seat_no=cut.seat_no).scores[cast.HETAO] == {"f1": "30"}
    cut.page.context.set_offline(False)
    cut.kept()  # by itself, as soon as the line is there again
    cut.again()
    assert cut.cells() == [*POINTS[0], "20", "", ""]
    cut.page.locator("input[data-column]").nth(3).focus()
    cut.page.evaluate(PASTE, "\t".join(POINTS[1]))
    expect(cut.page.locator("[data-left]")).to_contain_text("全部已评")
    cut.kept()

    for each in members:
        each.locks()
        if each is not fifth:
            each.sees("您这一步已完成")
            each.sees_nothing_of("号：", "合计")  # neither points nor sums of anybody
    assert SheetVersion.objects.count() == 5

    for each in (first, fifth):
        each.again()
        each.sees("客观项评分不一致", "5 号：25")
    looked_at(fifth.visitor, "panel-dispute")
    assert Evaluation.objects.get().step == Step.DISPUTE
    fifth.page.fill("#why", "漏看了一项证书")
    fifth.page.click("button[form=reopen]")
    fifth.sees("复核客观项")
    assert fifth.page.locator("input[data-column]:not([readonly])").count() == 1
    fifth.page.fill("input[data-column]:not([readonly])", "26")
    fifth.kept()
    fifth.locks()
    assert Evaluation.objects.get().step == Step.SIGNING

    first.again()
    looked_at(first.visitor, "panel-report")
    for each in members:
        each.signs("第二家的方案更好" if each is first else "")
    assert list(Signature.objects.exclude(dissent="").values_list("dissent", flat=True)) == ["第二家的方案更好"]
    ranked = Proposal.objects.get().content["bids"]
    assert sorted(bid["rank"] for bid in ranked) == [1, 2, 3]
    assert Evaluation.objects.get().step == Step.DONE
