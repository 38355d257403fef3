"""Reads of a tender: its terms, its key holders, what it still lacks, what a provider took."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache, partial
from typing import Any, BinaryIO

from django.db.models import Q

from bidding.holding import queries as roster
from bidding.holding import rules as holding
from bidding.holding.rules import Candidate, by_default
from bidding.tender import batches, layouts, money, rules
from bidding.tender.models import Document, KeyCommittee, Taking, Tender
from bidding.tender.rules import CommitteeState
from ledger import blobs
from market.agency import queries as agency
from market.projects import again, policies
from market.projects import queries as projects
from market.projects import rules as project_rules
from market.projects.models import Project
from market.projects.rules import Category, Timetable
from notifier.asking import answer
from proofs import manifest as manifests
from proofs.manifest import Manifest
from rulebook.actor import Actor, Role
from rulebook.law import Article
from rulebook.refusal import Reason
from rulebook.times import iso

# What belongs to the draft itself, and what a published change brought; not what a change still proposes.
ANNOUNCED = Q(change=None) | Q(change__published_at__isnull=False)


def tender(number: str) -> Tender:
    """The tender of a project. Raises Tender.DoesNotExist."""
    return Tender.objects.select_related("project", "project__buyer").get(project__number=number)


def with_terms(numbers: Sequence[str]) -> list[str]:
    """Those of these projects that are tenders with a hall: what opens by itself has its own tick."""
    found = set(Tender.objects.filter(project__number__in=numbers).values_list("project__number", "policy"))
    return [number for number in numbers if (number, rules.POLICY) in found]


def closed_hall(project: Project) -> Article | None:
    """The article by which nobody learns who takes part before the result; None where the hall is open to all.

    What is published decides, not the procedure as the house has it now: key holders and everybody who verifies the
    record go by it, so a tender published before halls could be closed stays as it was announced.
    """
    law = project.procedure.closed_hall
    if law is None:
        return None
    terms = Tender.objects.filter(project=project).values_list("terms", flat=True).first()
    return law if terms is None or terms.get("closed_hall") is True else None


def unit(tender: Tender, part: str) -> dict[str, str]:
    """The unit bids of this part are sealed as."""
    return rules.unit(tender.project.number, part)


def committees(tender: Tender) -> dict[str, KeyCommittee]:
    """The key holders of each part, in the order in which parts are opened."""
    found = {each.part: each for each in KeyCommittee.objects.filter(tender=tender)}
    return {part: found[part] for part in tender.parts if part in found}


def committee(tender: Tender, part: str) -> KeyCommittee:
    """The key holders of one part. Raises KeyCommittee.DoesNotExist."""
    return KeyCommittee.objects.select_related("tender", "tender__project").get(tender=tender, part=part)


def threshold(tender: Tender) -> dict[str, int]:
    """How many holders there are and how many of them open: the same for every part."""
    first = next(iter(committees(tender).values()), None)
    return {"k": first.k, "n": first.n} if first else {"k": rules.THRESHOLD, "n": rules.HOLDERS}


def wanted_of(org: str) -> list[dict[str, Any]]:
    """What unpublished tenders wait for from a holder: its slot keys, or its key of the trial opening."""
    found: list[dict[str, Any]] = []
    rows = KeyCommittee.objects.exclude(state=CommitteeState.READY.value).select_related("tender__project")
    for row in rows.order_by("tender__project__publish_at", "part"):
        place = next((each["i"] for each in row.roster if each["org"] == org), None)
        if place is None:
            continue
        member = row.members.filter(organisation=org).first()
        told = {"number": row.tender.project.number, "part": row.part, "slots": row.slots, "i": place, "k": row.k}
        if row.state == CommitteeState.WANTED and member is None:
            found.append({**told, "do": "keys"})
        elif row.state == CommitteeState.TRIAL and member is not None and member.trial is None:
            found.append({**told, "do": "trial", "cmh": row.cmh, "eid": row.dummy["eid"]})
    return found


def kcm_bytes(committee: KeyCommittee) -> bytes:
    """The manifest's bytes; it lies at the public door under its own hash."""
    return published(committee.cmh)


@lru_cache(maxsize=16)  # 60 KiB each: more than are bid under at once would lie there for nothing
def manifest_of(cmh: str) -> Manifest:
    """The manifest with this hash, read and parsed once for all the envelopes sealed under it."""
    return manifests.parse(published(cmh))


def timetable(tender: Tender) -> Timetable:
    """When it is published, until when documents are supplied, when bids are due."""
    return Timetable(tender.project.publish_at, tender.supply_ends_at, tender.closes_at)


def own(number: str, *, viewer: Actor) -> Tender:
    """The tender of a project of the viewer's own house. Raises Tender.DoesNotExist for everybody else."""
    found = tender(number)
    if not found.project.is_officer(viewer):
        raise Tender.DoesNotExist
    return found


def document(project: Project, sha256: str, *, viewer: Actor) -> Document:
    """A version of a document of a project by its content; one that is not announced yet is its officers' alone.

    Raises Document.DoesNotExist. The caller has asked whether the project itself is the viewer's to see.
    """
    seen = Q() if project.is_officer(viewer) else ANNOUNCED
    found = Document.objects.filter(seen, tender__project=project, sha256=sha256).order_by("id").first()
    if found is None:
        raise Document.DoesNotExist
    return found


def open_document(document: Document) -> BinaryIO:
    """Its bytes, to be streamed."""
    return document.file.open("rb")


def documents(tender: Tender) -> list[Document]:
    """Its documents as they stand, in the order they were added."""
    return list(Document.objects.filter(ANNOUNCED, tender=tender, superseded_at=None).order_by("id"))


def superseded(tender: Tender) -> list[Document]:
    """The versions that later ones took the place of, newest first: they stay readable."""
    return list(Document.objects.filter(tender=tender).exclude(superseded_at=None).order_by("-superseded_at", "id"))


def missing(tender: Tender, *, at: datetime) -> tuple[Reason, ...]:
    """Everything the tender still lacks before it can be approved, all at once."""
    project = tender.project
    complete = project_rules.why_not_complete(
        category=Category(project.category),
        ground=project.ground,
        budget=project.budget,
        price_cap=project.price_cap,
        procedure=project.procedure,
        timetable=timetable(tender),
        at=at,
    )
    criteria = rules.why_not_criteria(
        procedure=project.procedure,
        category=Category(project.category),
        price_weight=tender.price_weight,
        small_deduction=tender.small_deduction,
        factors=tender.criteria,
        qualifications=tender.qualifications,
    )
    criteria += money.why_not_formula(procedure=project.procedure, formula=tender.formula)
    criteria += policies.why_not_policies(
        category=Category(project.category), policies=tender.policies or {}, small_deduction=tender.small_deduction,
        at=at,
    )  # fmt: skip
    criteria += rules.why_not_guarantee(procedure=project.procedure, guarantee=tender.guarantee, budget=project.budget)
    states = {part: each.state for part, each in committees(tender).items()}
    held = Document.objects.filter(tender=tender).count()
    ready = rules.why_not_ready(
        parts=tender.parts, states=states, documents=held, law=tender.project.procedure.documents
    )
    beyond = agency.why_not_cover(project) + complete
    return beyond + criteria + why_not_envelopes(tender) + why_not_lots(tender) + ready + why_not_again(project)


def why_not_again(project: Project) -> tuple[Reason, ...]:
    """What a purchase that buys a failed one again still has to say of it."""
    held = projects.followed(project)
    if held is None:
        return ()
    return again.why_not_said(
        held.said, before=held.before.procedure, row=project.procedure, category=held.before.category
    )


def again_content(project: Project) -> dict[str, Any]:
    """What the notice says of the failed purchase it follows; nothing where it is a first."""
    held = projects.followed(project)
    if held is None:
        return {}
    before = held.before
    told = {
        "project": before.number,
        "reasons": before.end_reasons,
        "analysis": held.analysis,
        "measures": held.measures,
        "law": str(again.law_of(before.procedure, before.category)),
    }
    return {"again": told | ({"approval": held.approval} if held.approval else {})}


def batch(tender: Tender) -> dict[str, Any] | None:
    """What the terms say of the batch a tender is a lot of; None for a purchase alone."""
    project = tender.project
    return {"number": project.batch, "lot": project.lot, "most": project.most_lots} if project.batch else None


def why_not_lots(tender: Tender) -> tuple[Reason, ...]:
    """Reasons against the lots of a batch as they stand together: one document, one deadline, one form."""
    lots = Tender.objects.filter(project__in=projects.lots(tender.project)).select_related("project")
    return batches.why_not_together([_lot(each) for each in lots.order_by("project__lot")])


def _lot(tender: Tender) -> batches.Lot:
    return batches.Lot(
        place=tender.project.lot,
        closes_at=tender.closes_at,
        publish_at=tender.project.publish_at,
        envelopes=tender.envelopes,
        most=tender.project.most_lots,
        documents=frozenset((each.name, each.sha256) for each in documents(tender)),
    )


def why_not_envelopes(tender: Tender) -> tuple[Reason, ...]:
    """Reasons against the tender's form of envelopes."""
    keyed = KeyCommittee.objects.filter(tender=tender).values_list("part", flat=True)
    allowed = tender.project.procedure.two_envelopes
    return layouts.why_not_envelopes(envelopes=tender.envelopes, allowed=allowed, keyed=set(keyed))


def candidates(project: Project) -> list[Candidate]:
    """The standing roster as this purchase sees it."""
    return roster.candidates(project.buyer_id)


def chosen(project: Project, holders: Sequence[str] = ()) -> list[Candidate]:
    """These holders in the order of the roster; without any, one of each side. Strangers to the roster are dropped."""
    known = candidates(project)
    return [each for each in known if each.org in holders] if holders else by_default(known)


def taking(tender: Tender, viewer: Actor) -> Taking | None:
    """What this viewer's organisation took, and nobody else's."""
    if viewer.role is not Role.PROVIDER or not viewer.organisation:
        return None
    return Taking.objects.filter(tender=tender, organisation=viewer.organisation).first()


def why_not_take(tender: Tender, *, by: Actor, at: datetime) -> tuple[Reason, ...]:
    """Reasons against taking the documents now."""
    return rules.why_not_take(stage=tender.project.stage, supply_ends_at=tender.supply_ends_at, by=by, at=at)


def why_not_request_keys(
    tender: Tender, *, holders: Sequence[str] = (), k: int = rules.THRESHOLD, by: Actor
) -> tuple[Reason, ...]:
    """Reasons against asking these key holders now; without any, those the roster offers by default."""
    project = tender.project
    return rules.why_not_request_keys(
        stage=project.stage,
        buyer=project.preparer,
        asked=bool(committees(tender)),
        chosen=chosen(project, holders),
        k=k,
        known={each.org for each in candidates(project)},
        by=by,
    )


def why_not_replace(tender: Tender, *, leaving: str, entering: str, by: Actor) -> tuple[Reason, ...]:
    """Reasons against putting another holder in one's place now."""
    project, first = tender.project, next(iter(committees(tender).values()), None)
    held = [each["org"] for each in first.roster] if first else []
    shut = holding.why_not_replace(
        stage=project.stage,
        in_approval=project.submitted_at is not None,
        buyer=project.preparer,
        holders=held,
        leaving=leaving,
        entering=entering,
        by=by,
    )
    if shut or first is None:
        return shut
    known = {each.org: each for each in candidates(project)}
    later = [entering if org == leaving else org for org in held]
    return holding.why_not_draw(chosen=[known[org] for org in later if org in known], k=first.k, known=known.keys())


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def published(sha256: str) -> bytes:
    """The bytes of a public blob. They may lie in a slow bucket: an act that `asks_first` holds nothing meanwhile."""
    return answer(f"blob {sha256}", partial(blobs.read, sha256))


def notice_content(tender: Tender) -> dict[str, Any]:
    """What the tender notice says besides who buys.

    Law: 87号令 第13条; 政府采购法实施条例 第30条.
    """
    project = tender.project
    ground = project.procedure.ground(project.ground)
    return {
        "method": project.procedure.title,
        "category": project.category,
        **({"ground": {"words": ground.words, "law": str(ground.law)}} if ground else {}),
        "item": project.item,
        "demand": project.demand,
        "budget": str(project.budget),
        "price_cap": str(project.price_cap),
        "qualifications": list(tender.qualifications),
        "supply": {
            "until": iso(tender.supply_ends_at),
            "price": "0",
            "how": "公告页面免费下载，无需登录；以供应商身份获取的，出具回执并接收更正通知",
        },
        "documents": [{"name": each.name, "size": each.size, "sha256": each.sha256} for each in documents(tender)],
        "deadline": iso(tender.closes_at),
        "opening": {"at": iso(tender.closes_at), "place": f"/projects/{project.number}/hall/"},
        "least_bidders": tender.min_bids,
        **({"quotes": "rounds" if project.procedure.talks else "once"} if project.procedure.form else {}),
        "scoring": {**tender.scoring, "factors": list(tender.factors)},
        "keys": {
            **threshold(tender),
            "units": {part: each.cmh for part, each in committees(tender).items()},
        },
        "guarantee": tender.guarantee,
        **({"leader": tender.leader} if tender.leader else {}),
        "terms_sha256": tender.terms_sha256,
        **({"batch": told} if (told := batch(tender)) else {}),
        "objection": project.procedure.objection.words,
        "remedy": project.procedure.remedy,
        **again_content(project),
    }
