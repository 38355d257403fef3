"""The signed decision of a served case: set, signed and put into the log once; the same bytes ever after."""

import uuid
from datetime import datetime

from django.db import transaction

from blacklist.cases import files, papers, queries
from blacklist.cases.events import CASES
from blacklist.cases.models import Case, DecisionPaper
from documents import signing, typesetting
from documents.issued import queries as issued_of
from documents.issued import services as issued
from documents.issued.models import Issued
from rulebook.actor import Actor, Role
from rulebook.refusal import Kind, Reason, Refused


def issue_decision(*, case: Case, by: Actor, at: datetime) -> Issued:
    """Issue the decision of a served case to its party; whoever asks again gets the one there is. Its log names nobody.

    Refused to anybody but the platform's own tick: nobody chooses when a party has its decision.
    Law: 行政处罚法 第59条, 第61条; 电子签名法 第13条.
    """
    if by.role is not Role.SYSTEM:
        raise Refused(Reason("cases.not-system", Kind.NOT_YOURS, "决定书由平台自动签发"))
    public_id, file = uuid.uuid4(), queries.file_of(case)
    if file.served_at is None or file.decided_at is None:
        raise ValueError("nothing was served")
    certificate = signing.fingerprint(signing.der_of(signing.certificate(at=at)))
    told = papers.content(case, file, check=issued_of.check_page(public_id), certificate=certificate)
    # Set and signed before the case is held: nobody waits for a printer.
    pdf = signing.sign(typesetting.pdf(papers.TEMPLATE, told, at=at), reason="签发平台处理决定书", at=at)
    with transaction.atomic():
        held = DecisionPaper.objects.select_for_update(of=("self",)).select_related("paper").get(case=case)
        if held.paper is not None:
            return held.paper
        held.paper = issued.issue(
            stream=CASES, about=f"case:{case.public_id}", title=f"处理决定书{files.number(case, at=file.decided_at)}",
            pdf=pdf, public_id=public_id, public=False, by=by, at=at,
        )  # fmt: skip
        held.save(update_fields=["paper"])
        return held.paper
