"""Reads of documents, named as questions."""

from datetime import datetime

from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q

from layers.records.publication import PublishedQuerySet


class VersionQuerySet(models.QuerySet):
    """Questions about versions."""

    def downloadable(self, at: datetime | None = None):
        """Published versions of documents that are published and in effect."""
        documents = self.model.document.field.related_model.objects.public(at)
        return self.filter(published=True, document__in=documents)


class DocumentQuerySet(PublishedQuerySet):
    """Questions about documents."""

    def public(self, at: datetime | None = None):
        """Published, in effect at an instant (default: now), and with a file to download."""
        versions = self._versions().filter(document=OuterRef("pk"), published=True)
        return super().public(at).filter(Exists(versions))

    def with_versions(self):
        """Each with `published_versions`, newest first, at one query for all."""
        published = self._versions().filter(published=True).order_by("-number")
        return self.prefetch_related(
            Prefetch("versions", queryset=published, to_attr="published_versions")
        )

    def in_language(self, language: str):
        """Readable in `zh` or `en`; a document in both languages answers to either."""
        return self.filter(language__in={language, "zh-en"})

    def matching(self, text: str):
        """Every word of the text in the titles, the summaries or a published file's name."""
        found = self
        for word in text.split():
            named = self._versions().filter(
                document=OuterRef("pk"), published=True, filename__icontains=word
            )
            texts = ("title_zh", "title_en", "summary_zh", "summary_en")
            anywhere = [Q(**{f"{name}__icontains": word}) for name in texts]
            found = found.filter(Q(*anywhere, Exists(named), _connector=Q.OR))
        return found

    def _versions(self):
        return self.model.versions.rel.related_model.objects.all()
