"""What a list of sessions says of a browser: its device in brands, its network masked, when it was seen, coarsely."""

import re
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address

SEEN_EVERY = timedelta(minutes=15)  # written down no more often: a list says "about then", and pages stay reads
FACTS = "signed_in"  # under which a session says of itself: {"id", "device", "place", "since"}
DEVICE_KEPT = timedelta(days=400)  # as long as a browser keeps our mark at most

# First match wins: every browser of this market names its ancestors as well.
BROWSERS = (
    ("MicroMessenger", "微信"), ("DingTalk", "钉钉"), ("HuaweiBrowser", "华为浏览器"), ("QQBrowser", "QQ浏览器"),
    ("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"), ("OpenHarmony", "HarmonyOS"), ("Android", "Android"), ("iPhone", "iPhone"),
    ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS X", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


def device_words(agent: str) -> str:
    """What a User-Agent header says, “Windows · Chrome”: brands only, the same in any language; else empty."""
    found = (next((brand for mark, brand in table if re.search(mark, agent)), "") for table in (SYSTEMS, BROWSERS))
    return " · ".join(brand for brand in found if brand)


def masked_address(address: str) -> str:
    """ "192.0.*.*", "2001:db8:*": enough for its owner to say "that is our office", too little to be personal data."""
    try:
        known = ip_address(address)
    except ValueError:
        return ""
    if isinstance(known, IPv6Address):
        return ":".join(known.exploded.split(":")[:2]) + ":*"
    return ".".join(str(known).split(".")[:2]) + ".*.*"


def is_stale(seen_at: datetime | None, *, at: datetime) -> bool:
    """A session's last sight is to be written down anew.  seen_at: None where nobody wrote the first one."""
    return seen_at is not None and at >= seen_at + SEEN_EVERY
