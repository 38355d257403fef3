"""Addresses of the market pages."""

from django.urls import path

from market.awards import views as awards
from market.catalogue import views as catalogue
from market.complaints import views as complaints
from market.contracts import views as contracts
from market.notices import suspension_views as suspension
from market.notices import views as notices
from market.performance import views as performance
from market.purchases import views as purchases
from market.selection import direct_views as direct
from market.selection import views as selection
from market.shopfronts import views as shopfronts
from market.tickets import views as tickets

app_name = "market"
urlpatterns = [
    path("catalogue/", catalogue.directory, name="catalogue"),
    path("catalogue.json", catalogue.feed, name="catalogue_feed"),
    path("catalogue/approvals/", catalogue.approvals, name="approvals"),
    path("catalogue/desk/", catalogue.own, name="own_items"),
    path("catalogue/desk/<str:code>/", catalogue.edit, name="item_edit"),
    path("catalogue/desk/<str:code>/publish", catalogue.publish, name="item_publish"),
    path("catalogue/desk/<str:code>/withdraw", catalogue.withdraw, name="item_withdraw"),
    path("catalogue/<str:code>/", catalogue.item, name="item"),
    path("catalogue/<str:code>/sheet/", catalogue.sheet, name="item_sheet"),
    path("catalogue/<str:code>/sheet.pdf", catalogue.sheet_pdf, name="item_sheet_pdf"),
    path("catalogue/<str:code>/item.json", catalogue.as_json, name="item_json"),
    path("providers/", shopfronts.directory, name="providers"),
    path("providers.json", shopfronts.feed, name="providers_feed"),
    path("services/", shopfronts.own_services, name="own_services"),
    path("services/take-back", shopfronts.take_back, name="take_back"),
    path("services/leave", shopfronts.leave, name="leave_register"),
    path("providers/<str:code>/credit/", shopfronts.credit_page, name="credit"),
    path("providers/<str:code>/", shopfronts.shopfront, name="shopfront"),
    path("purchases/new/", purchases.new, name="new_purchase"),
    path("purchases/alerts/", purchases.alerts, name="split_alerts"),
    path("purchases/alerts/<uuid:public_id>/", purchases.alert, name="split_alert"),
    path("purchases/alerts/<uuid:public_id>/take", purchases.look_into, name="take_alert"),
    path("purchases/<str:number>/", purchases.purchase, name="purchase"),
    path("purchases/<str:number>/enrol/", selection.enrol, name="enrol"),
    path("purchases/<str:number>/enrol/withdraw", selection.withdraw, name="withdraw_enrolment"),
    path("purchases/<str:number>/enrol/receipt.pdf", selection.receipt, name="enrolment_receipt"),
    path("purchases/<str:number>/choice/", selection.choice, name="choice"),
    path("purchases/<str:number>/choice/entrants.json", selection.entrants, name="entrants"),
    path("purchases/<str:number>/choice/pick", selection.pick, name="pick"),
    path("purchases/<str:number>/edit/", purchases.edit, name="purchase_edit"),
    path("purchases/<str:number>/edit/<slug:step>/", purchases.edit, name="purchase_step"),
    path("purchases/<str:number>/attachments", purchases.attach, name="purchase_attach"),
    path("purchases/<str:number>/attachments/remove", purchases.detach, name="purchase_detach"),
    path("purchases/<str:number>/submit", purchases.submit, name="purchase_submit"),
    path("purchases/<str:number>/approve", purchases.approve, name="purchase_approve"),
    path("purchases/<str:number>/return", purchases.send_back, name="purchase_return"),
    path("purchases/<str:number>/cancel-schedule", purchases.cancel_schedule, name="purchase_cancel_schedule"),
    path("purchases/<str:number>/choose/", direct.pick, name="pick_directly"),
    path("purchases/<str:number>/again", purchases.again, name="purchase_again"),
    path("projects/<str:number>/notice/print/", notices.printed, name="notice_print"),
    path("projects/<str:number>/notice.json", notices.as_json, name="notice_json"),
    path("projects/<str:number>/notices/<int:k>/", notices.notice, name="notice"),
    path("projects/<str:number>/end/<str:to>/", notices.end, name="end"),
    path("tickets/", tickets.tickets, name="tickets"),
    path("tickets/import/", tickets.bring_in, name="tickets_import"),
    path("tickets/template.xlsx", tickets.template, name="tickets_template"),
    path("tickets/answers.xlsx", tickets.answers, name="tickets_answers"),
    path("tickets/<uuid:public_id>/", tickets.ticket, name="ticket"),
    path("tickets/<uuid:public_id>/link", tickets.act, {"what": "link"}, name="ticket_link"),
    path("tickets/<uuid:public_id>/answer", tickets.act, {"what": "answer"}, name="ticket_answer"),
    path("complaints/", complaints.guide, name="complaints_guide"),
    path("complaints/own/", complaints.own, name="complaints"),
    path("complaints/new/", complaints.new, name="new_complaint"),
    path("complaints/decisions/", complaints.decisions, name="complaint_decisions"),
    path("complaints/steps/new/", complaints.new_step, name="new_challenge"),
    path("complaints/steps/<uuid:public_id>/", complaints.step, name="challenge"),
    path("complaints/steps/<uuid:public_id>/answer", complaints.answer, name="answer_challenge"),
    path("complaints/<uuid:public_id>/", complaints.complaint, name="complaint"),
    path("complaints/<uuid:public_id>/<slug:what>", complaints.act, name="complaint_act"),
    path("projects/<str:number>/suspension/", suspension.suspension, name="suspension"),
    path("projects/<str:number>/suspension/suspend", suspension.suspend, name="suspend"),
    path("projects/<str:number>/suspension/resume", suspension.resume, name="resume"),
    path("projects/<str:number>/award/", contracts.award, name="award"),
    path("projects/<str:number>/award/letter.pdf", contracts.letter, name="letter"),
    path("projects/<str:number>/award.json", contracts.award_json, name="award_json"),
    path("projects/<str:number>/award/determine", contracts.determine, name="determine"),
    path("projects/<str:number>/award/delay", contracts.explain_delay, name="explain_delay"),
    path("projects/<str:number>/award/candidates", awards.publish_candidates, name="publish_candidates"),
    path("projects/<str:number>/award/object", awards.object_to_candidates, name="object_to_candidates"),
    path(
        "projects/<str:number>/award/objections/<uuid:objection>/answer",
        awards.answer_objection,
        name="answer_result_objection",
    ),
    path("projects/<str:number>/award/accept", awards.accept, name="accept"),
    path("projects/<str:number>/award/decline", contracts.decline, name="decline"),
    path("projects/<str:number>/award/contract", contracts.propose_contract, name="propose_contract"),
    path("projects/<str:number>/award/contract/take-back", contracts.take_contract_back, name="take_contract_back"),
    path("projects/<str:number>/award/contract/return", contracts.return_contract, name="return_contract"),
    path("projects/<str:number>/award/contract/confirm", contracts.confirm_contract, name="confirm_contract"),
    path("projects/<str:number>/performance/", performance.performance, name="performance"),
    path("projects/<str:number>/performance.json", performance.feed, name="performance_json"),
    path("projects/<str:number>/performance/plan", performance.propose, name="propose_plan"),
    path("projects/<str:number>/performance/files/<uuid:file>", performance.attachment, name="attachment"),
    path("projects/<str:number>/performance/<slug:what>", performance.act, name="perform"),
]
