"""What notices say: the call for offers, its changes and its end, the result, the contract. Pure."""

from typing import Any

from market.projects.rules import PROCEDURES
from portal.ocds.mapping import Fact
from portal.ocds.rules import Json, award_id, contract_id, instant, ocid_of, party, reference, yuan

ONE = "1"  # the lot of a purchase that stands alone
_DIRECT = {edition: bool(row.selection and row.selection.picks) for (_, edition), row in PROCEDURES.items()}


def notice(fact: Fact) -> Json:
    """A notice, by its type."""
    content = fact.read(fact.data["sha256"])
    return _TYPES[content["type"]](fact, content)


def lot_of(content: Json) -> str:
    return str(content["batch"]["lot"]) if content.get("batch") else ONE


def _document(fact: Fact, content: Json, kind: str, description: str = "") -> Json:
    """The notice itself, word for word."""
    return {
        "id": fact.data["sha256"],
        "documentType": kind,
        "title": content["title"],
        **({"description": description} if description else {}),
        "url": fact.blob(fact.data["sha256"]),
        "datePublished": instant(content["published_at"]),
        "format": "application/json",
        "language": "zh",
    }


def _files(fact: Fact, files: list[Json], *, published: str) -> list[Json]:
    """The documents bids are made on. One that takes another's place says whose."""
    return [
        {
            "id": each["sha256"],
            "documentType": "biddingDocuments",
            "title": each["name"],
            **({"description": f"replaces {each['replaces']}"} if each.get("replaces") else {}),
            "url": fact.blob(each["sha256"]),
            "datePublished": instant(published),
            "language": "zh",
        }
        for each in files
    ]


def _tender(fact: Fact, content: Json) -> Json:
    buyer, agency = content["buyer"], content.get("agent")
    roles = ("buyer",) if agency else ("buyer", "procuringEntity")
    parties = [
        party(
            buyer["org"], buyer["name"], *roles,
            address={"streetAddress": buyer["address"], "countryName": "中国"} if buyer.get("address") else None,
            contactPoint={"name": buyer["contact"], "telephone": buyer["phone"]} if buyer.get("phone") else None,
        )
    ]  # fmt: skip
    if agency:
        parties.append(
            party(
                agency["org"], agency["name"], "procuringEntity",
                address={"streetAddress": agency["address"], "countryName": "中国"} if agency.get("address") else None,
                contactPoint={"name": agency["contact"], "telephone": agency["phone"]} if agency.get("phone") else None,
            )
        )  # fmt: skip
    entity = agency or buyer
    value = yuan(content.get("budget") or content["price_cap"])
    period = {"startDate": instant(content["published_at"]), "endDate": instant(content["deadline"])}
    documents = [_document(fact, content, "tenderNotice")]
    documents += _files(fact, content["documents"] or content.get("attachments", []), published=content["published_at"])
    tender = {
        "title": content["title"],
        "description": content["demand"],
        "status": "active",
        "procuringEntity": reference(entity["org"], entity["name"]),
        "value": value,
        "procurementMethod": "direct" if _DIRECT[content["edition"]] else "open",
        "procurementMethodDetails": content["method"],
        "mainProcurementCategory": content["category"],
        "submissionMethod": ["electronicSubmission"],
        "tenderPeriod": period,
        "items": [_item(content)],
        "documents": documents,
        "lots": [
            {
                "id": lot_of(content),
                "title": content["title"],
                "description": content["item"],
                "status": "active",
                "value": yuan(content["price_cap"]),
            }
        ],
    }
    if content.get("supply"):
        tender["enquiryPeriod"] = {"startDate": period["startDate"], "endDate": period["endDate"]}
    if content.get("opening"):
        tender["bidOpening"] = _opening(fact, content["opening"]["at"])
    if content.get("selects_at"):
        tender["awardPeriod"] = {"startDate": instant(content["selects_at"])}
    if wanted := _wanted(content):
        tender["eligibilityCriteria"] = wanted
    if content.get("ground"):
        tender["procurementMethodRationale"] = f"{content['ground']['words']}（{content['ground']['law']}）"
    related = _related(fact, content)
    return {
        "tag": ["tender"],
        "parties": parties,
        "buyer": reference(buyer["org"], buyer["name"]),
        "tender": tender,
        **({"relatedProcesses": related} if related else {}),
    }


def _opening(fact: Fact, at: str) -> Json:
    return {"date": instant(at), "description": f"{fact.site}/projects/{fact.number}/hall/"}


def _item(content: Json) -> Json:
    told: Json = {"id": ONE, "description": content["item"], "relatedLot": lot_of(content)}
    if service := content.get("service"):
        told["classification"] = {"scheme": "x_catalogue", "id": service["code"], "description": service["name"]}
    return told


def _wanted(content: Json) -> str:
    """Who may take part, one condition a line."""
    lines = [each if isinstance(each, str) else " ".join(str(one) for one in each.values() if one)
             for each in content.get("qualifications", [])]  # fmt: skip
    need = content.get("need") or {}
    lines += [f"{each['kind']} {each.get('grade', '')}".strip() for each in need.get("qualifications", [])]
    lines += [f"{each['kind']} {each['count']}" for each in need.get("staff", [])]
    return "\n".join([*lines, *need.get("other", [])])


def _related(fact: Fact, content: Json) -> list[Json]:
    """The purchase this one follows, after it came to nothing."""
    again = content.get("again") or ""
    earlier = again["project"] if isinstance(again, dict) else again  # a tender says more of it than a purchase
    if not earlier:
        return []
    ocid = ocid_of(earlier, prefix=fact.prefix)
    uri = f"{fact.site}/ocds/projects/{earlier}/record.json"
    return [{"id": ONE, "relationship": ["unsuccessfulProcess"], "scheme": "ocid", "identifier": ocid, "uri": uri}]


def _amended(fact: Fact, content: Json, description: str, rationale: str = "") -> Json:
    told = {"id": f"notice-{content['notice']}", "date": instant(fact.at), "releaseID": fact.id}
    return {**told, "description": description, **({"rationale": rationale} if rationale else {})}


def _change(fact: Fact, content: Json) -> Json:
    changed = [f"{each['place']}：{each['was']} → {each['now']}" for each in content["differences"]]
    moved = instant(content["deadline"])
    documents = [_document(fact, content, "clarifications")]
    documents += _files(fact, content["documents"], published=content["published_at"])
    tender: Json = {
        "tenderPeriod": {"endDate": moved},
        "bidOpening": _opening(fact, content["deadline"]),
        "documents": documents,
    }
    if content["type"] == "correction":
        words = "\n".join([*changed, *([content["text"]] if content["text"] else [])]) or content["title"]
        tender["amendments"] = [_amended(fact, content, words)]
    if content["answers"]:
        tender["enquiries"] = [
            {
                "id": f"notice-{content['notice']}-{place}",
                "description": each["question"],
                "answer": each["answer"],
                "dateAnswered": instant(fact.at),
            }
            for place, each in enumerate(content["answers"], 1)
        ]
    return {"tag": ["tenderAmendment" if "amendments" in tender else "tenderUpdate"], "tender": tender}


def _rest(fact: Fact, content: Json) -> Json:
    """A purchase rests, or goes on."""
    amended = _amended(fact, content, content["text"], content.get("ground", ""))
    return {
        "tag": ["tenderAmendment"],
        "tender": {"amendments": [amended], "documents": [_document(fact, content, "tenderNotice", content["text"])]},
    }


def _end(fact: Fact, content: Json) -> Json:
    """It came to nothing.  Failing says nothing about how many there were."""
    status, tag = (
        ("unsuccessful", "tenderUpdate") if content["type"] == "failure" else ("cancelled", "tenderCancellation")
    )
    words = "\n".join(
        f"{each['text']}（{each['law']}）" if each.get("law") else each["text"] for each in content["reasons"]
    )
    return {"tag": [tag], "tender": {"status": status, "documents": [_document(fact, content, "tenderNotice", words)]}}


def _candidates(fact: Fact, content: Json) -> Json:
    """Who is proposed, with quotes: bids, and no award yet."""
    rows = content["candidates"]
    return {
        "tag": ["tenderUpdate"],
        "parties": [party(each["org"], each["name"], "tenderer") for each in rows],
        "tender": {"documents": [_document(fact, content, "evaluationReports")]},
        "bids": {"details": [bid(each["org"], each["name"], value=each["amount"]) for each in rows]},
    }


def bid(org: str, name: str = "", *, value: str = "", status: str = "") -> Json:
    """A bid: one a bidder, as a process is one lot."""
    told: Json = {"id": org, "tenderers": [reference(org, name)]}
    if status:
        told["status"] = status
    if value:
        told["value"] = yuan(value)
    return told


def _award(fact: Fact, content: Json) -> Json:
    won = content["winner"]
    documents = [_document(fact, content, "awardNotice")]
    if report := content.get("report_sha256"):
        told = {"id": report, "documentType": "evaluationReports", "title": "评审报告", "url": fact.blob(report)}
        documents.append({**told, "datePublished": instant(fact.at), "format": "application/json", "language": "zh"})
    return {
        "tag": ["award"],
        "parties": [party(won["org"], won["name"], "tenderer", "supplier")],
        "tender": {"status": "complete"},
        "awards": [
            {
                "id": award_id(fact.number, won["org"]),
                "title": content["title"],
                "status": "active",
                "date": instant(fact.at),
                "value": yuan(won["amount"]),
                "suppliers": [reference(won["org"], won["name"])],
                "items": [{"id": ONE, "description": each["name"]} for each in content["items"][:1]],
                "documents": documents,
            }
        ],
    }


def _contract(fact: Fact, content: Json) -> Json:
    who = content["provider"]
    return {
        "tag": ["contract"],
        "parties": [party(who["org"], who["name"], "tenderer", "supplier")],
        "contracts": [
            {
                "id": contract_id(fact.number),
                "awardID": award_id(fact.number, who["org"]),
                "title": content["title"],
                "status": "active",
                "value": yuan(content["amount"]),
                "dateSigned": f"{content['signed_on']}T00:00:00+08:00",
                "documents": [_document(fact, content, "contractNotice")],
            }
        ],
    }


_TYPES: dict[str, Any] = {
    "tender": _tender,
    "correction": _change,
    "clarification": _change,
    "suspension": _rest,
    "resumption": _rest,
    "failure": _end,
    "cancellation": _end,
    "candidates": _candidates,
    "award": _award,
    "contract": _contract,
}
