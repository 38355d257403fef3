"""Addresses of the bidding pages."""

from django.urls import path

from bidding.opening import views as opening
from bidding.submission import views as submission

app_name = "bidding"
urlpatterns = [
    path("projects/<str:number>/bid/", submission.workspace, name="bid"),
    path("projects/<str:number>/hall/", opening.show, name="hall"),
    path("projects/<str:number>/hall/fragment", opening.fragment, name="hall_fragment"),
    path("projects/<str:number>/hall/actions", opening.actions, name="hall_actions"),
    path("projects/<str:number>/hall/open", opening.open_hall, name="open_hall"),
    path("projects/<str:number>/hall/too-few", opening.declare_too_few, name="declare_too_few"),
    path("projects/<str:number>/hall/pause", opening.pause, name="pause_opening"),
    path("projects/<str:number>/hall/resume", opening.resume, name="resume_opening"),
    path("projects/<str:number>/hall/objections/<int:seq>/answer", opening.answer_objection, name="answer_objection"),
    path("projects/<str:number>/hall/close", opening.close_hall, name="close_hall"),
    path("projects/<str:number>/hall/fail", opening.end_in_failure, name="end_in_failure"),
]
