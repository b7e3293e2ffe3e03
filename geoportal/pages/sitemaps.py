"""What search engines may visit: fixed pages and every public record, in both languages."""

from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from geoportal.pages.context import NAVIGATION
from investment.models import Document, Park, Policy, Project, Site


class Pages(Sitemap):
    """The columns of the site."""

    i18n = True
    alternates = True

    def items(self):
        return [*dict(NAVIGATION), "investment:costs", "pages:sitemap"]

    def location(self, item):
        return reverse(item)


class Records(Sitemap):
    """The pages of one kind of public record."""

    i18n = True
    alternates = True

    def __init__(self, model, name: str):
        self.model, self.name = model, name

    def items(self):
        known = {field.name for field in self.model._meta.fields}
        needed = known & {"id", "slug", "updated_at"}
        return self.model.objects.public().only(*needed).order_by("pk")

    def location(self, item):
        return reverse(self.name, args=[getattr(item, "slug", item.pk)])

    def lastmod(self, item):
        return getattr(item, "updated_at", None)


SITEMAPS = {
    "pages": Pages(),
    "parks": Records(Park, "investment:park"),
    "sites": Records(Site, "investment:site"),
    "projects": Records(Project, "investment:project"),
    "policies": Records(Policy, "investment:policy"),
    "documents": Records(Document, "investment:document"),
}
