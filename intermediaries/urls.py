"""Addresses of the register of providers. The directory and the shopfronts stand on a higher floor."""

from django.urls import URLPattern, path

from intermediaries.ratings import views as ratings
from intermediaries.registry import views as registry
from intermediaries.registry import workbooks

app_name = "intermediaries"
urlpatterns: list[URLPattern] = [
    path("providers/enter/", registry.enter, name="enter"),
    path("providers/me/", registry.me, name="me"),
    path("providers/me/staff/", workbooks.staff, name="staff"),
    path("providers/me/staff/template/", workbooks.staff_template, name="staff_template"),
    path("providers/me/<slug:act>/", registry.change, name="change"),
    path("providers/register/", registry.register, name="register"),
    path("providers/register/check/", registry.check, name="check"),
    path("providers/register/objections/<uuid:objection>/", registry.find, name="find"),
    path("providers/register/corrections/<int:correction>/", registry.look_again, name="look_again"),
    path("providers/register/claims/<uuid:claim>/", registry.decide_claim, name="decide_claim"),
    path("providers/register/import/", workbooks.bring_in, name="import"),
    path("providers/register/template/", workbooks.template, name="template"),
    path("providers/register/imports/<uuid:batch>/", workbooks.staged, name="staged"),
    path("providers/register/imports/<uuid:batch>/confirm/", workbooks.confirm, name="confirm"),
    path("providers/register/imports/<uuid:batch>/discard/", workbooks.discard, name="discard"),
    path("providers/<str:code>/object/", registry.object_to, name="object"),
    path("providers/<str:code>/ratings/", ratings.explained, name="ratings_of"),
    path("projects/<str:number>/ratings/", ratings.ratings, name="ratings"),
    path("projects/<str:number>/ratings/<slug:side>/answer", ratings.answer, name="answer_rating"),
    path("projects/<str:number>/ratings/<slug:side>/find", ratings.find, name="find_rating"),
    path("ratings/follow-ups/", ratings.follow_ups, name="follow_ups"),
]
