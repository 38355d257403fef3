"""Addresses of the door, the inbox and the identity key."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from accounts import views
from accounts.factors import views as factors
from accounts.reaching import views as reaching
from accounts.regions import views as regions
from accounts.resets import views as resets
from accounts.sso import views as sso

app_name = "accounts"
urlpatterns = [
    path("accounts/login/", views.Login.as_view(), name="login"),
    path("accounts/sign-up/", views.sign_up, name="sign_up"),
    path("accounts/sign-up/<uuid:sign_up>/", views.confirm_sign_up, name="confirm_sign_up"),
    path("accounts/sign-up/<uuid:sign_up>/again/", views.send_code_again, name="send_code_again"),
    path("accounts/logout/", LogoutView.as_view(), name="logout"),
    path("accounts/second/", factors.second, name="second"),
    path("accounts/second/new/", factors.second_new, name="second_new"),
    path("accounts/lost/", factors.lost, name="lost"),
    path("accounts/step-up/", factors.step_up, name="step_up"),
    path("accounts/security/", factors.security, name="security"),
    path("accounts/password/", factors.password, name="password"),
    path("accounts/passkeys/ask/", factors.passkey_ask, name="passkey_ask"),
    path("accounts/passkeys/sign-in/", factors.passkey_sign_in, name="passkey_sign_in"),
    path("accounts/passkeys/new/", factors.passkey_new, name="passkey_new"),
    path("accounts/passkeys/", factors.passkey_add, name="passkey_add"),
    path("accounts/passkeys/<uuid:passkey>/remove/", factors.passkey_remove, name="passkey_remove"),
    path("accounts/authenticator/", factors.authenticator, name="authenticator"),
    path("accounts/authenticator/begin/", factors.authenticator_begin, name="authenticator_begin"),
    path("accounts/authenticator/remove/", factors.authenticator_remove, name="authenticator_remove"),
    path("accounts/codes/", factors.codes, name="codes"),
    path("accounts/sessions/others/", factors.end_others, name="end_others"),
    path("accounts/sessions/<uuid:session>/", factors.end_session, name="end_session"),
    path("accounts/resets/", resets.resets, name="resets"),
    path("accounts/resets/<uuid:reset>/confirm/", resets.confirm, name="confirm_reset"),
    path("accounts/resets/<uuid:reset>/drop/", resets.drop, name="drop_reset"),
    path("accounts/sso/<slug:key>/", sso.begin, name="sso"),
    path("accounts/sso/<slug:key>/back/", sso.back, name="sso_back"),
    path("accounts/sso/<slug:key>/link/", sso.link, name="sso_link"),
    path("accounts/sso/<slug:key>/unlink/", sso.unlink, name="sso_unlink"),
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
    path("me/reaching/wechat/play/", reaching.play_wechat, name="play_wechat"),
    path("me/reaching/<slug:way>/", reaching.name_contact, name="name_contact"),
    path("me/reaching/<slug:way>/drop/", reaching.drop_contact, name="drop_contact"),
    path("operations/regions/", regions.regions, name="regions"),
    path("operations/regions/<uuid:public_id>/", regions.settle, name="settle_region"),
    path("operations/gateways/", reaching.gateways, name="gateways"),
]
