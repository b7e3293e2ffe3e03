"""The design system's parts that templates name: icons, facts, freshness."""

from datetime import date

import segno
from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import mark_safe

register = template.Library()


@register.simple_tag
def icon(name: str, title: str = ""):
    """A picture from static/img/ui.svg; silent for screen readers unless it has a title."""
    source = f"{static('img/ui.svg')}#{name}"
    if title:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}"/></svg>', title, source
        )
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}"/></svg>', source)


@register.filter
def shortened(text: str, length: int) -> str:
    """At most so many characters, the last of them an ellipsis, without half a Latin word."""
    if len(text) <= length:
        return text
    head, space, rest = text[: length - 1].rpartition(" ")
    # Between Chinese characters there is no word to be cut; a space far back is none of its end.
    kept = head if space and rest.isascii() else text[: length - 1]
    return kept.rstrip(" ,.;:，。；：、–-") + "…"


@register.inclusion_tag("parts/fact.html")
def fact(label, value, note=""):
    """One line of a list of facts; nothing where there is no value."""
    return {"label": label, "value": value, "note": note}


@register.inclusion_tag("parts/freshness.html")
def freshness(record, today: date | None = None):
    """Whence and from when the data is, and in plain words whether a check is overdue."""
    today = today or timezone.localdate()
    overdue = bool(record.verify_by) and record.verify_by < today
    return {"record": record, "overdue": overdue}


@register.filter
def model_name(record) -> str:
    """What kind of record it is, as a name for style classes."""
    return record._meta.model_name


@register.filter
def is_overdue(record) -> bool:
    """True when the record should have been verified before today."""
    return bool(record.verify_by) and record.verify_by < timezone.localdate()


@register.simple_tag
def qr_code(address: str):
    """A QR code of an address as inline SVG; the address itself stands beside it as text."""
    svg = segno.make(address, error="m").svg_inline(
        border=2, dark="#1c231f", light="#ffffff", omitsize=True, svgclass="qr", lineclass=None
    )
    return mark_safe(svg.replace("<svg ", '<svg aria-hidden="true" ', 1))


@register.inclusion_tag("parts/pagination.html", takes_context=True)
def pagination(context, page):
    """Links to the pages before and after, and to those about."""
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    return {"page": page, "numbers": numbers, "request": context["request"]}


@register.simple_tag
def share_bar(part, whole):
    """A bar of `whole`, filled by `part`; silent, since the numbers stand beside it."""
    share = round(float(part) / float(whole) * 100, 1) if whole else 0
    return format_html(
        '<svg class="share-bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="share-bar-whole" width="100" height="8"/>'
        '<rect class="share-bar-part" width="{}" height="8"/></svg>',
        share,
    )


@register.filter
def add_number(value, more) -> float:
    """The sum, for places in drawings; `add` of Django rounds down."""
    return round(float(value) + float(more), 1)
