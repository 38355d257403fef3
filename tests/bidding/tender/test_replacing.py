"""Another holder in one's place: before publication with a new trial, afterwards never."""

import pytest

from bidding.tender import committees, queries
from bidding.tender.rules import CommitteeState
from market.projects.rules import Stage
from proofs import manifest
from rulebook.refusal import Refused
from tests import cast
from tests.bidding.tender import act
from tests.make import accounts, bidding, holding

pytestmark = pytest.mark.django_db


def replace(number: str, leaving: str = cast.NOTARY, entering: str = cast.BUREAU, by=cast.OFFICER) -> None:
    committees.replace_holder(project_number=number, leaving=leaving, entering=entering, by=by, at=act.START)


def test_a_holder_is_replaced_the_manifest_drawn_anew_and_the_trial_opened_again():
    holding.stand(*act.HOLDERS, cast.BUREAU)
    tender = act.complete()
    number = tender.project.number
    before = {part: queries.committee(tender, part).cmh for part in tender.parts}

    replace(number)

    for part in tender.parts:
        assert queries.committee(tender, part).state == CommitteeState.WANTED
        act.post(tender, part, cast.BUREAU)
        committee = queries.committee(tender, part)
        made = manifest.parse(queries.kcm_bytes(committee))
        assert [member.org for member in made.c.members] == [cast.BUYER, cast.CENTRE, cast.BUREAU]
        assert committee.cmh != before[part]
        # An answer to the old dummy is none to the new one.
        assert not committee.members.exclude(trial=None).exists()
        for code in (cast.BUYER, cast.CENTRE, cast.BUREAU):
            said = act.release(tender, part, code)
            committees.rehearse_release(project_number=number, statement=said, at=act.START)
        assert queries.committee(tender, part).state == CommitteeState.READY


@pytest.mark.embedded
def test_a_replacement_keeps_all_three_sides_and_is_the_officers():
    holding.stand(*act.HOLDERS, cast.BUREAU)
    number = act.complete().project.number

    for code, changed in {
        "keys.one-sided": {"leaving": cast.CENTRE},
        "keys.no-such-place": {"leaving": cast.BUREAU},
        "keys.no-roster": {"entering": cast.OTHER_BUYER},
        "project.not-officer": {"by": cast.OTHER_OFFICER},
    }.items():
        with pytest.raises(Refused, match=code):
            replace(number, **changed)


@pytest.mark.embedded
def test_in_approval_and_after_publication_it_is_refused_with_the_reason():
    holding.stand(*act.HOLDERS, cast.BUREAU)
    scheduled = act.scheduled()
    with pytest.raises(Refused, match="keys.in-approval"):
        replace(scheduled.project.number)

    published = bidding.tender(number="T-2026-009", stage=Stage.OPEN)
    with pytest.raises(Refused, match="keys.published"):
        replace(published.project.number)
    client = accounts.client_of(cast.OFFICER)
    told = {"leaving": cast.NOTARY, "entering": cast.BUREAU}
    assert client.post(f"/projects/{published.project.number}/edit/keys/replace", told).status_code == 409


@pytest.mark.embedded
def test_the_officer_does_it_on_the_draft():
    holding.stand(*act.HOLDERS, cast.BUREAU)
    number = act.complete().project.number
    client = accounts.client_of(cast.OFFICER)
    assert "更换一家保管人" in client.get(f"/projects/{number}/edit/").content.decode()
    told = {"leaving": cast.NOTARY, "entering": cast.BUREAU}
    assert client.post(f"/projects/{number}/edit/keys/replace", told).status_code == 302
    assert cast.NAMES[cast.BUREAU] in client.get(f"/projects/{number}/edit/").content.decode()
