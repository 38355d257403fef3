"""Addresses of houses that come in and of their people."""

from django.urls import path

from people.colleagues import views as colleagues
from people.custody import views as custody
from people.entering import views as entering

app_name = "people"
urlpatterns = [
    path("enter/", entering.choose, name="choose"),
    path("enter/confirm/<uuid:sign_up>/", entering.confirm, name="confirm"),
    path("enter/confirm/<uuid:sign_up>/again", entering.again, name="again"),
    path("enter/<slug:kind>/", entering.enter, name="enter"),
    path("agreement/", entering.agreement, name="agreement"),
    path("entries/", entering.entries, name="entries"),
    path("entries/<uuid:applicant>/", entering.entry, name="entry"),
    path("entries/<uuid:applicant>/ask", entering.speak, {"what": "ask"}, name="ask"),
    path("entries/<uuid:applicant>/object", entering.speak, {"what": "object"}, name="object"),
    path("entries/<uuid:applicant>/find", entering.find, name="find"),
    path("invitations/<str:token>/", colleagues.accept, name="accept"),
    path("people/", colleagues.people, name="people"),
    path("people/first/", colleagues.first, name="first"),
    path("people/history/", colleagues.history, name="history"),
    path("people/custody/", custody.custody, name="custody"),
    path("people/custody/revoke/", custody.revoke, name="revoke_key"),
    path("people/invite", colleagues.invite, name="invite"),
    path("people/agree", colleagues.agree, name="agree"),
    path("people/switch", colleagues.switch, name="switch"),
    path("people/invitations/<uuid:invitation>/revoke", colleagues.revoke, name="revoke"),
    path("people/powers/<int:power>/withdraw", colleagues.withdraw, name="withdraw"),
    path("people/<uuid:person>/", colleagues.colleague, name="colleague"),
    path("people/<uuid:person>/hand-over/", colleagues.hand_over, name="hand_over"),
    path("people/<uuid:person>/<slug:what>", colleagues.act, name="act"),
]
