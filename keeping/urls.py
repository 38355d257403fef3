"""Addresses of what is kept."""

from django.urls import path

from keeping.archives import views as archives
from keeping.retention import views as retention

app_name = "keeping"
urlpatterns = [
    path("keeping/", retention.terms, name="terms"),
    path("projects/<str:number>/archive/", archives.archive, name="archive"),
    path("projects/<str:number>/archive.zip", archives.public, name="public"),
    path("projects/<str:number>/archive-full.zip", archives.full, name="full"),
    path("projects/<str:number>/archive-proof.json", archives.proof, name="proof"),
    path("projects/<str:number>/archive/keep", retention.act, {"what": "order"}, name="order"),
    path("projects/<str:number>/archive/lift", retention.act, {"what": "lift"}, name="lift"),
    path("projects/<str:number>/archive/propose", retention.act, {"what": "propose"}, name="propose"),
    path("projects/<str:number>/archive/confirm", retention.act, {"what": "confirm"}, name="confirm"),
    path("projects/<str:number>/archive/withdraw", retention.act, {"what": "withdraw"}, name="withdraw"),
]
