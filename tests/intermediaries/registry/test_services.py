"""A provider's life in the register: by promise in, by date out of what has ended, everything it changes kept."""

import json
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import Message
from blacklist.cases.models import Case
from intermediaries.registry import correcting, keeping, leaving, promise, queries, renaming, services
from intermediaries.registry.models import NameSuffix, Practitioner, Provider, ProviderChange, Qualification, StaffClaim
from intermediaries.registry.rules import Finding, Need, Outcome, State, Wanted
from ledger.models import Entry
from proofs import canonical
from rulebook.actor import SYSTEM
from rulebook.calendar import day_in_china
from rulebook.refusal import Refused
from tests import cast
from tests.cast import DAY, NOON
from tests.make import accounts, registry
from tests.make import providers as make

pytestmark = pytest.mark.django_db
TODAY = day_in_china(NOON)
NEED = Need((Wanted("测绘资质", "乙级"),), staff=(("注册测绘师", 1),))


def facts(code=cast.HETAO):
    rows = Entry.objects.filter(stream=f"provider/{code}").order_by("seq")
    return [(row.kind, json.loads(row.event)["d"]) for row in rows]


def test_a_firm_enters_by_promise_at_once_and_what_it_signed_stands_in_the_log():
    row = make.entered()

    assert (row.state, row.edition) == (State.ENTERED, promise.EDITION)
    kind, told = facts()[-1]
    assert (kind, told["org"], told["sha256"]) == (
        "providers.entered", cast.HETAO, canonical.sha256(promise.text()).hex()
    )  # fmt: skip
    with pytest.raises(Refused, match="provider.state-not-now"):
        make.entered()
    assert not queries.why_not(cast.HETAO, need=Need(), on=TODAY)
    assert [r.code for r in queries.why_not(cast.YINSHAN, need=Need(), on=TODAY)] == ["provider.not-entered"]


def test_eligibility_ends_by_date_with_no_tick_and_the_firm_is_reminded_once_before():
    make.entered()
    make.qualified(days=20)
    make.employed(days=25)
    last = TODAY + timedelta(20)

    assert not queries.why_not(cast.HETAO, need=NEED, on=last)
    assert [r.code for r in queries.why_not(cast.HETAO, need=NEED, on=last + timedelta(1))] == ["provider.expired"]
    assert [services.remind(by=SYSTEM, at=NOON) for _ in range(2)] == [2, 0]
    told = Message.objects.filter(to_organisation=cast.HETAO).values_list("body", flat=True)
    assert any(f"有效期至{last:%Y-%m-%d}" in body for body in told) and any(
        "苏布德的注册测绘师" in body for body in told
    )
    made = make.qualified(days=900)  # the same number again: renewed
    assert not queries.why_not(cast.HETAO, need=NEED, on=TODAY + timedelta(25))
    assert Qualification.objects.get(struck_on=None) == made and Qualification.objects.count() == 2
    assert services.remind(by=SYSTEM, at=NOON) == 0


def test_a_person_practises_for_one_firm_only_and_a_certificate_is_one_firms():
    make.entered()
    make.entered(cast.RIVAL)
    who = make.employed()
    with pytest.raises(Refused, match="provider.employed-elsewhere"):
        make.employed(cast.RIVAL)
    with pytest.raises(Refused, match="provider.employed-here"):
        make.employed()
    with pytest.raises(IntegrityError), transaction.atomic():  # two at the same moment
        Practitioner.objects.create(
            provider=Provider.objects.get(organisation=cast.YINSHAN), name="苏布德", id_tag=who.id_tag, joined_on=TODAY
        )
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM intermediaries_practitioner")
        assert registry.id_number(1) not in str(cursor.fetchall())
    services.dismiss(code=cast.HETAO, person=who.pk, left_on=TODAY, by=cast.PROVIDER, at=NOON)
    make.employed(cast.RIVAL)  # with the same certificate

    make.qualified(number="乙测1")
    with pytest.raises(Refused, match="provider.certificate-taken"):
        make.qualified(cast.RIVAL, number="乙测1")
    with pytest.raises(Refused, match="provider.already-over"):
        make.qualified(days=-1)


def test_who_has_left_a_firm_that_does_not_release_him_is_free_by_his_word_a_term_and_a_notice():
    make.entered()
    make.entered(cast.RIVAL)
    who, kept = make.employed(), make.employed(serial=2)
    said = {
        "code": cast.YINSHAN,
        "name": "苏布德",
        "left_on": TODAY,
        "statement": "本人已于今日离职，并书面通知原单位。",
    }
    number, other = registry.id_number(1), registry.id_number(2)
    for wrong, code in (
        ({"by": cast.PROVIDER}, "not-own"), ({"id_number": registry.id_number(3)}, "claim-who"),
        ({"name": "别人"}, "claim-who"), ({"left_on": TODAY + timedelta(1), "statement": "走"}, "claim-day"),
    ):  # fmt: skip
        with pytest.raises(Refused, match=f"provider.{code}"):
            leaving.claim(**{"by": cast.RIVAL, "id_number": number, "at": NOON} | said | wrong)
    row = leaving.claim(**said, id_number=number, by=cast.RIVAL, at=NOON)
    with pytest.raises(Refused, match="provider.claim-open"):
        leaving.claim(**said, id_number=number, by=cast.RIVAL, at=NOON)
    with pytest.raises(IntegrityError), transaction.atomic():  # two at the same moment
        StaffClaim.objects.create(
            person=who, claimant=row.claimant, left_on=TODAY, statement="x", due_on=TODAY, raised_at=NOON
        )
    assert Message.objects.filter(to_organisation=cast.HETAO, subject="执业人员声明离职").count() == 1
    second = leaving.claim(**said, id_number=other, by=cast.RIVAL, at=NOON)
    late = NOON + timedelta(days=(row.due_on - TODAY).days)
    objection = {"text": "劳动合同尚未解除，仍在缴纳社会保险。"}
    for by, claim, at, code in (
        (cast.RIVAL, second, NOON, "not-own"), (cast.PROVIDER, second, late + DAY, "claim-over"),
    ):  # fmt: skip
        with pytest.raises(Refused, match=f"provider.{code}"):
            leaving.object_to(claim=claim, **objection, by=by, at=at)
    with pytest.raises(Refused, match="provider.claim-undisputed"):
        leaving.decide(claim=second, frees=True, reason="属实", by=cast.SUPERVISOR, at=NOON)
    own, keeper = accounts.client_of(cast.PROVIDER), accounts.client_of(cast.SUPERVISOR)
    assert "声明已经离职的人员" in own.get("/providers/me/").content.decode()
    leaving.object_to(claim=second, **objection, by=cast.PROVIDER, at=late)  # on its last day
    assert leaving.free_silent(by=SYSTEM, at=late) == 0
    assert [leaving.free_silent(by=SYSTEM, at=late + DAY) for _ in range(2)] == [1, 0]

    make.employed(cast.RIVAL)  # free, with the same certificate
    assert {"org": cast.HETAO, "what": "freed", "told": "苏布德"}.items() <= facts()[-1][1].items()
    assert "有异议的离职声明" in keeper.get("/providers/register/").content.decode()
    told = {"frees": "no", "reason": "社会保险仍在原机构缴纳。"}
    assert own.post(f"/providers/register/claims/{second.public_id}/", told).status_code == 404
    assert keeper.post(f"/providers/register/claims/{second.public_id}/", told).status_code == 302
    assert keeper.post(f"/providers/register/claims/{second.public_id}/", told).status_code == 409
    kept.refresh_from_db()
    assert (
        kept.left_on is None and "不解除原登记" in accounts.client_of(cast.RIVAL).get("/providers/me/").content.decode()
    )
    third = leaving.claim(**said, id_number=other, by=cast.RIVAL, at=late + DAY)
    services.dismiss(code=cast.HETAO, person=kept.pk, left_on=TODAY, by=cast.PROVIDER, at=late + DAY)
    leaving.free_silent(by=SYSTEM, at=late + DAY)  # released meanwhile: nothing is left to decide
    third.refresh_from_db()
    assert third.outcome == "dropped"


def test_every_change_is_kept_with_what_was_before_and_is_the_firms_own():
    make.entered()
    changed = make.PROFILE | {"address": "海拉尔区中央街 9 号", "region": "满洲里市"}
    services.change_profile(code=cast.HETAO, profile=changed, by=cast.PROVIDER, at=NOON)
    services.change_profile(code=cast.HETAO, profile=changed, by=cast.PROVIDER, at=NOON)  # nothing differs
    services.open_place(code=cast.HETAO, region="包头市", address="钢铁大街", phone="1", by=cast.PROVIDER, at=NOON)

    told = [(row.what, row.told) for row in ProviderChange.objects.order_by("pk")]
    assert [what for what, _ in told] == ["entered", "profile", "place"]
    assert "住所：海拉尔区胜利街 1 号 → 海拉尔区中央街 9 号" in told[1][1]
    assert [each.provider for each in queries.walk(region="呼伦贝尔市")] == []
    here = Provider.objects.get().pk
    assert [each.provider for region in ("满洲里市", "包头市") for each in queries.walk(region=region)] == [here, here]
    for by in (cast.RIVAL, cast.OPERATOR):
        with pytest.raises(Refused, match="provider.not-own"):
            services.change_profile(code=cast.HETAO, profile=changed, by=by, at=NOON)


def test_a_firm_goes_by_another_name_and_is_still_found_by_the_one_it_had():
    row = make.entered()
    make.entered(cast.RIVAL)
    before, name = row.organisation.name, "河套智造有限公司"
    said = {"code": cast.HETAO, "name": name, "since": TODAY, "document": "变更〔2026〕12号", "at": NOON}
    for wrong, code in (
        ({"by": cast.RIVAL}, "not-own"), ({"name": before}, "name"), ({"name": cast.NAMES[cast.YINSHAN]}, "name-taken"),
        ({"since": TODAY + timedelta(1)}, "name-later"), ({"document": ""}, "name-document"),
    ):  # fmt: skip
        with pytest.raises(Refused, match=f"provider.{code}"):
            renaming.rename(**{"by": cast.PROVIDER} | said | wrong)
    renaming.rename(**said, by=cast.PROVIDER)

    shown = accounts.client_of(cast.STRANGER)
    for words in ("智造", before):  # the new one and the old
        (line,) = shown.get("/providers/", {"q": words}).context["lines"]
        assert line.provider.organisation.name == name
    page = shown.get(f"/providers/{cast.HETAO}/").content.decode()
    assert "曾用名" in page and before in page
    assert facts()[0][1]["name"] == before  # what was published stays as it was
    assert facts()[-1][1]["what"] == "renamed" and f"{before} → {name}" in facts()[-1][1]["told"]
    renaming.rename(**said | {"name": before}, by=cast.PROVIDER)  # back again
    held = list(NameSuffix.objects.filter(provider=row).values_list("suffix", flat=True))
    assert len(held) == len({bytes(each) for each in held})


def test_who_has_an_open_contract_stays_and_who_leaves_frees_its_people():
    make.entered()
    make.employed()
    with pytest.raises(Refused, match="provider.open-contract"):
        services.leave(code=cast.HETAO, open_contracts=["T-1"], by=cast.PROVIDER, at=NOON)
    services.leave(code=cast.HETAO, open_contracts=[], by=cast.PROVIDER, at=NOON)

    assert [r.code for r in queries.why_not(cast.HETAO, need=Need(), on=TODAY)] == ["provider.not-entered"]
    assert not queries.shown([Provider.objects.get().pk])
    make.entered(cast.RIVAL)
    make.employed(cast.RIVAL)
    again = make.entered(at=NOON + DAY)  # by a new promise
    assert again.state == State.ENTERED and [kind for kind, _ in facts()][-2:] == [
        "providers.left",
        "providers.entered",
    ]


def test_an_objection_that_is_upheld_strikes_the_certificate_and_names_nobody_who_objected():
    make.entered()
    false = make.qualified()
    raised = {"code": cast.HETAO, "text": "发证机关查无此证", "name": "某公民", "contact": "13800000000", "source": "s"}
    objection = keeping.raise_objection(**raised, by=cast.STRANGER, at=NOON)
    keeping.find(
        objection=objection,
        finding=Finding.UPHELD,
        text="经核实证书无效。",
        strike=false.pk,
        by=cast.SUPERVISOR,
        at=NOON,
    )

    assert [r.code for r in queries.why_not(cast.HETAO, need=NEED, on=TODAY)][0] == "provider.not-qualified"
    assert "某公民" not in str(facts()) and facts()[-1][1]["finding"] == "upheld"
    with pytest.raises(Refused, match="provider.found-already"):
        keeping.find(objection=objection, finding=Finding.REJECTED, text="无。", by=cast.OPERATOR, at=NOON)
    for _ in range(9):
        keeping.raise_objection(**raised, by=cast.STRANGER, at=NOON)
    with pytest.raises(Refused, match="provider.many-objections"):
        keeping.raise_objection(**raised, by=cast.STRANGER, at=NOON)
    keeping.raise_objection(**raised, by=cast.STRANGER, at=NOON + DAY)


def test_a_spot_check_is_published_whatever_it_found():
    make.entered()
    made = {"code": cast.HETAO, "subject": "人员社保", "by": cast.OPERATOR, "at": NOON}
    keeping.check(**made, outcome=Outcome.IN_ORDER, note="")
    keeping.check(**made, outcome=Outcome.TO_CORRECT, note="地址已变更未更新", due_on=TODAY)

    assert [told["outcome"] for kind, told in facts() if kind == "providers.checked"] == ["in-order", "to-correct"]
    assert Message.objects.filter(to_organisation=cast.HETAO, subject="核查发现问题").count() == 1


def test_what_is_to_be_set_right_is_looked_at_again_and_reported_where_it_is_not():
    make.entered()
    accounts.user(cast.SUPERVISOR)
    due = TODAY + timedelta(10)
    keeping.check(
        code=cast.HETAO, subject="人员社保", outcome=Outcome.TO_CORRECT, note="一人未参保", due_on=due,
        by=cast.OPERATOR, at=NOON,
    )  # fmt: skip
    (row,) = queries.corrections(cast.SUPERVISOR)
    late = NOON + 11 * DAY
    assert [correcting.watch(by=SYSTEM, at=NOON + n * DAY) for n in (6, 7, 7, 11, 11)] == [0, 1, 0, 1, 0]
    assert Message.objects.filter(to_organisation=cast.HETAO, subject="改正期限将至").count() == 1
    assert Message.objects.filter(subject="改正期满，请复查").count() == 2
    told = {"correction": row, "by": cast.SUPERVISOR, "at": late, "note": "仍未参保"}
    bad = {"corrected": False, "due_on": due + timedelta(10), "ground": "staff-mismatch"}
    for wrong, code in (
        (bad | {"at": NOON}, "recheck-early"), ({"corrected": True, "at": NOON}, "recheck-early"),
        (bad | {"ground": "late"}, "recheck-ground"), (bad | {"due_on": None}, "check-due"),
        (bad | {"note": ""}, "recheck-note"), (bad | {"by": cast.PROVIDER}, "not-keeper"),
    ):  # fmt: skip
        with pytest.raises(Refused, match=f"provider.{code}"):
            correcting.look_again(**told | wrong)
    assert not Case.objects.exists()
    correcting.look_again(**told | bad)
    case = Case.objects.get()  # examined there like any other: nothing follows by itself
    assert (case.subject, case.ground, case.state) == (cast.HETAO, "staff-mismatch", "reported")
    with pytest.raises(Refused, match="provider.rechecked"):
        correcting.look_again(**told | bad)

    (again,) = queries.corrections(cast.SUPERVISOR)  # with a day of its own
    with pytest.raises(Refused, match="provider.not-own"):
        correcting.say(correction=again, text="已参保", by=cast.RIVAL, at=late)
    own, keeper = accounts.client_of(cast.PROVIDER), accounts.client_of(cast.SUPERVISOR)
    said = {"of": again.pk, f"k{again.pk}-correction": again.pk, f"k{again.pk}-text": "已全员参保"}
    assert own.post("/providers/me/corrected/", said).status_code == 302
    assert "已全员参保" in keeper.get("/providers/register/").content.decode()
    seen = {"corrected": "yes", "note": "社保记录属实"}
    assert own.post(f"/providers/register/corrections/{again.pk}/", seen).status_code == 404
    assert keeper.post(f"/providers/register/corrections/{again.pk}/", seen).status_code == 302
    assert [fact["outcome"] for kind, fact in facts() if kind == "providers.checked"] == [
        "to-correct", "to-correct", "in-order",
    ]  # fmt: skip
    assert not queries.corrections(cast.SUPERVISOR) and Case.objects.count() == 1


def test_names_are_found_by_any_part_page_by_page_in_one_order():
    first, second = make.entered(), make.entered(cast.RIVAL)
    make.entered(cast.THIRD)

    def along(words, most=1):
        found, after = [], ""
        while steps := queries.walk(words=words, after=after, most=most):
            found += [each.provider for each in steps]
            after = steps[-1].cursor
        return found

    assert sorted(along("有限公司")) == sorted(Provider.objects.values_list("pk", flat=True))
    assert along("仪器") == [first.pk] and along("阴山") == [second.pk] and along("不存在") == []
    assert along("") == list(Provider.objects.order_by("pk").values_list("pk", flat=True))
    assert queries.walk(after="x'; --") == queries.walk() and queries.walk(words="阴山", after="zz.1")
    assert NameSuffix.objects.filter(provider=first).count() == len(set(cast.NAMES[cast.HETAO]))
