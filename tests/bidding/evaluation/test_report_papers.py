"""The report as PDF and XLSX for those who may read it, with every sheet; recordings bound in by their hash."""

from io import BytesIO

import openpyxl
import pytest
from django.urls import reverse

from bidding.evaluation import recordings, scoring
from bidding.evaluation.panel_models import Recording
from ledger.models import Entry, Log
from rulebook.refusal import Refused
from tests import cast
from tests.make import accounts, experts
from tests.make import evaluation as make
from tests.make.evaluation import LATER

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]  # paper does not change with the engine
SHA = "ab" * 32


def files(recording, by=cast.OFFICER, sha256=SHA, what="venue", size=10):
    return recordings.file_recording(
        project_number=recording.project.number, what=what, sha256=sha256, size=size, kept_at="档案室 3 号柜", by=by,
        at=LATER,
    )  # fmt: skip


def test_the_report_is_on_paper_and_in_a_workbook_for_those_who_may_read_it():
    evaluation = make.locked(make.scoring_open())
    seats = make.members(evaluation)
    number = evaluation.project.number
    files(evaluation)
    with pytest.raises(Refused, match=r"recording\.filed"):
        files(evaluation, by=cast.SUPERVISOR)
    for wrong in ({"sha256": "AB" * 32}, {"what": "x"}, {"size": 0}):
        with pytest.raises(Refused, match=r"recording\.facts"):
            files(evaluation, **{"sha256": "cd" * 32} | wrong)
    with pytest.raises(Refused, match=r"recording\.not-yours"):
        files(evaluation, by=cast.RIVAL, sha256="cd" * 32)
    assert (
        Entry.objects.filter(log=Log.PUBLIC, kind="evaluation.recording-filed").count()
        == Recording.objects.count()
        == 1
    )

    def get(actor, kind):
        return accounts.client_of(actor).get(reverse(f"bidding:report_{kind}", args=[number]))

    for actor in (cast.OFFICER, cast.SUPERVISOR, cast.PROVIDER):
        assert (get(actor, "pdf").status_code, get(actor, "xlsx").status_code) == (404, 404), actor
    scoring.sign_report(project_number=number, dissent="=1+1 价格偏低", by=experts.person_of(seats[0]), at=LATER)
    assert get(experts.person_of(seats[0]), "pdf").content.startswith(b"%PDF")
    make.signed_rest(evaluation)
    assert get(cast.PROVIDER, "xlsx").status_code == 404
    sent = get(cast.OFFICER, "xlsx")
    assert sent["Content-Disposition"] == f'attachment; filename="{number}-report.xlsx"'
    book = openpyxl.load_workbook(BytesIO(sent.content))
    assert book.sheetnames == [
        "评审结果", "价格评审", "资格审查", "符合性审查", *[f"{n}号评分表" for n in range(1, 6)], "评审认定", "签署",
        "重新评分", "录音录像",
    ]  # fmt: skip
    told = [[cell.value for cell in line] for line in book["评审结果"].iter_rows()]
    assert told[1][:2] == [1, cast.NAMES[cast.YINSHAN]] and told[1][5] == 80
    sheet = [[cell.value for cell in line] for line in book["1号评分表"].iter_rows()]
    assert sheet[1][2:] == [30, 30, 30] and sheet[-1][0] == "合计" and sheet[-1][2:] == [50, 50, 50]
    dissent = book["签署"]["D2"]
    assert (dissent.value, dissent.data_type, book["签署"]["B2"].value) == ("=1+1 价格偏低", "s", "组长")
    assert book["录音录像"]["B2"].value == SHA
