"""What cannot be taken back is asked for twice, and the second time it names what follows: every door, every page."""

import re
from collections.abc import Iterator

import pytest
from django.template.loader import render_to_string
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.finality import FINAL, of
from rulebook.refusal import Kind, Reason
from rulebook.terms import USUAL
from tests.architecture.source import ROOT

pytestmark = pytest.mark.embedded
PART = "parts/button_with_reasons.html"
# Every other door that changes anything, by how it is undone.
UNDONE = {
    "a draft, changed until it is published or handed in": """
        bidding:new bidding:edit bidding:add_document bidding:remove_document bidding:add_lot
        bidding:replace_holder bidding:request_keys bidding:submit bidding:approve bidding:send_back
        bidding:schedule bidding:cancel_schedule bidding:refuse market:purchase_refuse bidding:again
        bidding:say_why_again bidding:correct bidding:return_change bidding:save_review bidding:save_scores
        bidding:lock_sheet bidding:reopen_sheet bidding:act_on_panel bidding:propose_change market:new_purchase
        market:purchase_edit market:purchase_step market:purchase_attach market:purchase_detach
        market:purchase_cancel_schedule market:purchase_return market:purchase_again market:own_items
        market:item_edit market:tickets_import intermediaries:import intermediaries:discard intermediaries:staff
        experts:workbooks experts:slip experts:slips blacklist:decision blacklist:following
        blacklist:lists_import market:propose_plan market:propose_contract market:return_contract
        market:take_contract_back""",
    "another act of the same person takes it back": """
        market:enrol market:withdraw_enrolment market:leave_register market:own_services market:take_back
        bidding:enter_roster bidding:leave_roster bidding:appoint_keeper bidding:unattended_holder
        bidding:pause_opening bidding:resume_opening bidding:pause_auction bidding:resume_auction
        bidding:extend_turn bidding:take_hall bidding:hand_over_hall bidding:stay_host bidding:start_reading
        bidding:stop_reading bidding:mute_bidder experts:leave experts:declare_tie experts:end_tie
        experts:employment experts:end_employment experts:contact experts:affiliations experts:withdraw
        experts:add_certificate experts:remove_certificate intermediaries:enter intermediaries:change
        people:invite people:revoke people:act people:withdraw people:switch people:first
        keeping:order keeping:lift keeping:propose keeping:withdraw portal:choose_region""",
    "said or asked, and more may be said; nothing follows by itself": """
        bidding:ask bidding:take bidding:say_in_hall bidding:answer_objection bidding:check_identity
        bidding:confirm_price bidding:state_cause bidding:report_incident bidding:confirm_incident
        bidding:raise_matter bidding:vote_on_matter bidding:reply_to_panel bidding:note_talk
        bidding:sign_in_panel bidding:elect_leader bidding:excuse bidding:panel_evidence bidding:file_recording
        bidding:file_scan market:explain_delay market:ticket_link market:ticket_answer market:take_alert
        market:new_challenge market:new_complaint intermediaries:object experts:look experts:look_at_applicant
        experts:look_at_certificate experts:own_look experts:export experts:answer_lapse supervision:tips_leave
        supervision:tip intermediaries:ratings intermediaries:answer_rating experts:apply experts:ask_slip
        experts:enter blacklist:case_report blacklist:case_report_person people:enter people:confirm
        people:again people:ask people:object people:accept""",
    "one of two: another person, or the other side, has to agree before it counts": """
        bidding:ask_rollback bidding:decide_rollback bidding:propose_experts bidding:decide_experts
        bidding:import_panel experts:decide experts:judge experts:decide_staged experts:decide_slip
        market:new_entrustment market:decline_entrustment market:take_entrustment_back
        experts:decide_affiliation experts:decide_lapse experts:record_lapse experts:answer intermediaries:check
        intermediaries:find intermediaries:find_rating intermediaries:look_again intermediaries:decide_claim""",
    "one door of many acts; its pages name what follows, act by act": """
        market:perform market:complaint_act market:answer_challenge blacklist:case_act supervision:alert
        supervision:alert_act""",
}


def doors(resolver: URLResolver | None = None, names: tuple[str, ...] = ()) -> Iterator[str]:
    """Names of the addresses that take a POST."""
    for one in (resolver or get_resolver()).url_patterns:
        if isinstance(one, URLResolver):
            yield from doors(one, (*names, one.namespace) if one.namespace else names)
        elif isinstance(one, URLPattern) and one.name and takes_post(one.callback):
            yield ":".join((*names, one.name))


def takes_post(view) -> bool:
    while view is not None:
        held = (
            dict(zip(view.__code__.co_freevars, view.__closure__ or (), strict=True))
            if hasattr(view, "__code__")
            else {}
        )
        if "request_method_list" in held:
            return "POST" in held["request_method_list"].cell_contents
        view = getattr(view, "__wrapped__", None)
    return False


def test_every_door_is_known_to_be_undone_or_asks_first():
    undone = [name for names in UNDONE.values() for name in names.split()]
    # What touches one's own account alone is undone by oneself, or by two persons of one's house.
    own = {name for name in doors() if not name.startswith(("api", "accounts:"))}

    assert len(undone) == len(set(undone)) and not set(undone) & set(FINAL)
    unsaid = sorted(own - set(undone) - set(FINAL))
    assert not unsaid, f"say in accounts.finality what follows, or here how it is undone: {unsaid}"
    assert set(FINAL) <= own and set(undone) <= own


def pages() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "templates").rglob("*.html")):
        if not str(path).endswith(PART):
            yield str(path.relative_to(ROOT)), path.read_text()


@pytest.mark.parametrize("door", [name for name, row in FINAL.items() if not row.live])
def test_every_page_asks_for_it_through_the_part(door: str):
    url = re.escape(f'{{% url "{door}"')
    named = 0
    for path, text in pages():
        includes = re.findall(rf'{{% include "{re.escape(PART)}" with (.*?) %}}', text)
        named += sum(f'door="{door}"' in one for one in includes)
        for variable in re.findall(rf"{url}[^%]* as (\w+) %}}", text):
            asked = [one for one in includes if f"action={variable}" in one]
            assert asked, f"{path}: {door} is pressed past the part"
            named += len(asked)
        for form in re.findall(rf'<form[^>]*?action="{url}[^>]*?>.*?</form>', text, re.S):
            assert "<button" not in form, f"{path}: {door} has a button of its own"
            assert f'door="{door}"' in text, f"{path}: {door} is not named"
    assert named, f"no page asks for {door}"


def test_the_second_button_stands_behind_what_follows_and_a_refusal_behind_its_reasons():
    why = (Reason("test.no", Kind.NOT_NOW, "还不到时候"),)
    told = {"label": "终止采购", "form": "end", "door": "market:end", "terms": USUAL}
    asked = render_to_string(PART, told)
    step = asked[asked.index("<details") : asked.index("</details>")]
    assert "终止采购…</summary>" in step and "不能恢复" in step and step.index("不能恢复") < step.index("<button")
    assert "只此一次" in render_to_string(PART, told | {"consequence": "只此一次"})
    refused = render_to_string(PART, told | {"against": why})
    assert "<details" not in refused and "还不到时候" in refused and 'aria-disabled="true"' in refused
    plain = {"label": "送审", "action": "/projects/T-1/edit/submit", "terms": USUAL}
    assert "<details" not in render_to_string(PART, plain)
    by_address = render_to_string(PART, plain | {"action": "/projects/T-1/award/determine"})
    assert "<details" in by_address and of("", "/projects/T-1/award/determine") is FINAL["market:determine"]
    live = render_to_string(PART, plain | {"action": "/projects/T-1/hall/open"})
    assert "<details" not in live and "不能退回" in live
    assert of("", "/nowhere") is None is of("", "")
