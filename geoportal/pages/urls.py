"""Addresses of pages of the whole site."""

app_name = "pages"
urlpatterns = []
