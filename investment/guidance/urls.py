"""Addresses of policies and of the case for the place."""

from django.urls import path

from investment.guidance.views import policies, policy, why

urlpatterns = [
    path("why/", why, name="why"),
    path("policies/", policies, name="policies"),
    path("policies/<slug:slug>/", policy, name="policy"),
]
