"""Addresses of pictures; the same in every language."""

from django.urls import path

from investment.catalog.views.photos import photo

app_name = "photos"
urlpatterns = [path("<int:pk>/<slug:size>", photo, name="photo")]
