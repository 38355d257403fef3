"""The award letter: set, signed and put into the log once; the same bytes ever after."""

import uuid
from datetime import datetime

from django.db import transaction

from documents import signing, typesetting
from documents.issued import services as issued
from documents.issued.models import Issued
from market.awards.models import Award, Letter
from market.contracts import pages
from market.projects import queries as projects
from rulebook.actor import Actor, Role
from rulebook.refusal import Kind, Reason, Refused

TEMPLATE = "market/awards/letter.typ"


def issue_letter(*, award: Award, by: Actor, at: datetime) -> Issued:
    """Issue the letter of an award; whoever asks again gets the one there is.

    Refused to anybody but the platform's own tick: nobody chooses when a winner has his letter.
    Law: 政府采购法实施条例 第43条; 电子签名法 第13条.
    """
    if by.role is not Role.SYSTEM:
        raise Refused(Reason("letter.not-system", Kind.NOT_YOURS, "通知书由平台自动签发"))
    public_id, terms = uuid.uuid4(), award.project.terms
    told = pages.letter(award, public_id=public_id, at=at)
    # Set and signed before the project is held: nobody waits for a printer.
    data = typesetting.pdf(TEMPLATE, told, at=at)
    pdf = signing.sign(data, reason=f"代{award.project.buyer.name}签发{terms.award}通知书", at=at)
    with transaction.atomic():
        project = projects.hold(award.project.number)
        letter = Letter.objects.select_related("paper").get(award=award)
        if letter.paper is not None:
            return letter.paper
        letter.paper = issued.issue(
            stream=project.log, about=f"award:{award.pk}", title=f"{terms.award}通知书", pdf=pdf, public_id=public_id,
            public=True, by=by, at=at,
        )  # fmt: skip
        letter.save(update_fields=["paper"])
        return letter.paper
