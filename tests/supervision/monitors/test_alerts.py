"""An alert has an owner, a deadline, a finding and an end; whoever is late is told on; nothing of it is forgotten."""

import pytest

from accounts.models import Message
from rulebook.refusal import Refused
from supervision.monitors import services
from supervision.monitors.models import Alert
from supervision.monitors.rules import ANSWERED, Finding, Light, Step
from tests import cast
from tests.make import accounts, market

pytestmark = pytest.mark.django_db
SUPERVISORS = (cast.SUPERVISOR, cast.SECOND_SUPERVISOR)


@pytest.fixture
def house() -> None:
    for actor in SUPERVISORS:
        accounts.user(actor)


def raised(fact: str = "1", **other: object) -> Alert:
    told = {"kind": "clue.address", "subject": "project/T-1", "fact": fact, "what": "两份投标文件来自同一地址"}
    return services.raise_alert(**(told | {"at": cast.NOON} | other))  # type: ignore[arg-type]


def other_of(actor: object) -> object:
    return next(each for each in SUPERVISORS if each != actor)


def owner_of(alert: Alert):  # noqa: ANN201
    return next(each for each in SUPERVISORS if each.person == alert.owner)


def steps(alert: Alert) -> list[str]:
    return list(alert.steps.order_by("pk").values_list("step", flat=True))


@pytest.mark.usefixtures("house")
def test_an_alert_is_raised_once_for_a_fact_and_belongs_to_whoever_is_next_in_turn() -> None:
    first, again, second = raised(), raised(), raised("2")
    assert (first.pk, Alert.objects.count()) == (again.pk, 2)
    assert {first.owner, second.owner} == {each.person for each in SUPERVISORS}
    assert first.due_at == ANSWERED[Light.YELLOW].due(cast.NOON)
    assert steps(first) == [Step.RAISED, Step.ASSIGNED]
    assert Message.objects.filter(to_user__public_id=first.owner, link__contains=str(first.public_id)).count() == 1
    assert raised("3").owner == first.owner  # the turn goes round


@pytest.mark.usefixtures("house")
def test_a_yellow_alert_turns_red_once_with_a_new_deadline_and_never_back() -> None:
    alert = raised()
    red = raised(light=Light.RED, what="已超过期限", at=cast.NOON + cast.HOUR)
    assert (red.pk, red.light, red.what) == (alert.pk, Light.RED, "已超过期限")
    assert red.due_at == ANSWERED[Light.RED].due(cast.NOON + cast.HOUR)
    assert raised(light=Light.YELLOW).light == Light.RED
    assert steps(red).count(Step.REDDENED) == 1


@pytest.mark.usefixtures("house")
def test_only_its_owner_closes_it_and_only_with_a_finding_in_words() -> None:
    alert = raised()
    owner, other = owner_of(alert), other_of(owner_of(alert))
    closing = {"alert": alert, "finding": "explained", "text": "两家同在一座办公楼办公", "at": cast.NOON}
    for by, changed, code in (
        (other, {}, "supervision.not-owner"),
        (cast.OFFICER, {}, "supervision.not-supervisor"),
        (owner, {"finding": ""}, "supervision.no-finding"),
        (owner, {"finding": Finding.IN_TIME.value}, "supervision.no-finding"),
        (owner, {"text": "无"}, "supervision.no-grounds"),
    ):
        with pytest.raises(Refused) as shut:
            services.close(**(closing | changed), by=by)
        assert shut.value.reasons[0].code == code
    assert services.close(**closing, by=owner).finding == Finding.EXPLAINED
    for act in (services.close, services.note):
        told = closing if act is services.close else {"alert": alert, "text": "补记", "at": cast.NOON}
        with pytest.raises(Refused, match="closed"):
            act(**told, by=owner)
    assert steps(alert)[-1] == Step.CLOSED
    assert raised(light=Light.RED).finding == Finding.EXPLAINED  # what is over is not raised again


@pytest.mark.usefixtures("house")
def test_a_late_owner_is_told_on_and_another_may_take_it() -> None:
    alert = raised()
    owner, other = owner_of(alert), other_of(owner_of(alert))
    with pytest.raises(Refused, match="owned"):
        services.take(alert=alert, by=other, at=cast.NOON)
    services.escalate(alert=alert, by=cast.SYSTEM, at=alert.due_at - cast.MINUTE)
    assert Step.ESCALATED not in steps(alert)
    for _ in range(2):  # a tick may run twice
        late = services.escalate(alert=alert, by=cast.SYSTEM, at=alert.due_at)
    assert (late.late, steps(late).count(Step.ESCALATED)) == (1, 1)
    assert late.due_at > alert.due_at
    assert Message.objects.filter(to_role="supervisor", subject__contains="逾期").count() == 1
    taken = services.take(alert=alert, by=other, at=cast.NOON + 9 * cast.DAY)
    assert (taken.owner, taken.late) == (other.person, 0)
    services.note(alert=alert, text="已向采购人了解情况", by=other, at=cast.NOON)
    given = services.hand_over(alert=alert, to=owner.person, text="由原承办人继续", by=other, at=cast.NOON)
    assert given.owner == owner.person
    assert steps(given)[-4:] == [Step.ESCALATED, Step.TAKEN, Step.NOTED, Step.HANDED]


@pytest.mark.usefixtures("house")
def test_what_came_in_time_ends_a_yellow_alert_and_leaves_a_red_one_to_people() -> None:
    yellow = services.cure(alert=raised(), text="已按期办理", at=cast.NOON)
    red = services.cure(alert=raised("2", light=Light.RED), text="已补办", at=cast.NOON)
    assert (yellow.finding, red.finding) == (Finding.IN_TIME, "")
    assert steps(red)[-1] == Step.CURED
    assert services.cure(alert=yellow, text="再次", at=cast.NOON).finding == Finding.IN_TIME
    assert steps(yellow).count(Step.CLOSED) == 1


def test_where_nobody_supervises_an_alert_waits_for_its_first_owner() -> None:
    alert = raised(project=market.project())
    assert alert.owner == ""
    accounts.user(cast.SUPERVISOR)
    assert services.escalate(alert=alert, by=cast.SYSTEM, at=alert.due_at).owner == cast.SUPERVISOR.person


def test_strangers_raise_none_and_silence_is_none() -> None:
    for told in ({"by": cast.OFFICER}, {"what": " "}):
        with pytest.raises(Refused):
            raised(**told)
