"""Addresses of the supervision."""

from django.urls import path

from supervision.clues import views as clues
from supervision.flags import views as flags

app_name = "supervision"
urlpatterns = [
    path("supervision/clues/", clues.newest, name="clues_newest"),
    path("supervision/clues/<str:number>/", clues.clues, name="clues"),
    path("flags/", flags.flags, name="flags"),
]
