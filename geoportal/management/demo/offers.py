"""Parks, sites and projects with what belongs to each."""

from __future__ import annotations

from geoportal.management.demo.catalogue import contacts_by_key
from geoportal.management.demo.records import found_by, geos
from investment.models import Park, ParkTenant, Project, Site, Utility, UtilityNeed
from layers.records.publication import State


def _new(model, rows) -> list:
    """The rows whose slug the table lacks."""
    known = set(model.objects.values_list("slug", flat=True))
    return [row for row in rows if row.slug not in known]


def _offer(model, row, contacts, **links):
    values = {**row.values, "geom": geos(row.values["geom"])}
    contact = contacts[row.contact]
    return found_by(model(slug=row.slug, contact=contact, state=State.PUBLISHED, **links, **values))


def _added(model, objects: list) -> dict:
    """Write what is new; what is there by slug, old and new."""
    if objects:
        model.objects.bulk_create(objects)
    return {row.slug: row for row in model.objects.only("pk", "slug")}


def _write(model, objects: list) -> None:
    if objects:
        model.objects.bulk_create(objects)


def load_parks(city) -> None:
    """Parks, their utilities and tenants."""
    contacts, new = contacts_by_key(city), _new(Park, city.content.parks)
    parks = _added(Park, [_offer(Park, row, contacts) for row in new])
    _write(Utility, [Utility(park=parks[r.slug], **u) for r in new for u in r.utilities])
    _write(ParkTenant, [ParkTenant(park=parks[r.slug], **t) for r in new for t in r.tenants])
    city.count("parks", len(new))


def load_sites(city) -> None:
    """Sites and the connections at each."""
    contacts, new = contacts_by_key(city), _new(Site, city.content.sites)
    parks = {park.slug: park for park in Park.objects.only("pk", "slug")}
    made = [_offer(Site, row, contacts, park=parks.get(row.park)) for row in new]
    sites = _added(Site, made)
    _write(Utility, [Utility(site=sites[r.slug], **u) for r in new for u in r.utilities])
    city.count("sites", len(new))


def load_projects(city) -> None:
    """Projects and what they ask of the utilities."""
    contacts, new = contacts_by_key(city), _new(Project, city.content.projects)
    parks = {park.slug: park for park in Park.objects.only("pk", "slug")}
    sites = {site.slug: site for site in Site.objects.only("pk", "slug")}
    made = [
        _offer(Project, row, contacts, park=parks.get(row.park), site=sites.get(row.site))
        for row in new
    ]
    projects = _added(Project, made)
    _write(
        UtilityNeed,
        [
            UtilityNeed(project=projects[row.slug], kind=kind, demand=demand)
            for row in new
            for kind, demand in row.needs.items()
        ],
    )
    city.count("projects", len(new))
