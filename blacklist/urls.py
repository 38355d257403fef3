"""Addresses of bans, cases, credit and lists."""

from django.urls import path

from blacklist.cases import views as cases
from blacklist.credit import views as credit
from blacklist.sanctions import views

app_name = "blacklist"
urlpatterns = [
    path("blacklist/", views.sanctions, name="list"),
    path("blacklist.json", views.feed, name="feed"),
    path("blacklist/new/", views.decision, name="decision"),
    path("blacklist/drafts/", views.drafts, name="drafts"),
    path("blacklist/drafts/<uuid:public_id>/", views.confirm, name="confirm"),
    path("blacklist/<uuid:public_id>/", views.sanction, name="sanction"),
    path("blacklist/<uuid:public_id>/following/", views.following, name="following"),
    path("credit/rules/", credit.credit_rules, name="credit_rules"),
    path("credit/rules.json", credit.as_json, name="credit_rules_json"),
    path("restrictions/", cases.restrictions, name="restrictions"),
    path("restrictions.json", cases.feed, name="restrictions_feed"),
    path("cases/", cases.cases, name="cases"),
    path("cases/report/", cases.report, name="case_report"),
    path("cases/<uuid:public_id>/", cases.case, name="case"),
    path("cases/<uuid:public_id>/decision/", cases.decision, name="case_decision"),
    path("cases/<uuid:public_id>/<slug:name>/", cases.act, name="case_act"),
]
