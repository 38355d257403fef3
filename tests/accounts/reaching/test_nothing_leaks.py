"""What leaves the house is one of six sentences, whatever is said inside; and nobody sees how much leaves."""

import ast
import re
from email import message_from_string

import pytest
from django.core import mail

from accounts import inbox
from accounts.reaching import services, words
from accounts.reaching import tasks as ticks
from accounts.reaching.models import Sending
from accounts.reaching.rules import Channel, State, Topic
from rulebook.actor import SYSTEM
from tests import cast
from tests.architecture.source import ROOT, tracked
from tests.cast import MINUTE, NOON, OPERATOR, PROVIDER
from tests.make import accounts, reaching


def posts() -> list[tuple[str, str, dict[str, str]]]:
    """Every message the house posts: where, on which topic, and what it says as far as it is written there."""
    found = []
    for path in tracked("*.py"):
        name, text = str(path.relative_to(ROOT)), path.read_text()
        if "inbox.post(" not in text or name.startswith(("tests/", "scripts/", "bench/")):
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "inbox.post":
                given = {keyword.arg: ast.unparse(keyword.value) for keyword in node.keywords if keyword.arg}
                topic = given.get("topic", "Topic.PROGRESS").rsplit(".", 1)[-1]
                said = {part: given.get(part, part) for part in ("subject", "body")}
                found.append((f"{name}:{node.lineno}", topic, said))
    return found


@pytest.mark.embedded
@pytest.mark.django_db
def test_nothing_of_any_message_the_house_posts_leaves_by_any_channel(settings):
    user = reaching.has(PROVIDER)
    every = {channel: list(Topic) for channel in Channel}
    services.choose(user=user, topics=every, begins=None, ends=None, by=PROVIDER, at=NOON)
    kinds = posts()
    assert len(kinds) > 70 and {topic for _, topic, _ in kinds} == {topic.name for topic in Topic}
    outside = []
    with reaching.gateway(settings) as gateway:
        for n, (_where, topic, said) in enumerate(kinds):
            link = f"/projects/T-2026-{n:03}/"
            told = {"subject": said["subject"][:200], "body": f"{said['body']} {cast.NAMES[cast.YINSHAN]} 1,000,000.00"}
            reaching.post(PROVIDER, topic=Topic[topic], link=link, at=NOON + n * 11 * MINUTE, **told)
            ticks.send_due(by=SYSTEM, at=NOON + n * 11 * MINUTE + 10 * MINUTE)
        outside = [[each["subject"], each["words"], each["link"]] for each in gateway.taken]
        keys = {key for each in gateway.taken for key in each}
    assert keys == {"reference", "channel", "to", "subject", "words", "link", "headers", "raw"}
    assert not Sending.objects.filter(state=State.QUEUED).exists()
    assert len(outside) == 3 * len(kinds) and len(mail.outbox) == len(kinds)

    place = f"{settings.SITE}/inbox/"
    sentences = {f"{frame}{each}" for each in words.SENTENCES.values() for frame in ("", "【明标】")}
    for each in outside:
        subject, said_outside, link = each
        assert subject == words.SUBJECT and said_outside in sentences and link in ("", place)
    bodies = {f"{said}\n\n{place}" for said in words.SENTENCES.values()}
    for each in mail.outbox:
        assert each.subject == words.SUBJECT and each.body in bodies
        headers = dict(message_from_string(each.message().as_string()).items())
        assert set(headers) <= {
            "Content-Type", "MIME-Version", "Content-Transfer-Encoding", "Subject", "From", "To", "Date", "Message-ID",
            "Auto-Submitted",
        }  # fmt: skip


@pytest.mark.embedded
def test_the_sentences_say_nothing():
    """No number, no name of a thing or of a party: only words that are true of any message of the house."""
    for said in (*words.SENTENCES.values(), words.SUBJECT):
        assert not re.search(r"\d|[A-Za-z]", said)
        for telling in ("项目", "投标", "采购", "评审", "专家", "中标", "报价", "截止", "公司", "更正", "元"):
            assert telling not in said


@pytest.mark.embedded
@pytest.mark.django_db
def test_whether_one_took_the_documents_or_three_nothing_outside_differs(settings, caplog):
    """The same correction is told to one firm or to three: no page of a stranger or operator, no line of a log."""
    worlds = []
    caplog.set_level("DEBUG")
    with reaching.gateway(settings):
        for takers in (1, 3):
            people = [PROVIDER, cast.RIVAL, cast.THIRD][:takers]
            for actor in people:
                if not accounts.user(actor).contacts.exists():
                    reaching.has(actor)
            start = NOON + takers * cast.DAY
            caplog.clear()
            for actor in people:
                inbox.post(
                    to_organisation=actor.organisation, subject="更正", body="更正", topic=Topic.DUTY, at=start + MINUTE
                )
            inbox.deliver(at=start + MINUTE)
            seen = []
            for after in (MINUTE, 5 * MINUTE, 11 * MINUTE):
                ticks.send_due(by=SYSTEM, at=start + after)
                for viewer in (cast.STRANGER, OPERATOR):
                    client = accounts.client_of(viewer)
                    for path in ("/operations/gateways/", "/desk/", "/inbox/", "/", "/me/reaching/"):
                        answer = client.get(path)
                        page = re.sub(rb"\d{4}-\d\d-\d\d[T ][\d:.]+Z?|csrf[^>]*|nonce-\S+", b"", answer.content)
                        seen.append((viewer.name, path, answer.status_code, page))
            logged = [(each.name, each.levelname, each.getMessage()) for each in caplog.records
                      if each.name.startswith(("accounts", "config", "notifier"))]  # fmt: skip
            worlds.append((seen, logged))
            assert Sending.objects.filter(state=State.HANDED, told_at__gt=start).count() == 3 * takers
    assert worlds[0] == worlds[1]


@pytest.mark.embedded
@pytest.mark.django_db
def test_what_can_wait_leaves_together_with_everybody_s():
    """Whoever runs a gateway cannot tell the readers of one announcement by the second in which they were told."""
    for n, actor in enumerate((PROVIDER, cast.RIVAL, cast.THIRD)):
        reaching.has(actor)
        reaching.post(actor, topic=Topic.DUTY, at=NOON + n * MINUTE + MINUTE)
    assert set(Sending.objects.values_list("due_at", flat=True)) == {NOON + 10 * MINUTE}
