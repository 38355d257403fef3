"""Addresses of the experts pages."""

from django.urls import URLPattern, path

from experts.panels import views as panels

app_name = "experts"
urlpatterns: list[URLPattern] = [
    path("experts/invitations/", panels.invitations, name="invitations"),
    path("experts/invitations/<uuid:invitation>/", panels.invitation, name="invitation"),
    path("experts/invitations/<uuid:invitation>/answer/", panels.answer, name="answer"),
    path("experts/ties/", panels.declare_tie, name="declare_tie"),
    path("experts/ties/end/", panels.end_tie, name="end_tie"),
]
