"""Addresses of bans, cases, credit and lists."""

from django.urls import path

from blacklist.cases import views as cases
from blacklist.credit import views as credit
from blacklist.lists import views as lists
from blacklist.sanctions import views

app_name = "blacklist"
urlpatterns = [
    path("blacklist/", views.sanctions, name="list"),
    path("blacklist.json", views.feed, name="feed"),
    path("blacklist.csv", lists.sanctions_csv, name="feed_csv"),
    path("lists/", lists.lists, name="lists"),
    path("lists/import/", lists.bring_in, name="lists_import"),
    path("lists/<uuid:public_id>/", lists.issue, name="list_issue"),
    path("lists/<uuid:public_id>/confirm", lists.confirm, name="list_confirm"),
    path("blacklist/new/", views.decision, name="decision"),
    path("blacklist/drafts/", views.drafts, name="drafts"),
    path("blacklist/drafts/<uuid:public_id>/", views.confirm, name="confirm"),
    path("blacklist/<uuid:public_id>/", views.sanction, name="sanction"),
    path("blacklist/<uuid:public_id>/following/", views.following, name="following"),
    path("credit/rules/", credit.credit_rules, name="credit_rules"),
    path("credit/rules.json", credit.as_json, name="credit_rules_json"),
    path("restrictions/", cases.restrictions, name="restrictions"),
    path("restrictions.json", cases.feed, name="restrictions_feed"),
    path("restrictions/<uuid:public_id>/", cases.restriction, name="restriction"),
    path("restrictions/<uuid:public_id>/decision.pdf", cases.restriction_pdf, name="restriction_pdf"),
    path("cases/", cases.cases, name="cases"),
    path("cases/report/", cases.report, name="case_report"),
    path("cases/report/person/", cases.report_person, name="case_report_person"),
    path("cases/<uuid:public_id>/", cases.case, name="case"),
    path("cases/<uuid:public_id>/decision/", cases.decision, name="case_decision"),
    path("cases/<uuid:public_id>/decision.pdf", cases.decision_pdf, name="case_decision_pdf"),
    path("cases/<uuid:public_id>/<slug:name>/", cases.act, name="case_act"),
]
