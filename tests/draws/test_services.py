import pytest
from django.db import connection, transaction

from draws import queries, services
from draws.models import Draw, DrawMessage
from draws.rules import Phase
from ledger.models import Entry, Log
from proofs import canonical, statement
from proofs import draw as arithmetic
from rulebook.refusal import Refused
from rulebook.times import iso
from tests import cast, final
from tests.cast import MINUTE, NOON
from tests.make import accounts
from tests.make import draws as make

pytestmark = [pytest.mark.embedded, pytest.mark.django_db]


def kinds(draw):
    return list(
        Entry.objects.filter(log=Log.PUBLIC, stream=draw.stream, kind__startswith="draw.")
        .order_by("seq").values_list("kind", flat=True)
    )  # fmt: skip


@pytest.mark.both
def test_a_draw_of_three_ends_in_a_result_that_anyone_computes_again():
    draw = make.settled(make.draw())

    again = arithmetic.conclude(queries.spec(draw), draw.pool, queries.messages(draw))
    assert draw.seed == again.seed.hex()
    assert draw.result == again.result
    assert len(draw.result[0]["chosen"]) == 5
    assert kinds(draw) == [
        "draw.announced", *["draw.key"] * 3, "draw.spec", "draw.pool-attested", *["draw.committed"] * 3, "draw.dealt",
        *["draw.deal"] * 3, "draw.fixed", *["draw.revealed"] * 3, "draw.result",
    ]  # fmt: skip


def test_nothing_recorded_says_who_is_in_the_pool():
    draw = make.settled(make.draw())

    said = " ".join(Entry.objects.filter(log=Log.PUBLIC).values_list("event", flat=True))
    for row in draw.openings:
        assert row["number"] not in said and row["salt"] not in said and row["employer"] not in said


def test_the_same_statement_again_changes_nothing():
    draw = make.draw()
    body = make.Contributor(draw, 1).keys(NOON)

    first = make.said(draw, body, at=NOON)
    again = make.said(draw, body, at=NOON + MINUTE / 10)

    assert first.pk == again.pk and kinds(draw).count("draw.key") == 1


def test_another_statement_of_the_same_kind_is_refused():
    draw = make.draw()
    people = make.until(draw, "commits", at=NOON)
    make.said(draw, people[0].commits(NOON), at=NOON)

    with pytest.raises(Refused, match="draw.already-said"):
        make.said(draw, people[0].commits(NOON), at=NOON)


def test_nobody_speaks_for_another():
    draw = make.draw()
    thief = make.Contributor(draw, 1)
    thief.signer = accounts.signer(cast.CENTRE)

    with pytest.raises(Refused, match="draw.not-a-contributor"):
        make.said(draw, thief.keys(NOON), at=NOON)


def test_a_forged_signature_is_refused():
    draw = make.draw()
    body = make.Contributor(draw, 1).keys(NOON)
    body["statement"]["sig"] = canonical.b64u(bytes(64))

    with pytest.raises(Refused, match="statement.bad-signature"):
        make.said(draw, body, at=NOON)


def test_a_statement_about_another_draw_is_refused():
    draw = make.draw()
    other = make.draw(number="P-2")

    with pytest.raises(Refused, match="draw.other-draw"):
        make.said(draw, make.Contributor(other, 1).keys(NOON), at=NOON)


def test_nobody_commits_before_the_supervision_body_has_seen_the_pool():
    draw = make.draw()
    people = make.until(draw, "pool", at=NOON)

    with pytest.raises(Refused, match="draw.not-the-moment"):
        make.said(draw, people[0].commits(NOON), at=NOON)


@pytest.mark.parametrize("code", [cast.CENTRE, cast.BUYER])
def test_only_a_supervision_body_attests_the_pool(code):
    draw = make.draw()
    make.until(draw, "pool", at=NOON)
    told = statement.sign("pool/1", {"pool_sha256": draw.pool_sha256}, by=accounts.signer(code), ts=iso(NOON))

    with pytest.raises(Refused, match="draw.not-a-contributor"):
        make.said(draw, {"statement": told}, at=NOON)


@pytest.mark.both
def test_deals_wait_until_the_commitments_are_in_a_checkpoint():
    draw = make.draw()
    people = make.until(draw, "deals", at=NOON)

    with pytest.raises(Refused, match="draw.not-witnessed-yet"):
        make.said(draw, people[0].deals(NOON), at=NOON)

    make.witnessed(draw, NOON)
    make.said(draw, people[0].deals(NOON), at=NOON)


def test_the_window_begins_when_the_gate_opens():
    draw = make.draw()
    make.until(draw, "deals", at=NOON)

    make.witnessed(draw, NOON + 5 * MINUTE)

    assert make.draw_row(draw).ends_at == NOON + 6 * MINUTE


def test_a_deal_that_is_not_the_committed_one_is_refused():
    draw = make.draw()
    people = make.until(draw, "deals", at=NOON)
    make.witnessed(draw, NOON)
    people[0].deal_text = arithmetic.make_deal(people[0].spec, 1, arithmetic.random_coefficients(people[0].spec))

    with pytest.raises(Refused, match="draw.deal-not-committed"):
        make.said(draw, people[0].deals(NOON), at=NOON)


@pytest.mark.both
def test_a_reveal_that_does_not_match_is_refused_and_the_liar_is_recovered():
    draw = make.draw()
    people = make.until(draw, "reveals", at=NOON)
    make.witnessed(draw, NOON)
    truth = people[2].coefficients
    people[2].coefficients = arithmetic.random_coefficients(people[2].spec)

    with pytest.raises(Refused, match="draw.reveal-differs"):
        make.said(draw, people[2].reveals(NOON), at=NOON)

    for honest in people[:2]:
        make.said(draw, honest.reveals(NOON), at=NOON)
    later = NOON + 2 * MINUTE
    services.advance(draw_id=draw.pk, by=cast.SYSTEM, at=later)
    assert make.draw_row(draw).phase == Phase.RECOVERY
    for honest in people[:2]:
        make.said(draw, honest.slot_key(3, later), at=later)
    done = make.draw_row(draw)
    assert done.phase == Phase.SETTLED
    values = {1: people[0].coefficients[0], 2: people[1].coefficients[0], 3: truth[0]}
    assert done.seed == arithmetic.seed(queries.spec(done), values).hex()


def test_silence_after_the_others_have_revealed_changes_nothing():
    draw = make.draw()
    people = make.until(draw, "reveals", at=NOON)
    make.witnessed(draw, NOON)
    for person in people[1:]:
        make.said(draw, person.reveals(NOON), at=NOON)
    later = NOON + 2 * MINUTE
    services.advance(draw_id=draw.pk, by=cast.SYSTEM, at=later)
    for person in people[1:]:
        make.said(draw, person.slot_key(1, later), at=later)

    values = {person.j: person.coefficients[0] for person in people}
    assert make.draw_row(draw).seed == arithmetic.seed(queries.spec(draw_again(draw)), values).hex()


def draw_again(draw):
    return Draw.objects.get(pk=draw.pk)


def test_a_slot_key_is_refused_between_the_fixing_and_the_end_of_the_reveal_window():
    draw = make.draw()
    people = make.until(draw, "reveals", at=NOON)
    make.witnessed(draw, NOON)

    with pytest.raises(Refused, match="draw.not-the-moment"):
        make.said(draw, people[0].slot_key(2, NOON), at=NOON)


@pytest.mark.both
def test_a_complaint_against_a_good_share_is_unfounded():
    draw = make.draw()
    people = make.until(draw, "complaints", at=NOON)

    with pytest.raises(Refused, match="draw.complaint-unfounded"):
        make.said(draw, people[0].slot_key(2, NOON), at=NOON)


@pytest.mark.both
def test_a_dealer_who_cheats_a_holder_is_proven_and_excluded():
    draw = make.draw()
    people = make.until(draw, "commits", at=NOON)
    cheat = people[1]
    cheat.commits(NOON)
    deal = canonical.parse(cheat.deal_text.encode())
    deal["s"][0]["m"] = "00" * 32
    cheat.deal_text = canonical.dumps(deal).decode()
    h = arithmetic.deal_commitment(cheat.spec, 2, cheat.deal_text)
    make.said(draw, cheat.says("dc/1", {"sid": cheat.spec.sid.hex(), "h": h}, NOON), at=NOON)
    for person in (people[0], people[2]):
        make.said(draw, person.commits(NOON), at=NOON)
    make.until(draw, "complaints", at=NOON, people=people)
    make.said(draw, people[0].slot_key(2, NOON), at=NOON)

    services.advance(draw_id=draw.pk, by=cast.SYSTEM, at=NOON + MINUTE)

    assert make.draw_row(draw).dealers == [1, 3]
    assert "draw.complained" in kinds(draw)


@pytest.mark.both
def test_a_draw_goes_on_without_one_contributor_and_not_without_two():
    draw = make.draw()
    people = make.until(draw, "commits", at=NOON)
    for person in people[:2]:
        make.said(draw, person.commits(NOON), at=NOON)
    services.advance(draw_id=draw.pk, by=cast.SYSTEM, at=NOON + 2 * MINUTE)
    assert make.draw_row(draw).phase == Phase.DEALS

    other = make.draw(number="P-2")
    people = make.until(other, "commits", at=NOON)
    make.said(other, people[0].commits(NOON), at=NOON)
    services.advance(draw_id=other.pk, by=cast.SYSTEM, at=NOON + 2 * MINUTE)
    assert make.draw_row(other).phase == Phase.VOID
    assert kinds(other)[-1] == "draw.void"


@pytest.mark.both
def test_a_second_draw_needs_the_first_to_be_over_and_a_reason():
    draw = make.draw()
    with pytest.raises(Refused, match="draw.one-at-a-time"):
        make.draw(reason="换一批")
    make.settled(draw)
    with pytest.raises(Refused, match="draw.second-without-reason"):
        make.draw()

    assert make.draw(reason="候补已用尽").pk == "P-1/panel/2"


def test_a_settled_draw_cannot_be_spoken_to_or_moved():
    draw = make.settled(make.draw())
    person = make.Contributor(draw, 1)

    with pytest.raises(Refused, match=r"draw\.(over|already-said)"):
        make.said(draw, person.slot_key(2, NOON), at=NOON)
    services.advance(draw_id=draw.pk, by=cast.SYSTEM, at=NOON + 10 * MINUTE)
    assert kinds(draw).count("draw.result") == 1


def test_a_contributor_without_a_registered_key_cannot_be_called():
    accounts.world()
    pool, behind = make.pool()

    with pytest.raises(Refused, match="draw.contributor-without-key"), transaction.atomic():
        services.announce(
            project_number="P-9", purpose="panel", stream="project/P-9", contributors=make.CONTRIBUTORS,
            strata=[{"key": "A-it", "need": 5, "standby": 5, "name": "x"}], max_per_org=1, pool=pool, openings=behind,
            windows=make.WINDOWS, by=cast.OFFICER, at=NOON,
        )  # fmt: skip
    assert not Draw.objects.exists()


@pytest.mark.both
def test_the_openings_are_for_the_supervision_body_and_each_look_is_on_the_sealed_log():
    draw = make.draw()

    with pytest.raises(Draw.DoesNotExist):
        services.show_openings(draw_id=draw.pk, by=cast.OFFICER, at=NOON)
    shown = services.show_openings(draw_id=draw.pk, by=cast.SUPERVISOR, at=NOON)

    assert len(shown) == 12
    assert Entry.objects.filter(log=Log.SEALED, kind="draw.openings-read").count() == 1
    assert not Entry.objects.filter(log=Log.PUBLIC, kind="draw.openings-read").exists()


def test_messages_are_kept_as_they_came():
    draw = make.settled(make.draw())

    assert DrawMessage.objects.filter(draw=draw).count() == 13
    assert queries.transcript(draw)["statements"][0]["v"] == "dk/1"


@pytest.mark.both
@pytest.mark.parametrize("change", [
    "UPDATE draws_drawmessage SET j = 2", "DELETE FROM draws_drawmessage",
])  # fmt: skip
def test_the_database_refuses_to_change_what_a_contributor_said(change):
    draw = make.draw()
    make.said(draw, make.Contributor(draw, 1).keys(NOON), at=NOON)

    with final.refused(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
