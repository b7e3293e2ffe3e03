"""The filters of the document list, and the upload in the administration."""

from django import forms
from django.utils.translation import gettext_lazy as _

from investment.documents.errors import UploadRefused
from investment.documents.models import Document
from investment.documents.services import upload_checked
from layers.catalog.declarations import code_labels

#: The code list where staff may name the approval steps that documents belong to.
PROCEDURES = "procedures"


def procedure_labels() -> dict[str, str]:
    """The approval steps of public documents with their names, or their keys where unnamed."""
    labels = code_labels(PROCEDURES)
    keys = Document.objects.public().exclude(procedure="").order_by("procedure")
    keys = keys.values_list("procedure", flat=True).distinct()
    return {key: str(labels.get(key, key)) for key in keys}


class DocumentFilters(forms.Form):
    """What a visitor may narrow the list by; all may be left out."""

    q = forms.CharField(label=_("Words"), max_length=100, required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    language = forms.ChoiceField(
        label=_("Language"),
        required=False,
        choices=[("", _("All")), ("zh", _("Chinese")), ("en", _("English"))],
    )
    procedure = forms.ChoiceField(label=_("Procedure"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", _("All")), *Document.Kind.choices]
        self.fields["procedure"].choices = [("", _("All")), *procedure_labels().items()]
        for name, field in self.fields.items():
            field.widget.attrs["id"] = f"filter-{name}"

    def documents(self):
        """The public documents that pass; of filters with bad values none is applied."""
        given = self.cleaned_data if self.is_valid() else {}
        found = Document.objects.public()
        for name in ("kind", "procedure"):
            if given.get(name):
                found = found.filter(**{name: given[name]})
        if given.get("language"):
            found = found.in_language(given["language"])
        return found.matching(given.get("q", "")).with_versions()


class DocumentForm(forms.ModelForm):
    """A document and, when a file is chosen, its next version."""

    upload = forms.FileField(
        label=_("new version"),
        required=False,
        help_text=_("DOCX, XLSX, PDF or ZIP; it becomes the current version at once."),
    )
    upload_note_zh = forms.CharField(
        label=_("note (Chinese)"), max_length=300, required=False, empty_value=""
    )
    upload_note_en = forms.CharField(
        label=_("note (English)"), max_length=300, required=False, empty_value=""
    )

    class Meta:
        model = Document
        fields = (
            *("title_zh", "title_en", "summary_zh", "summary_en", "kind", "language"),
            *("procedure", "order", "state", "effective_from", "effective_until"),
        )

    def clean_upload(self):
        upload = self.cleaned_data["upload"]
        if upload:
            try:
                self.checked = upload_checked(file=upload)
            except UploadRefused as refusal:
                raise forms.ValidationError(str(refusal), code=refusal.code) from None
        return upload
