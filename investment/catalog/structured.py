"""What search engines and messengers read from a page: schema.org JSON-LD and the path to it."""

import json

from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from investment.catalog.models import Park, Project, Site
from investment.industries import industry_label

#: What may not stand in a script element as it is.
_ESCAPES = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}
_PLACE_TYPES = {Park: "Place", Site: "RealEstateListing", Project: "Project"}


def breadcrumbs(offer, park: Park | None = None) -> list[tuple[str, str]]:
    """County, park and list above an offer: titles with addresses."""
    kind = offer._meta.model_name
    titles = {"park": _("Parks"), "site": _("Sites"), "project": _("Projects")}
    listed = reverse(f"investment:{kind}s")
    path = [(titles[kind], listed)]
    if offer.district:
        path.append((offer.district.name, f"{listed}?district={offer.district.code}"))
    if park:
        path.append((park.name, reverse("investment:park", args=[park.slug])))
    return path


def structured_data(request: HttpRequest, offer, path: list[tuple[str, str]]) -> SafeString:
    """The JSON-LD of an offer's page, safe inside a script element."""
    address = request.build_absolute_uri(request.path)
    above = [
        {"@type": "ListItem", "position": n, "name": title, "item": request.build_absolute_uri(url)}
        for n, (title, url) in enumerate(path, 1)
    ]
    here = {"@type": "ListItem", "position": len(above) + 1, "name": offer.name, "item": address}
    graph = [
        {"@type": "BreadcrumbList", "itemListElement": [*above, here]},
        _offer(request, offer, address),
    ]
    text = json.dumps({"@context": "https://schema.org", "@graph": graph}, ensure_ascii=False)
    return mark_safe(text.translate(_ESCAPES))


def _offer(request: HttpRequest, offer, address: str) -> dict:
    data = {
        "@type": _PLACE_TYPES[type(offer)],
        "@id": address,
        "url": address,
        "name": offer.name,
        "description": offer.summary,
        "dateModified": offer.updated_at.isoformat(),
        "image": [
            request.build_absolute_uri(reverse("photos:photo", args=[photo.pk, "full"]))
            for photo in offer.photos.all()
        ],
    }
    data.update(_particulars(offer))
    return {name: value for name, value in data.items() if value}


def _particulars(offer) -> dict:
    if isinstance(offer, Park):
        return {**_place(offer), "knowsAbout": [industry_label(c) for c in offer.industries]}
    if isinstance(offer, Project):
        return {
            "location": {"@type": "Place", **_place(offer)},
            "knowsAbout": industry_label(offer.industry),
            "parentOrganization": _organisation(offer),
        }
    return {
        "about": {"@type": "Place", "name": offer.name, **_place(offer)},
        "offers": _price(offer),
        "provider": _organisation(offer),
    }


def _place(offer) -> dict:
    place = {
        "address": {
            "@type": "PostalAddress",
            "addressCountry": "CN",
            "addressRegion": offer.district.name if offer.district else "",
            "streetAddress": offer.address,
        }
    }
    if offer.geom:
        lon, lat = offer.geom.point_on_surface.coords[:2]
        place["geo"] = {
            "@type": "GeoCoordinates",
            "latitude": round(lat, 6),
            "longitude": round(lon, 6),
        }
    return place


def _organisation(offer) -> dict:
    contact = offer.contact
    return {
        "@type": "Organization",
        "name": contact.organisation,
        "telephone": contact.phone,
        "email": contact.email,
    }


def _price(site: Site) -> dict | None:
    if site.price is None:
        return None
    unit = "m²" if site.price_unit == Site.PriceUnit.SALE else "m² · month"
    return {
        "@type": "Offer",
        "priceSpecification": {
            "@type": "UnitPriceSpecification",
            "price": str(site.price),
            "priceCurrency": "CNY",
            "unitText": unit,
        },
    }
