"""Writes to the catalogue."""

from django.db import transaction

from layers.catalog.models import Code, CodeList, Layer, LayerGroup
from layers.registry.codelists import registered_code_lists
from layers.registry.groups import registered_groups
from layers.registry.registry import typed_declarations


@transaction.atomic
def catalog_sync() -> None:
    """Bring groups, code lists and typed layers declared in code into the catalogue.

    Titles and styles follow the code; what staff keep (steward, source, cadence, dates,
    publication) is left as it is.
    """
    for slug, (title, order, _topic) in registered_groups().items():
        LayerGroup.objects.update_or_create(
            slug=slug, defaults={"title_zh": title.zh, "title_en": title.en, "order": order}
        )
    for code_list in registered_code_lists():
        _sync_code_list(code_list)
    groups = {group.slug: group for group in LayerGroup.objects.all()}
    for declaration in typed_declarations().values():
        _sync_layer(declaration, groups[declaration.group])


def _sync_code_list(declared) -> None:
    row, _ = CodeList.objects.update_or_create(
        slug=declared.slug,
        defaults={
            "title_zh": declared.title.zh,
            "title_en": declared.title.en,
            "standard": declared.standard,
        },
    )
    Code.objects.bulk_create(
        [
            Code(code_list=row, value=value, label_zh=label.zh, label_en=label.en, order=order)
            for order, (value, label) in enumerate(declared.codes.items())
        ],
        update_conflicts=True,
        unique_fields=["code_list", "value"],
        update_fields=["label_zh", "label_en", "order"],
    )


def _sync_layer(declaration, group: LayerGroup) -> None:
    followed = {
        "kind": Layer.Kind.TYPED,
        "group": group,
        "title_zh": declaration.title.zh,
        "title_en": declaration.title.en,
        "abstract_zh": declaration.abstract.zh,
        "abstract_en": declaration.abstract.en,
        "geometry_type": declaration.geometry.value,
        "label_zh": declaration.label[0],
        "label_en": declaration.label[1],
        "style": dict(declaration.style),
        "min_zoom": declaration.min_zoom,
        "max_zoom": declaration.max_zoom,
        "visible": declaration.visible,
        "order": declaration.order,
        "has_z": declaration.has_z,
    }
    layer = Layer.objects.filter(slug=declaration.slug).first()
    if layer is None:
        Layer.objects.create(slug=declaration.slug, published=True, **followed)
    elif any(getattr(layer, name) != value for name, value in followed.items()):
        Layer.objects.filter(pk=layer.pk).update(**followed)
