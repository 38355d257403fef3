"""Who bids together, as the workspace seals it: the verifier reads it, and what is wrong is said before sealing."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from proofs import consortium
from rulebook.credit_code import why_not_credit_code
from supervision.clues import reading
from tests import cast

ASKED = """async ({text, lead, names}) => {
  const c = await import("/static/bidding/submission/consortium.js");
  const files = names.map((name) => new File(["x"], name));
  const made = c.file(text, files);
  return {wrong: c.whyNot(text, lead, files).map(([id]) => id), file: made && await made.text(), name: made?.name};
}"""
AGREED = ["方案.pdf", "联合体协议（盖章）.pdf", f"consent-{cast.COLLEGE}.json", f"consent-{cast.YINSHAN}.json"]


def asked(page: Page, text: str, names: list[str] | None = None) -> dict[str, Any]:
    told: dict[str, Any] = page.evaluate(ASKED, {"text": text, "lead": cast.HETAO, "names": names or AGREED})
    return told


def test_members_written_by_line_become_the_file_that_is_read_at_the_opening(page: Page) -> None:
    told = asked(page, f"{cast.COLLEGE} 河套学院 监测 培训\n\n{cast.YINSHAN.lower()}，阴山公司，安装\n")

    assert told["wrong"] == [] and told["name"] == consortium.FILE
    found = consortium.parse(told["file"].encode(), lead=cast.HETAO, files=[*AGREED, consortium.FILE])
    assert [(one.org, one.name, one.work) for one in found.members] == [
        (cast.COLLEGE, "河套学院", "监测 培训"), (cast.YINSHAN, "阴山公司", "安装")
    ]  # fmt: skip
    assert found.agreement == AGREED[1]


def test_what_is_wrong_is_said_before_anything_is_sealed(page: Page) -> None:
    assert asked(page, "") == {"wrong": [], "file": None, "name": None}
    assert asked(page, f"{cast.COLLEGE[:-1]}X 学院 培训")["wrong"] == ["bid-members"]
    assert asked(page, f"{cast.COLLEGE} 学院")["wrong"] == ["bid-members"]
    assert asked(page, f"{cast.COLLEGE} 学院 培训", ["方案.pdf"])["wrong"] == ["bid-files", "bid-files"]
    assert asked(page, f"{cast.COLLEGE} 学院 培训", AGREED[:2])["wrong"] == ["bid-files"]
    assert asked(page, f"{cast.HETAO} 自己 全部", AGREED)["wrong"] == ["bid-members"]


def test_credit_codes_are_judged_alike_on_both_sides(page: Page) -> None:
    codes = [*cast.NAMES, *(code[:-1] + letter for code in cast.NAMES for letter in "0AY"), "", "9" * 18, "I" * 18]
    script = 'import("/static/bidding/submission/consortium.js")'
    mine = page.evaluate(f"async (codes) => {{ const c = await {script}; return codes.map(c.isCode); }}", codes)
    for code, good in zip(codes, mine, strict=True):
        assert good == (not why_not_credit_code(code)) or not code[2:8].isdigit()


def test_whom_to_call_becomes_a_file_the_house_reads_after_the_opening(page: Page, tmp_path: Path) -> None:
    told = page.evaluate("""async () => {
      const form = (await import("/static/bidding/submission/particulars.js")).particularsForm();
      const none = form.file();
      form.put({contact: " 周小二 ", phone: "0478-8220000", mail: "", account: "6222 0001"});
      const made = form.file();
      return {none, name: made.name, text: await made.text(), kept: form.typed()};
    }""")

    assert told["none"] is None and told["name"] == reading.PARTICULARS
    (tmp_path / told["name"]).write_text(told["text"])
    assert reading.particulars([tmp_path / told["name"]]) == told["kept"]
    assert told["kept"] == {"contact": "周小二", "phone": "0478-8220000", "mail": "", "account": "6222 0001"}
