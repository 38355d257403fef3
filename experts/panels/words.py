"""What people call the ways of an invitation and what became of it."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from experts.panels.ways import CallState, Channel

CHANNEL_WORDS = {Channel.INBOX: _("站内信"), Channel.SMS: _("短信"), Channel.VOICE: _("语音")}
CALL_WORDS = {
    CallState.WAITING: _("待发"),
    CallState.SENT: _("已发出"),
    CallState.DELIVERED: _("已送达"),
    CallState.FAILED: _("未送达"),
    CallState.DROPPED: _("未发（已答复）"),
}


def way_words(ways: Iterable[tuple[Channel, CallState]]) -> list[tuple[Any, Any]]:
    """Each way and how far it is, in words."""
    return [(CHANNEL_WORDS[channel], CALL_WORDS[state]) for channel, state in ways]
