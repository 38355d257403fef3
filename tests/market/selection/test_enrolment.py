"""Enrolling: one click, sealed until the deadline, everything against it at once, the list committed to."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from ledger import blobs, keys
from ledger.models import Entry, Log
from market.projects.models import Project
from market.projects.rules import Stage
from market.selection import pages, queries, services, tasks
from market.selection.models import Enrolment
from proofs import canonical, entrants, note
from proofs.__main__ import main
from rulebook.actor import SYSTEM
from rulebook.refusal import Refused
from tests import cast
from tests.cells import cell
from tests.make import accounts, blacklist, choices
from tests.make.ledger import sequenced

pytestmark = pytest.mark.django_db
BEFORE = choices.CLOSES - cast.HOUR
MICRO = cast.MINUTE / 60_000_000


def refused(act, **told) -> list[str]:
    with pytest.raises(Refused) as caught:
        act(**told)
    return [reason.code for reason in caught.value.reasons]


def public(project: Project) -> list[dict]:
    rows = Entry.objects.filter(log=Log.PUBLIC, stream=project.log).order_by("seq")
    return [json.loads(row.event) for row in rows]


def test_one_click_enrols_and_the_receipt_names_what_the_sealed_log_holds():
    project = choices.open_choice(firms=1)

    row = services.enrol(number=project.number, by=cast.PROVIDER, at=BEFORE)

    leaf = canonical.sha256(b"\0", bytes(row.entry.leaf)).hex()
    assert note.parse(row.receipt).text.endswith(f"leaf sha256:{leaf}\n")
    assert (row.entry.log, public(project)) == (Log.SEALED, [])
    assert entrants.leaf_of(json.loads(row.entry.event), bytes(row.entry.nonce)).hex() == leaf


def test_the_receipt_prints_for_its_firm_alone_with_a_code_that_leads_to_the_check():
    project = choices.open_choice(firms=2)
    services.enrol(number=project.number, by=cast.PROVIDER, at=BEFORE)
    path = f"/purchases/{project.number}/enrol/receipt.pdf"

    told = pages.paper(project, viewer=cast.PROVIDER, check="https://here/verify/receipt/")
    assert [each["what"] for each in told["receipts"]] == ["报名回执"] and "svg" in told["receipts"][0]["code"]
    assert note.parse(told["receipts"][0]["note"]).text.startswith("enrolment/v1\n")
    mine = accounts.client_of(cast.PROVIDER).get(path)
    assert mine.content.startswith(b"%PDF") and mine["Cache-Control"] == "no-store"
    assert path in accounts.client_of(cast.PROVIDER).get(f"/purchases/{project.number}/enrol/").content.decode()
    assert accounts.client_of(cast.RIVAL).get(path).status_code == 404  # no matter whether anybody enrolled
    assert accounts.client_of(cast.STRANGER).get(path).status_code == 302


def test_the_same_twice_counts_once_and_a_withdrawn_firm_may_come_back():
    project = choices.open_choice(firms=1)
    act = {"number": project.number, "by": cast.PROVIDER}
    first = services.enrol(**act, at=BEFORE)

    assert services.enrol(**act, at=BEFORE + cast.MINUTE) == first
    services.withdraw(**act, at=BEFORE + cast.MINUTE)
    assert refused(services.withdraw, **act, at=BEFORE + cast.MINUTE) == ["enrolment.none"]
    assert queries.live(project) == []
    again = services.enrol(**act, at=BEFORE + 2 * cast.MINUTE)

    assert (again.version, queries.live(project)) == (2, [again])
    assert Enrolment.objects.count() == 2


def test_the_deadline_itself_is_too_late():
    project = choices.open_choice(firms=2)
    services.enrol(number=project.number, by=cast.PROVIDER, at=choices.CLOSES - MICRO)

    for act, by in ((services.enrol, cast.RIVAL), (services.withdraw, cast.PROVIDER)):
        assert refused(act, number=project.number, by=by, at=choices.CLOSES) == ["enrolment.late"]
    tasks.close_enrolment(by=SYSTEM, at=choices.CLOSES + cast.MINUTE)
    late = {"number": project.number, "by": cast.RIVAL, "at": choices.CLOSES - MICRO}
    assert refused(services.enrol, **late) == ["enrolment.late"]


def test_everything_against_a_firm_is_said_at_once():
    excluded = [{"org": cast.HETAO, "name": "河套仪器有限公司", "reason": "参与了本项目的前期编制"}]
    project = choices.open_choice(firms=0, excluded=excluded)
    choices.certified(cast.PROVIDER, days=-1)
    accounts.world()
    blacklist.sanction(**choices.BAN)
    act = {"number": project.number, "at": BEFORE}

    assert set(refused(services.enrol, by=cast.PROVIDER, **act)) == {
        "provider.expired", "blacklist.banned", "gate.excluded",
    }  # fmt: skip
    assert refused(services.enrol, by=cast.RIVAL, **act) == ["provider.not-entered"]
    assert refused(services.enrol, by=cast.OFFICER, **act) == ["enrolment.not-provider"]
    page = accounts.client_of(cast.PROVIDER).get(f"/purchases/{project.number}/enrol/").content.decode()
    assert "参与了本项目的前期编制" in page and "到期" in page and 'aria-disabled="true"' in page


def test_the_closing_commits_to_the_list_and_then_tells_it_with_proofs(tmp_path):
    project = choices.closed(choices.open_choice(), *choices.FIRMS[:3])

    closing, told, *_ = public(project)
    assert (closing["t"], told["t"]) == ("selection.enrolment-closed", "selection.entrants-published")
    listed = canonical.parse(blobs.read(told["d"]["sha256"]))
    assert entrants.why_not_entrants(listed) == ()
    assert (listed["closing"], listed["sealed_log"]) == (closing["d"]["closing"], closing["d"]["sealed_log"])
    assert queries.entrants(project) == sorted(firm.organisation for firm in choices.FIRMS[:3])
    body = accounts.client_of(cast.STRANGER).get(f"/purchases/{project.number}/choice/entrants.json").content
    assert canonical.parse(body) == listed
    file = tmp_path / "entrants.json"
    file.write_bytes(body)
    assert main(["verify-entrants", str(file), "--vkey", keys.verifier("sealed").vkey]) == 0
    file.write_bytes(body.replace(cast.HETAO.encode(), cast.LANGSHAN.encode()))
    assert main(["verify-entrants", str(file)]) == 1


def test_a_list_that_was_changed_does_not_hold():
    project = choices.closed(choices.open_choice(), *choices.FIRMS[:3])
    listed = canonical.parse(blobs.read(queries.closing(project).published))

    fewer = {**listed, "live": listed["live"][1:]}
    late = {**listed, "deadline": listed["live"][0]["event"]["d"]["received"]}
    other = json.loads(json.dumps(listed))
    other["live"][0]["event"]["d"]["org"] = other["live"][0]["org"] = cast.LANGSHAN
    for told in (fewer, late, other, {**listed, "nonce": "00" * 32}, {}):
        assert entrants.why_not_entrants(told)


@pytest.mark.parametrize(
    ("edition", "fund", "count", "goes_on"),
    [
        ("zjcs-random", "own", 1, True), ("zjcs-random", "fiscal", 2, False), ("zjcs-auction", "own", 1, False),
    ],
)  # fmt: skip
def test_with_too_few_it_fails_and_the_names_stay_sealed(edition, fund, count, goes_on):
    project = choices.closed(choices.open_choice(edition=edition, fund=fund), *choices.FIRMS[:count])

    kinds = [fact["t"] for fact in public(project)]
    assert (project.stage == Stage.OPEN) is goes_on
    assert ("selection.entrants-published" in kinds) is goes_on
    if not goes_on:
        told = json.dumps(public(project), ensure_ascii=False) + json.dumps(project.end_reasons, ensure_ascii=False)
        assert not any(cast.NAMES[firm.organisation] in told for firm in choices.FIRMS)
        page = accounts.client_of(cast.OFFICER).get(f"/purchases/{project.number}/choice/").content.decode()
        assert "名单不公布" in page and cast.NAMES[cast.HETAO] not in page


def test_in_an_auction_the_house_knows_who_may_quote_and_nobody_else_does():
    project = choices.closed(choices.open_choice(edition="zjcs-auction", auction=None), *choices.FIRMS[:3])

    assert len(queries.entrants(project)) == 3
    assert queries.shown(project) is None
    assert [fact["t"] for fact in public(project)] == ["selection.enrolment-closed"]
    assert accounts.client_of(cast.STRANGER).get(f"/purchases/{project.number}/choice/entrants.json").status_code == 404
    services.publish_entrants(number=project.number, by=SYSTEM, at=choices.SELECTS)
    assert len(queries.shown(project)) == 3


@cell("lots", "simultaneous")
@cell("credit", "simultaneous")  # one door for both
@pytest.mark.django_db(transaction=True)
def test_who_enrols_twice_at_once_is_enrolled_once_and_others_beside_it_too():
    project = choices.open_choice(firms=3)
    firms = [cast.PROVIDER, cast.PROVIDER, cast.RIVAL, cast.PROVIDER, cast.THIRD]

    def act(firm) -> None:
        services.enrol(number=project.number, by=firm, at=BEFORE)
        connection.close()

    with ThreadPoolExecutor(len(firms)) as pool:
        list(pool.map(act, firms))

    assert [row.organisation for row in queries.live(project)] == sorted({firm.organisation for firm in firms})
    assert Enrolment.objects.count() == 3


def test_closing_twice_changes_nothing():
    project = choices.closed(choices.open_choice(), *choices.FIRMS[:3])
    before = public(project)

    for _ in range(2):
        tasks.close_enrolment(by=SYSTEM, at=choices.CLOSES + 2 * cast.MINUTE)
        sequenced(at=choices.CLOSES + 2 * cast.MINUTE)

    assert public(project) == before
