"""Addresses of the supervision."""

from django.urls import path

from supervision.clues import views as clues
from supervision.flags import views as flags
from supervision.monitors import views as monitors
from supervision.tips import views as tips
from supervision.wall import views as wall

app_name = "supervision"
urlpatterns = [
    path("supervision/", wall.wall, name="wall"),
    path("supervision/pulse", monitors.pulse, name="pulse"),
    path("supervision/rules/", monitors.rules, name="rules"),
    path("supervision/alerts/", monitors.alerts, name="alerts"),
    path("supervision/alerts/<uuid:public_id>/", monitors.alert, name="alert"),
    path("supervision/alerts/<uuid:public_id>/<slug:what>", monitors.act, name="alert_act"),
    path("supervision/clues/", clues.newest, name="clues_newest"),
    path("supervision/clues/<str:number>/", clues.clues, name="clues"),
    path("tips/", tips.write, name="tips"),
    path("tips/read/", tips.read, name="tips_read"),
    path("tips/recipients/", tips.recipients, name="tips_recipients"),
    path("tips/recipients/leave/", tips.leave, name="tips_leave"),
    path("tips/desk/", tips.desk, name="tips_desk"),
    path("tips/desk/<uuid:public_id>/", tips.held, name="tip"),
    path("flags/", flags.flags, name="flags"),
    path("projects/<str:number>/timeline/", wall.timeline, name="timeline"),
]
