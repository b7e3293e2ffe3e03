"""Documents to download and their versions (文件与版本)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from investment.documents.querysets import DocumentQuerySet, VersionQuerySet
from layers.bilingual import Bilingual, in_chinese, in_english
from layers.records.publication import Published
from layers.rules import Check, Unique, choices_held


@choices_held
class Document(Published):
    """A document at a stable address; its current version is the highest published number."""

    class Kind(models.TextChoices):
        FORM = "form", _("application form")
        GUIDE = "guide", _("guide")
        POLICY = "policy", _("policy")
        REPORT = "report", _("report")
        TEMPLATE = "template", _("template")

    class Language(models.TextChoices):
        CHINESE = "zh", _("Chinese")
        ENGLISH = "en", _("English")
        BOTH = "zh-en", _("Chinese and English")

    title_zh = models.CharField(_("title (Chinese)"), max_length=200)
    title_en = models.CharField(_("title (English)"), max_length=200)
    summary_zh = models.TextField(in_chinese(_("summary")), blank=True)
    summary_en = models.TextField(in_english(_("summary")), blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    language = models.CharField(_("language"), max_length=5, choices=Language.choices)
    #: Free key of the approval step the document belongs to; empty for general documents.
    procedure = models.SlugField(_("procedure"), max_length=80, blank=True)
    order = models.PositiveIntegerField(_("order"), default=0)

    title = Bilingual("title")
    summary = Bilingual("summary")

    objects = DocumentQuerySet.as_manager()

    class Meta(Published.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["kind", "order", "title_zh"]

    def __str__(self):
        return self.title

    @property
    def current(self) -> "DocumentVersion | None":
        """The version at the stable address: the highest published number."""
        if hasattr(self, "published_versions"):
            return next(iter(self.published_versions), None)
        return self.versions.filter(published=True).order_by("-number").first()


class DocumentVersion(models.Model):
    """One file of a document; never changed once stored."""

    document = models.ForeignKey(
        Document, verbose_name=_("document"), on_delete=models.CASCADE, related_name="versions"
    )
    number = models.PositiveIntegerField(_("version"))
    file = models.FileField(_("file"), upload_to="documents/%Y/")
    filename = models.CharField(_("file name"), max_length=200)
    media_type = models.CharField(_("media type"), max_length=100)
    size = models.PositiveBigIntegerField(_("size"))
    sha256 = models.CharField("SHA-256", max_length=64)
    note_zh = models.CharField(in_chinese(_("note")), max_length=300, blank=True)
    note_en = models.CharField(in_english(_("note")), max_length=300, blank=True)
    published = models.BooleanField(_("published"), default=True)
    created_at = models.DateTimeField(_("stored at"), auto_now_add=True)
    downloads = models.PositiveBigIntegerField(_("downloads"), default=0)

    note = Bilingual("note")

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("document version")
        verbose_name_plural = _("document versions")
        ordering = ["document", "-number"]
        constraints = [
            Unique(
                fields=["document", "number"],
                name="version_numbered_once",
                at=("number",),
                says=_("This document has a version of this number already."),
            ),
            Check(
                condition=models.Q(sha256__regex=r"^[0-9a-f]{64}$"),
                name="version_has_sha256",
                at=("sha256",),
                says=_("The checksum must be 64 hexadecimal digits."),
            ),
        ]

    def __str__(self):
        return f"{self.filename} v{self.number}"

    @property
    def extension(self) -> str:
        """The kind of file as people name it: DOCX, XLSX, PDF or ZIP."""
        return self.filename.rpartition(".")[2].upper()
