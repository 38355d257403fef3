"""What one's own house wants of its people: custody of its key, the agreement; and who waits at the platform's door."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.regions import queries as regions
from accounts.regions.rules import LAW as REGIONS
from accounts.regions.rules import why_not_keep
from people.colleagues.queries import why_not_administer
from people.custody import queries as custody
from people.custody.rules import FEWEST, LAW
from people.entering import queries as entering
from people.entering.rules import LAW as ENTRY
from people.entering.rules import SIGNATURES
from portal.desk.duties import Duty
from rulebook.actor import Actor


def duties(viewer: Actor) -> Iterator[Duty]:
    """What is owed to one's house; who administers it is told whose drill is missing."""
    if not why_not_keep(by=viewer):
        for act in regions.acts(waiting=True)[:20]:
            if act.proposed_role != viewer.role:
                why = _("由另一岗位的人员确认后生效")
                about = act.told.get("name") or act.code or _("全区")
                yield Duty(_("确认地区和辖区"), about, why, reverse("accounts:regions"), _("去核对"), law=REGIONS)
    for row in entering.waiting(viewer)[:20]:
        here = reverse("people:entry", args=[row.public_id])
        yield Duty(_("核对入驻申请"), row.firm, _("申请人等待平台答复"), here, _("去核对"), law=ENTRY)
    if not viewer.organisation or not viewer.person:
        return
    here, own = reverse("people:custody"), _("本单位")
    heads = not why_not_administer(viewer)
    kept = custody.custody(viewer.organisation)
    for each in kept.keepers if kept.gen else ():
        if each.drilled:
            continue
        if str(each.user.public_id) == viewer.person:
            yield Duty(_("完成密钥保管演练"), own, _("确认您那份密钥打得开"), here, _("去演练"), law=LAW)
        elif heads:
            why = _("{name}还没有演练过").format(name=each.user.name)
            yield Duty(_("等待密钥保管演练"), own, why, here, _("查看"), law=LAW, waits=True)
    if heads and kept.gen and len(kept.keepers) < FEWEST:
        why = _("至少两人各自保管一份密钥，丢失一份时仍能打开投标")
        yield Duty(_("指定密钥保管人"), own, why, here, _("去指定"), law=LAW)
    if heads and entering.agreement(viewer.organisation) is None:
        why = _("本单位还没有签署电子签名协议")
        yield Duty(_("签署电子签名协议"), own, why, reverse("people:people"), _("去签署"), law=SIGNATURES)
