"""Sound and pictures of an evaluation, recorded elsewhere and bound in by their hash.

The hash is a public fact, so a recording shown later is the one that was filed, or it is not. The verifier has no line
for it: it decides no award, and whoever holds the file compares it with one command.
"""

import re
from datetime import datetime

from django.db import transaction

from bidding.evaluation import queries
from bidding.evaluation.events import RecordingFiled
from bidding.evaluation.panel_models import Recording
from ledger.services import record
from market.projects import queries as projects
from market.projects.sides import Work
from rulebook.actor import Actor, Role
from rulebook.law import Article
from rulebook.refusal import Kind, Reason, refuse_if

WHAT = {"venue": "评审现场", "seats": "评审席位", "screen": "操作画面", "call": "远程异地音视频"}
MOST = 100


def why_not_file(
    *,
    by: Actor,
    buyer: str,
    what: str,
    sha256: str,
    size: int,
    kept_at: str,
    filed: int,
    again: bool,
    law: Article | None,
) -> tuple[Reason, ...]:
    """Reasons against filing a recording: the buyer's officer or the supervision body, each file once.

    law: of the procedure.  Law: 87号令 第39条.
    """
    if by.role is not Role.SUPERVISOR and not (by.role is Role.OFFICER and by.organisation == buyer):
        return (Reason("recording.not-yours", Kind.NOT_YOURS, "由{terms.buyer}经办人或者监督人员登记"),)
    if what not in WHAT or not re.fullmatch(r"[0-9a-f]{64}", sha256) or size < 1 or not 0 < len(kept_at.strip()) <= 200:
        text = "请选择内容，并填写文件的 SHA-256（64 位小写十六进制）、字节数和保存处"
        return (Reason("recording.facts", Kind.NOT_VALID, text, law),)
    if again or filed >= MOST:
        return (Reason("recording.filed", Kind.NOT_VALID, "该文件已经登记，或者登记的文件过多", law),)
    return ()


@transaction.atomic
def file_recording(
    *, project_number: str, what: str, sha256: str, size: int, kept_at: str, by: Actor, at: datetime
) -> Recording:
    """Bind a recording in by its hash.  size: bytes.  kept_at: where the file is, for those who may hear it.

    Refused when it is neither the buyer's officer nor the supervision body, twice, or without its facts.
    """
    project = projects.hold_published(project_number)
    evaluation = queries.hold(project)
    rows = Recording.objects.filter(evaluation=evaluation)
    refuse_if(
        why_not_file(
            by=by, buyer=project.doer(Work.EVALUATE), what=what, sha256=sha256, size=size, kept_at=kept_at,
            filed=rows.count(), again=rows.filter(sha256=sha256).exists(), law=project.procedure.recordings,
        )
    )  # fmt: skip
    row = Recording.objects.create(
        evaluation=evaluation, what=what, sha256=sha256, size=size, kept_at=kept_at.strip(), by=by.organisation, at=at
    )
    record(RecordingFiled(stream=project.log, what=what, sha256=sha256, size=size), at=at)
    return row
