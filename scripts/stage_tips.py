"""Protected tips, one answered and one that waits; lists of others, one held and one that waits: of `scripts.stage`."""

from datetime import datetime

from blacklist.lists import services as lists
from blacklist.lists.models import ListIssue
from blacklist.lists.rules import HEAD, Gate
from market.projects.models import Project
from proofs import tip
from rulebook.actor import SYSTEM, Actor
from rulebook.calendar import day_in_china
from supervision.tips import services
from tests import cast
from tests.make import tips as make

Page = tuple[str, Actor, str]
OPENED = "T-2026-006"
ANSWERED, WAITING = tip.code_of(bytes([7] * 17)), tip.code_of(bytes([8] * 17))


def fill(now: datetime) -> None:
    """Both bodies stand; a day is over; one tip was acknowledged and answered."""
    make.standing(at=now - 9 * cast.DAY)
    make.tell(ANSWERED, "评标前有人打招呼", at=now - 9 * cast.DAY)
    services.acknowledge(public_id=make.held(ANSWERED), by=cast.SUPERVISOR, at=now - 8 * cast.DAY)
    make.answer(ANSWERED, "请说明时间和地点", seq=2, at=now - cast.DAY)
    make.tell(WAITING, "中标人与评委同学", at=now)
    services.open_held(public_id=make.held(WAITING), by=make.INSPECTOR, at=now)
    _lists(now)


def _lists(now: datetime) -> None:
    """One list is held, one waits for its second person; two bidders of an open purchase were looked up."""
    line = [cast.NAMES[cast.YINSHAN], cast.YINSHAN, "（2026）内08执1号", "有履行能力拒不履行", "2026-03-01", ""]
    told = {"source": "信用中国", "as_of": day_in_china(now), "file_name": "名单.xlsx", "sha256": "a" * 64}
    for key in ("enforcement", "tax"):
        row = lists.stage(key=key, table=[list(HEAD), line], **told, by=cast.SUPERVISOR, at=now)  # type: ignore[arg-type]
        if key == "enforcement":
            lists.confirm(public_id=row.public_id, by=cast.SECOND_SUPERVISOR, at=now)
    bodies = {code: cast.NAMES[code] for code in (cast.HETAO, cast.YINSHAN)}
    log = Project.objects.get(number=OPENED).log
    lists.look_up(about=log, gate=Gate.REVIEW, bodies=bodies, regime="B", by=SYSTEM, at=now)


def pages() -> list[Page]:
    """To write, to read, the roster, the desks of a body and of one that is late."""
    held = f"/tips/desk/{make.held(WAITING)}/"
    return [
        ("tips", cast.STRANGER, "/tips/"),
        ("tips", cast.PROVIDER, "/tips/"),
        ("tips-read", cast.STRANGER, "/tips/read/"),
        ("tips-recipients", cast.SUPERVISOR, "/tips/recipients/"),
        ("tips-desk", cast.SUPERVISOR, "/tips/desk/"),
        ("tip-held", cast.SUPERVISOR, held),
        ("lists", cast.STRANGER, "/lists/"),
        ("lists", cast.SUPERVISOR, "/lists/"),
        ("lists-import", cast.SUPERVISOR, "/lists/import/"),
        ("list-issue", cast.SECOND_SUPERVISOR, f"/lists/{ListIssue.objects.get(confirmed_at=None).public_id}/"),
        ("inquiries", cast.OFFICER, f"/projects/{OPENED}/inquiries/"),
    ]
