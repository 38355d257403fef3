"""The act of telling: apart from what it tells of, so that no act takes longer for those it concerns."""

from datetime import datetime

from django.db import transaction

from accounts import inbox
from bidding.telling import queries
from market.notices.models import Notice, Telling
from market.notices.rules import Type
from market.projects import queries as projects
from rulebook.actor import Actor
from rulebook.calendar import CHINA
from rulebook.terms import Terms
from rulebook.times import parse_iso


@transaction.atomic
def tell(*, telling: Telling, by: Actor, at: datetime) -> int:
    """Tell everybody a notice concerns, each alone. Telling again tells nobody. Returns how many were told.

    Law: 招标投标法实施条例 第31条; 87号令 第29条; 74号令 第23条; 电子招标投标办法 第22条.
    """
    notice = telling.notice
    project = projects.hold(notice.project.number)
    row = Telling.objects.select_for_update().get(pk=telling.pk)
    if row.told_at is not None:
        return 0
    told = queries.concerned_before(notice) if notice.type == Type.TENDER else queries.concerned(project)
    for organisation in told:
        inbox.post(
            topic=inbox.Topic.DUTY,
            to_organisation=organisation,
            subject=f"{notice.type_words}：{project.title}",
            body=_words(notice, project.terms),
            link=notice.get_absolute_url(),
            at=at,
        )
    row.told_at = at
    row.save(update_fields=["told_at"])
    return len(told)


def _words(notice: Notice, terms: Terms) -> str:
    """What it means for whoever reads it. The same for all of them: it says nothing of any of them."""
    content = notice.content
    match Type(notice.type):
        case Type.SUSPENSION:
            until = f"{parse_iso(content['until']).astimezone(CHINA):%Y-%m-%d %H:%M}"
            return f"暂停的依据：{content['law']}。最迟至 {until}。已递交的保持密封，截止时间相应顺延，不需要重新递交。"
        case Type.RESUMPTION:
            return f"项目已恢复，暂停的时间不计入期限；新的时间以公告为准。恢复的理由：{content['text']}"
        case Type.TENDER:
            anew = f"此前的{terms.file}不沿用，参加须重新获取文件、递交。"
            return f"贵单位参与过的项目已重新采购（新项目 {content['project']}）。{anew}"
    reasons = "；".join(each["text"] for each in content["reasons"])
    refund = content.get("refund")
    back = f"已交纳{terms.guarantee}的，{refund['within']}内退还（{refund['law']}）。" if refund else ""
    return f"理由：{reasons}。没有开启的{terms.file}保持封存，不再开启。{back}"
