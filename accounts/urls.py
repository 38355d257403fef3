"""Addresses of the door, the inbox and the identity key."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from accounts import views
from accounts.reaching import views as reaching

app_name = "accounts"
urlpatterns = [
    path("accounts/login/", views.Login.as_view(), name="login"),
    path("accounts/sign-up/", views.sign_up, name="sign_up"),
    path("accounts/sign-up/<uuid:sign_up>/", views.confirm_sign_up, name="confirm_sign_up"),
    path("accounts/sign-up/<uuid:sign_up>/again/", views.send_code_again, name="send_code_again"),
    path("accounts/logout/", LogoutView.as_view(), name="logout"),
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/read/", views.read_all, name="read_all"),
    path("inbox/<uuid:public_id>/", views.open_message, name="open_message"),
    path("keys/", views.keys, name="keys"),
    path("me/reaching/", reaching.mine, name="reaching"),
    path("me/reaching/choices/", reaching.choose, name="choose_reaching"),
    path("me/reaching/calendar/", reaching.open_calendar, name="open_calendar"),
    path("me/reaching/calendar/close/", reaching.close_calendar, name="close_calendar"),
    path("me/reaching/phone/confirm/", reaching.confirm_phone, name="confirm_phone"),
    path("me/reaching/email/<uuid:contact>/<str:word>/", reaching.confirm_email, name="confirm_email"),
    path("me/reaching/<slug:way>/", reaching.name_contact, name="name_contact"),
    path("me/reaching/<slug:way>/drop/", reaching.drop_contact, name="drop_contact"),
    path("operations/gateways/", reaching.gateways, name="gateways"),
]
