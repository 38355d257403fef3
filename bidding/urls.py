"""Addresses of the bidding pages."""

from django.urls import path, re_path

from bidding.changes import views as changes
from bidding.evaluation import views as evaluation
from bidding.guarantees import views as guarantees
from bidding.holding import views as holding
from bidding.opening import talk_views as talk
from bidding.opening import views as opening
from bidding.papers import views as papers
from bidding.submission import views as submission
from bidding.tender import views as tender

app_name = "bidding"
urlpatterns = [
    path("holders/", holding.roster, name="roster"),
    path("holders/enter", holding.enter, name="enter_roster"),
    path("holders/leave", holding.leave, name="leave_roster"),
    path("holders/people/<uuid:person>", holding.appoint, name="appoint_keeper"),
    path("projects/new/", tender.new, name="new"),
    path("projects/<str:number>/", tender.project, name="project"),
    path("projects/<str:number>/changes/", changes.changes, name="changes"),
    path("projects/<str:number>/changes/ask", changes.ask, name="ask"),
    path("projects/<str:number>/changes/approve", changes.approve, name="approve_change"),
    path("projects/<str:number>/changes/return", changes.send_back, name="return_change"),
    path("projects/<str:number>/correct/", changes.correct, name="correct"),
    path("projects/<str:number>/documents.zip", tender.documents_zip, name="documents_zip"),
    path("projects/<str:number>/take", tender.take, name="take"),
    path("projects/<str:number>/documents/<str:sha256>", tender.document, name="document"),
    path("projects/<str:number>/edit/", tender.edit, name="edit"),
    path("projects/<str:number>/edit/documents", tender.add_document, name="add_document"),
    path("projects/<str:number>/edit/documents/remove", tender.remove_document, name="remove_document"),
    path("projects/<str:number>/edit/keys", tender.request_keys, name="request_keys"),
    path("projects/<str:number>/edit/lots", tender.add_lot, name="add_lot"),
    path("projects/<str:number>/edit/keys/replace", tender.replace_holder, name="replace_holder"),
    path("projects/<str:number>/edit/submit", tender.submit, name="submit"),
    path("projects/<str:number>/edit/approve", tender.approve, name="approve"),
    path("projects/<str:number>/edit/return", tender.send_back, name="send_back"),
    path("projects/<str:number>/edit/schedule", tender.schedule, name="schedule"),
    path("projects/<str:number>/edit/schedule/cancel", tender.cancel_schedule, name="cancel_schedule"),
    path("projects/<str:number>/bid/", submission.workspace, name="bid"),
    path("projects/<str:number>/bid/lots/", submission.lots, name="bid_lots"),
    path("projects/<str:number>/bid/consent/", submission.consent, name="consent"),
    path("projects/<str:number>/bid/receipts/", submission.receipts, name="receipts"),
    path("projects/<str:number>/bid/receipts.pdf", submission.receipts_pdf, name="receipts_pdf"),
    re_path(r"^receipts/(?P<eid>[0-9a-f]{32})/(?P<leaf>[0-9a-f]{64})\.tlog-proof$", submission.proof, name="proof"),
    path("projects/<str:number>/guarantees/", guarantees.guarantees, name="guarantees"),
    path("projects/<str:number>/guarantees/refund", guarantees.note_refund, name="note_refund"),
    path("projects/<str:number>/hall/", opening.show, name="hall"),
    path("projects/<str:number>/hall/replay/", opening.play_again, name="replay"),
    path("projects/<str:number>/hall/fragment", opening.fragment, name="hall_fragment"),
    path("projects/<str:number>/hall/actions", opening.actions, name="hall_actions"),
    path("projects/<str:number>/hall/open", opening.open_hall, name="open_hall"),
    path("projects/<str:number>/hall/next-session", opening.open_session, name="open_session"),
    path("projects/<str:number>/hall/too-few", opening.declare_too_few, name="declare_too_few"),
    path("projects/<str:number>/hall/pause", opening.pause, name="pause_opening"),
    path("projects/<str:number>/hall/resume", opening.resume, name="resume_opening"),
    path("projects/<str:number>/hall/extend", opening.extend, name="extend_turn"),
    path("projects/<str:number>/hall/incident", opening.report_incident, name="report_incident"),
    path("projects/<str:number>/hall/incident/confirm", opening.confirm_incident, name="confirm_incident"),
    path("projects/<str:number>/hall/host", opening.take, name="take_hall"),
    path("projects/<str:number>/hall/host/hand-over", opening.hand_over, name="hand_over_hall"),
    path("projects/<str:number>/hall/host/stay", opening.stay, name="stay_host"),
    path("projects/<str:number>/hall/messages", talk.say, name="say_in_hall"),
    path("projects/<str:number>/hall/messages.json", talk.messages, name="hall_messages"),
    path("projects/<str:number>/hall/mute/<str:org>", talk.mute, name="mute_bidder"),
    path("projects/<str:number>/hall/identity/<str:org>", talk.check_identity, name="check_identity"),
    path("projects/<str:number>/hall/price", talk.confirm_price, name="confirm_price"),
    path("projects/<str:number>/hall/causes/<str:org>", opening.state_cause, name="state_cause"),
    path("projects/<str:number>/hall/objections/<int:seq>/answer", opening.answer_objection, name="answer_objection"),
    path("projects/<str:number>/hall/close", opening.close_hall, name="close_hall"),
    path("projects/<str:number>/hall/fail", opening.end_in_failure, name="end_in_failure"),
    path("projects/<str:number>/papers/", papers.papers, name="papers"),
    path("projects/<str:number>/papers/scans", papers.file_scan, name="file_scan"),
    re_path(r"^projects/(?P<number>[^/]+)/papers/(?P<sha256>[0-9a-f]{64})$", papers.paper, name="paper"),
    path("projects/<str:number>/panel/", evaluation.panel, name="panel"),
    path("projects/<str:number>/panel/call", evaluation.call_panel, name="call_panel"),
    path("projects/<str:number>/evaluation/", evaluation.evaluation, name="evaluation"),
    path("projects/<str:number>/evaluation/qualify", evaluation.qualify, name="qualify"),
    path("projects/<str:number>/evaluation/declare", evaluation.declare, name="declare"),
    path("projects/<str:number>/evaluation/recuse", evaluation.recuse, name="recuse"),
    path("projects/<str:number>/evaluation/excuse", evaluation.excuse, name="excuse"),
    path("projects/<str:number>/evaluation/review", evaluation.review, name="review"),
    path("projects/<str:number>/evaluation/scores", evaluation.save_scores, name="save_scores"),
    path("projects/<str:number>/evaluation/lock", evaluation.lock_sheet, name="lock_sheet"),
    path("projects/<str:number>/evaluation/reopen", evaluation.reopen_sheet, name="reopen_sheet"),
    path("projects/<str:number>/evaluation/sign", evaluation.sign_report, name="sign_report"),
    path(
        "projects/<str:number>/evaluation/files/<str:org>/<str:part>/<str:name>",
        evaluation.body_file,
        name="body_file",
    ),
]
