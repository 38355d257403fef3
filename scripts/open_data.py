"""Every package of open data a site serves, looked at by the standard's own validator."""

import json
import urllib.error
import urllib.request
from datetime import timedelta
from typing import Any

from rulebook import clock
from rulebook.calendar import day_in_china
from tests.portal.ocds import standard

MONTHS = 2


def wrongs(site: str) -> list[str]:
    """What libcoveocds says against the releases of the last months, and against the record of each process."""
    today = day_in_china(clock.now())
    releases: list[Any] = []  # of all pages in one package: the validator reads its schema anew for each
    for month in {f"{today - timedelta(days=28 * back):%Y-%m}" for back in range(MONTHS)}:
        found, page = _package(f"{site}/ocds/months/{month}.json?page=1"), 1
        while found:
            releases, page = releases + found["releases"], page + 1
            found = _package(f"{site}/ocds/months/{month}.json?page={page}")
    if not releases:
        return ["open data: no releases"]
    numbers = sorted({each["ocid"].split("-", 2)[2] for each in releases})
    packages = [_package(f"{site}/ocds/projects/{number}/record.json") for number in numbers]
    if None in packages:
        return ["open data: a process has no record"]
    whole = {**packages[0], "records": [record for package in packages for record in package["records"]]}
    head = {key: value for key, value in whole.items() if key != "records"}
    return [
        f"open data: {each}" for package in ({**head, "releases": releases}, whole) for each in standard.errors(package)
    ]


def _package(url: str) -> Any:
    """The package at an address; None where there is none."""
    try:
        return json.loads(urllib.request.urlopen(url, timeout=30).read())
    except urllib.error.HTTPError:
        return None
