"""Addresses below /api/."""

app_name = "api"
urlpatterns = []
