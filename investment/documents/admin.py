"""Documents in the administration: a new version by upload, old ones shown and kept."""

from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from investment.documents.forms import DocumentForm
from investment.documents.models import Document, DocumentVersion
from investment.documents.services import document_version_add
from layers.catalog.staff import CityWide
from layers.records.acts import PublicationActs


class VersionInline(admin.TabularInline):
    """The versions there are; only their publication and notes may be changed."""

    model = DocumentVersion
    extra = 0
    can_delete = False
    fields = (
        *("number", "filename", "size", "digest", "created_at", "downloads"),
        *("note_zh", "note_en", "published"),
    )
    readonly_fields = ("number", "filename", "size", "digest", "created_at", "downloads")

    def has_add_permission(self, request, obj=None):
        return False

    @admin.display(description="SHA-256")
    def digest(self, version):
        return format_html("<code>{}…</code>", version.sha256[:12])


@admin.register(Document)
class DocumentAdmin(PublicationActs, CityWide, admin.ModelAdmin):
    """Documents with their versions; a file goes through the same checks as everywhere.

    Documents belong to no district: staff with an area may only look at them.
    """

    form = DocumentForm
    inlines = [VersionInline]
    list_display = ("title_zh", "kind", "language", "state", "current_number")
    list_filter = ("kind", "language", "state")
    search_fields = ("title_zh", "title_en", "procedure")
    fieldsets = (
        (None, {"fields": ("title_zh", "title_en", "summary_zh", "summary_en")}),
        (None, {"fields": ("kind", "language", "procedure", "order")}),
        (_("Publication"), {"fields": ("state", "effective_from", "effective_until")}),
        (_("File"), {"fields": ("upload", "upload_note_zh", "upload_note_en")}),
    )

    def get_queryset(self, request):
        return super().get_queryset(request).with_versions()

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if upload := form.cleaned_data.get("upload"):
            document_version_add(
                document=form.instance,
                file=upload,
                checked=form.checked,
                note_zh=form.cleaned_data["upload_note_zh"],
                note_en=form.cleaned_data["upload_note_en"],
            )

    @admin.display(description=_("current version"))
    def current_number(self, document):
        return document.current.number if document.current else "–"
