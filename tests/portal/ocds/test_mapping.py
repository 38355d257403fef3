"""What a public fact is in OCDS: valid, told once, and as the standard's own tools merge it. No database."""

import json
import socket
from datetime import datetime
from typing import Any

import pytest
from django.conf import settings
from ocdsmerge import Merger

from portal.ocds import packages, rules
from portal.ocds.story import TOLD
from scripts.ocds_schema import FOLDER
from tests import cast
from tests.cast import NOON
from tests.portal.ocds import standard, story

pytestmark = pytest.mark.embedded
STORIES = (story.tender, story.purchase, story.failed)


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    standard.standard()  # once, from the source packages

    def refuse(*where: Any) -> None:
        raise AssertionError(f"the network was asked: {where[1:]}")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def compiled(told: story.Story) -> dict[str, Any]:
    return rules.compiled(told.releases())


def test_every_package_is_valid_with_no_error_and_no_network(no_network: None) -> None:
    told = [each().releases() for each in STORIES]
    releases = packages.of_releases("/ocds/x.json", [release for each in told for release in each], at=NOON)
    records = [{"ocid": each[0]["ocid"], "releases": each, "compiledRelease": rules.compiled(each)} for each in told]
    record = {**packages.of_record("/ocds/y.json", records[0]), "records": records}

    assert standard.errors(releases) == []
    assert standard.errors(record) == []


def test_the_check_finds_what_is_wrong(no_network: None) -> None:
    package = packages.of_releases("/x", story.failed().releases() * 2, at=NOON) | {"publishedDate": "x"}
    first, second = package["releases"][:2]
    first["tender"]["status"], first["tender"]["lots"][0]["value"] = "begun", "viel"
    second["tender"]["secrets"] = 1
    del second["date"]

    found = "\n".join(standard.errors(package))

    for wrong in ("begun", "lots/0/value", "secrets", "'date' is missing", "publishedDate", "ocid, id values"):
        assert wrong in found, (wrong, found)


def test_every_kind_that_is_told_is_in_these_stories() -> None:
    assert {kind for each in STORIES for kind, _ in each().facts} >= set(TOLD)


@pytest.mark.parametrize("told", STORIES)
def test_a_record_is_what_the_standards_own_tool_merges(told: Any) -> None:
    standard.standard()
    releases = told().releases()
    schema = json.loads((FOLDER / "release-schema.json").read_text())

    merged = Merger(schema).create_compiled_release(json.loads(json.dumps(releases)))

    assert rules.compiled(releases) == merged


def test_a_release_is_made_of_its_fact_alone_and_never_changes() -> None:
    """Whatever comes later, and whoever else took part: what was told before is told in the same words."""
    whole = story.tender()
    part = story.tender()
    part.facts = part.facts[:5]
    other = story.tender()
    other.blobs[other.facts[5][1]["bidders_sha256"]] = story.WHO[:1]

    assert whole.releases()[:5] == part.releases() == other.releases()[:5]
    assert whole.releases()[5] != other.releases()[5]
    said = json.dumps(part.releases(), ensure_ascii=False)
    assert not any(org in said or cast.NAMES[org] in said for org in story.THREE)
    assert len({each["id"] for each in whole.releases()}) == len(whole.releases())


def test_what_a_record_says() -> None:
    told = compiled(story.tender())
    tender, (first, second), (contract,) = told["tender"], told["awards"], told["contracts"]

    assert told["buyer"]["id"] == f"CN-USCC-{cast.BUYER}"
    assert tender["procuringEntity"]["id"] == f"CN-USCC-{cast.AGENT}"
    assert tender["tenderPeriod"]["endDate"] == "2026-12-19T12:00:00+08:00" == tender["bidOpening"]["date"]
    assert [lot["id"] for lot in tender["lots"]] == ["2"] and tender["items"][0]["relatedLot"] == "2"
    assert [len(tender[each]) for each in ("amendments", "enquiries", "tenderers")] == [3, 2, 3]
    bids = {each["tenderers"][0]["name"]: (each["status"], each["value"]["amount"]) for each in told["bids"]["details"]}
    assert bids == {
        "河套仪器有限公司": ("pending", 980000), "阴山环境科技有限公司": ("disqualified", 1000000.5),
        "乌梁素海监测设备有限公司": ("withdrawn", 1100000),
    }  # fmt: skip
    assert (first["status"], second["status"]) == ("cancelled", "active")
    assert contract["awardID"] == second["id"] and contract["status"] == "terminated"
    done = contract["implementation"]
    assert [each["status"] for each in done["milestones"]] == ["met", "scheduled"]
    assert [each["value"]["amount"] for each in done["transactions"]] == [500000.25]
    roles = {each["name"]: each["roles"] for each in told["parties"]}
    assert roles["阴山环境科技有限公司"] == ["tenderer", "supplier"] and roles["河套市生态环境局"] == ["buyer"]


def test_a_purchase_is_direct_where_its_buyer_picks_and_says_what_it_follows() -> None:
    told = compiled(story.purchase())

    assert told["tender"]["procurementMethod"] == "direct" and told["tender"]["status"] == "cancelled"
    assert told["relatedProcesses"][0]["relationship"] == ["unsuccessfulProcess"]
    assert told["relatedProcesses"][0]["identifier"] == "ocds-000000-2026-HGFEDCBA"
    assert told["bids"]["details"][0]["value"] == {"amount": 1, "currency": "CNY"}
    second = compiled(story.failed())
    assert second["tender"]["status"] == "unsuccessful"
    assert second["relatedProcesses"][0]["identifier"] == "ocds-000000-T-2026-699"


def test_each_quote_of_an_auction_and_of_rounds_is_told_once_it_is_nobodys_secret() -> None:
    """Nothing before the end of the auction, and of the closed room, says who quoted what."""
    told = story.purchase()
    at = [kind for kind, _ in told.facts].index
    by_id = {each["id"]: each for each in told.releases()}

    def of(kind: str) -> dict[str, Any]:
        rows = by_id[f"ocds-000000-{told.number}-{at(kind) + 1}"]["bids"]["details"]
        return {each["id"]: each.get("value", {}).get("amount") for each in rows}

    before = story.purchase()
    before.facts = before.facts[: at("auction.ended")]
    assert "88000" not in json.dumps(before.releases())
    assert of("auction.ended") == {cast.HETAO: 87000, f"{cast.HETAO}-quote-1": 88000, cast.YINSHAN: None}
    before.facts = story.purchase().facts[: at("opening.room-disclosed")]
    assert '"amount": 3,' not in json.dumps(before.releases())
    rounds = {cast.HETAO: 1, f"{cast.HETAO}-quote-1": 3, f"{cast.HETAO}-quote-2": 2}
    assert of("opening.room-disclosed") == rounds


def test_a_citizen_is_in_no_register_and_amounts_keep_their_cents() -> None:
    assert "identifier" not in rules.party("GR40120022", "包*", "buyer")
    assert json.dumps(rules.yuan("9999999999999.99")) == '{"amount": 9999999999999.99, "currency": "CNY"}'
    assert rules.instant(datetime.fromisoformat("2026-11-23T16:00:00+00:00")) == "2026-11-24T00:00:00+08:00"
    assert settings.OCID_PREFIX.startswith("ocds-")
