"""The layers that pages stand on are not withdrawn as a whole; their records are."""

import pytest
from django.urls import reverse
from django.utils import translation

from layers.catalog.services import catalog_sync
from layers.models import Layer
from tests.factories import make_layer

pytestmark = pytest.mark.django_db


def test_only_layers_made_by_staff_are_withdrawn(admin_client):
    catalog_sync()
    parks, wells = Layer.objects.get(slug="parks"), make_layer()
    chosen = {"action": "withdraw", "_selected_action": [parks.pk, wells.pk]}
    with translation.override("zh-hans"):
        page = admin_client.post(reverse("admin:layers_layer_changelist"), chosen, follow=True)
    published = dict(Layer.objects.values_list("slug", "published"))
    assert (published["parks"], published["wells"]) == (True, False)
    assert "程序内置图层不能整体撤下" in page.content.decode()


@pytest.mark.parametrize(("slug", "offered"), [("parks", False), ("wells", True)])
def test_the_form_offers_withdrawal_for_layers_made_by_staff(admin_client, slug, offered):
    catalog_sync()
    make_layer()
    layer = Layer.objects.get(slug=slug)
    page = admin_client.get(reverse("admin:layers_layer_change", args=[layer.pk]))
    assert ("published" in page.context["adminform"].form.fields) == offered
