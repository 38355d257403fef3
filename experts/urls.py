"""Addresses of the experts pages."""

from django.urls import URLPattern, path

from experts.affiliates import views as affiliates
from experts.certificates import views as certificates
from experts.panels import views as panels
from experts.registry import entering, keeping, workbooks
from experts.registry import views as registry

app_name = "experts"
urlpatterns: list[URLPattern] = [
    path("affiliates/", affiliates.affiliations, name="affiliations"),
    path("affiliates/<uuid:affiliation>/<slug:act>/", affiliates.decide, name="decide_affiliation"),
    path("experts/invitations/", panels.invitations, name="invitations"),
    path("experts/invitations/<uuid:invitation>/", panels.invitation, name="invitation"),
    path("experts/invitations/<uuid:invitation>/answer/", panels.answer, name="answer"),
    path("experts/invitations/<uuid:invitation>/cancel/", panels.cancel, name="cancel"),
    path("experts/ties/", panels.declare_tie, name="declare_tie"),
    path("experts/ties/end/", panels.end_tie, name="end_tie"),
    path("experts/enter/", entering.enter, name="enter"),
    path("experts/enter/done/", entering.entered, name="entered"),
    path("experts/register/slips/", entering.all_slips, name="slips"),
    path("experts/register/<uuid:expert>/slip/", entering.slip, name="slip"),
    path("experts/register/<uuid:expert>/slip/ask/", entering.ask_again, name="ask_slip"),
    path("experts/register/<uuid:expert>/slip/decide/", entering.decide_again, name="decide_slip"),
    path("experts/apply/", registry.apply, name="apply"),
    path("experts/apply/withdraw/", registry.withdraw, name="withdraw"),
    path("experts/me/", registry.me, name="me"),
    path("experts/me/leave/", registry.leave, name="leave"),
    path("experts/me/employments/", registry.employment, name="employment"),
    path("experts/me/employments/<int:employment>/end/", registry.end_employment, name="end_employment"),
    path("experts/me/contact/", registry.contact, name="contact"),
    path("experts/me/exit/", registry.leave_register, name="leave_register"),
    path("experts/me/look/", registry.own_look, name="own_look"),
    path("experts/certificates/", certificates.add, name="add_certificate"),
    path("experts/certificates/<uuid:certificate>/", certificates.look, name="look_at_certificate"),
    path("experts/certificates/<uuid:certificate>/remove/", certificates.remove, name="remove_certificate"),
    path("experts/register/", registry.register, name="register"),
    path("experts/register/workbooks/", workbooks.bring_in, name="workbooks"),
    path("experts/register/imports/<uuid:staged>/", workbooks.staged, name="staged"),
    path("experts/register/imports/<uuid:staged>/<slug:act>/", workbooks.decide, name="decide_staged"),
    path("experts/register/looks/", workbooks.looks, name="looks"),
    path("experts/register/template/", workbooks.template, name="template"),
    path("experts/register/export/", workbooks.export, name="export"),
    path("experts/register/<uuid:expert>/", registry.expert, name="expert"),
    path("experts/register/<uuid:expert>/look/", registry.look, name="look"),
    path("experts/register/<uuid:expert>/lapse/", keeping.record_lapse, name="record_lapse"),
    path("experts/lapses/<uuid:lapse>/answer/", keeping.answer_lapse, name="answer_lapse"),
    path("experts/lapses/<uuid:lapse>/decide/", keeping.decide_lapse, name="decide_lapse"),
    path("experts/register/<uuid:expert>/<slug:act>/", registry.decide, name="decide"),
    path("experts/applications/<uuid:application>/", registry.application, name="application"),
    path("experts/applications/<uuid:application>/judge/", registry.judge, name="judge"),
    path("experts/applications/<uuid:application>/look/", registry.look_at_applicant, name="look_at_applicant"),
]
