"""The list, a document's page, and its files."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from investment.documents.delivery import deliver
from investment.documents.forms import DocumentFilters, procedure_labels
from investment.documents.models import Document, DocumentVersion

PAGE_SIZE = 20
#: Owners of one kind shown before the rest folds.
FOLD = 10


@require_safe
def document_list(request: HttpRequest) -> HttpResponse:
    """Documents by kind, language, procedure and words."""
    filters = DocumentFilters(request.GET)
    page = Paginator(filters.documents(), PAGE_SIZE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {"filters": filters, "page": page, "query": query.urlencode()}
    return render(request, "documents/list.html", context)


@require_safe
def document_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One document with all its published versions and where it belongs."""
    document = get_object_or_404(Document.objects.public().with_versions(), pk=pk)
    context = {
        "document": document,
        "procedure": procedure_labels().get(document.procedure),
        "owners": _owners(document),
    }
    return render(request, "documents/detail.html", context)


def _owners(document: Document) -> list[dict]:
    """The public records a document belongs to by kind, the first few apart from the rest."""
    kinds = (
        (_("Parks"), "park", document.parks.public().defer("geom")),
        (_("Sites"), "site", document.sites.public().defer("geom")),
        (_("Projects"), "project", document.projects.public().defer("geom")),
        (_("Policies"), "policy", document.policy_set.public()),
    )
    return [
        {
            "title": title,
            "page": f"investment:{kind}",
            "count": len(owners),
            "first": owners[:FOLD],
            "rest": owners[FOLD:],
        }
        for title, kind, records in kinds
        if (owners := list(records))
    ]


@csrf_exempt  # programs fetch files: a wrong method is told as such, not as a missing token
@require_safe
def document_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The current version's file; the address stays when the version changes."""
    version = DocumentVersion.objects.downloadable().filter(document=pk).order_by("-number").first()
    if version is None:
        raise Http404
    return deliver(request, version)


@csrf_exempt  # programs fetch files: a wrong method is told as such, not as a missing token
@require_safe
def document_version_file(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """The file of one version, older ones included."""
    versions = DocumentVersion.objects.downloadable()
    return deliver(request, get_object_or_404(versions, document=pk, number=number))
