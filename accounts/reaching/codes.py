"""Words that prove an address: codes to a telephone, links to a mailbox. Counted, so that nobody is flooded."""

import hashlib
import logging
import secrets
from datetime import datetime, timedelta

from accounts import rules
from accounts.models import CodeSent
from accounts.reaching.gateways import Console, Outgoing, Undelivered, Unwanted, adapter
from accounts.reaching.rules import Channel
from rulebook.refusal import Kind as Fault
from rulebook.refusal import Reason, Refused, refuse_if

log = logging.getLogger(__name__)
UNSENT = Reason("accounts.code-unsent", Fault.NOT_NOW, "短信暂时发不出去，请稍后再试")
UNMAILED = Reason("reaching.mail-unsent", Fault.NOT_NOW, "邮件暂时发不出去，请稍后再试")


def count(address: str, *, source: str, at: datetime) -> None:
    """Note that a code goes to an address, or refuse. A telephone is counted by its number, a mailbox by a digest."""
    handle = address if address.isdigit() else hashlib.sha256(address.lower().encode()).hexdigest()[:11]
    sent = CodeSent.objects.filter(at__gt=at - timedelta(hours=1))
    last = sent.filter(phone=handle).order_by("-at").values_list("at", flat=True)
    refuse_if(
        rules.why_not_send_code(
            last=last.first(), sent=last.count(), of_source=sent.filter(source=source).count(), at=at
        )
    )
    CodeSent.objects.create(phone=handle, source=source, at=at)


def new_code(digits: int = 6) -> str:
    """So many digits."""
    return f"{secrets.randbelow(10**digits):0{digits}d}"


def send(channel: Channel, address: str, *, words: str, link: str = "", at: datetime) -> None:
    """Send words that somebody waits for, once and now. Where nothing is real the demo's page shows them; elsewhere
    nothing of them is kept. Refused when the gateway does not take them.
    """
    carrier = adapter(channel) or Console()  # the notifier's own gateway, where the site has none
    message = Outgoing(secrets.token_urlsafe(24), channel.value, address, "【明标】验证", words, link)
    try:
        carrier.send(message, at=at)
    except (Undelivered, Unwanted) as wrong:
        log.warning("a code could not be sent: %s", wrong)
        raise Refused(UNMAILED if channel is Channel.EMAIL else UNSENT) from wrong
