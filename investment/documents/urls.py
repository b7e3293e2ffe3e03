"""Addresses of documents."""

from django.urls import path

from investment.documents.views import (
    document_file,
    document_list,
    document_page,
    document_version_file,
)

urlpatterns = [
    path("documents/", document_list, name="documents"),
    path("documents/<int:pk>/", document_page, name="document"),
    path("documents/<int:pk>/file", document_file, name="document-file"),
    path(
        "documents/<int:pk>/versions/<int:number>/file",
        document_version_file,
        name="document-version-file",
    ),
]
