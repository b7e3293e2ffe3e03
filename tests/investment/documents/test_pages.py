"""The list narrows, the page tells all, the administration refuses in words."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from investment.documents import inspection, services
from investment.documents.models import DocumentVersion
from tests.factories import make_park, make_project
from tests.investment.documents.files import docx, make_document, make_version, pdf, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def library():
    """Four documents of different kind and language."""
    made = {
        "form": make_document(procedure="land-use"),
        "guide": make_document(
            kind="guide", language="en", title_zh="投资指南", title_en="Investor guide"
        ),
        "policy": make_document(
            kind="policy", language="zh-en", title_zh="奖励办法", title_en="Incentive rules"
        ),
    }
    for document in made.values():
        make_version(document)
    made["empty"] = make_document(title_zh="没有文件")
    return made


def listed(client, query="") -> set[str]:
    page = client.get(f"/documents/{query}").context["page"]
    return {document.title_zh for document in page}


def test_all_with_a_file_are_listed(client, library):
    assert listed(client) == {"投资项目申请表", "投资指南", "奖励办法"}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?kind=guide", {"投资指南"}),
        ("?language=zh", {"投资项目申请表", "奖励办法"}),
        ("?language=en", {"投资指南", "奖励办法"}),
        ("?procedure=land-use", {"投资项目申请表"}),
        ("?q=指南", {"投资指南"}),
        ("?q=INVESTOR+guide", {"投资指南"}),
        ("?q=guide+没有", set()),
        ("?q=100%25", set()),
        ("?kind=form&language=en", set()),
        ("?page=999", {"投资项目申请表", "投资指南", "奖励办法"}),
    ],
)
def test_the_list_narrows(client, library, query, found):
    assert listed(client, query) == found


@pytest.mark.parametrize("query", ["?kind=nonsense", "?language=fr", "?q=" + "x" * 200, "?q=%00"])
def test_a_filter_that_cannot_be_is_said_so_and_breaks_nothing(client, library, query):
    response = client.get(f"/documents/{query}")
    assert response.status_code == 200
    assert 'role="alert"' in response.content.decode()


def test_pages_speak_both_languages(client, library):
    pk = library["guide"].pk
    assert "投资指南" in client.get(f"/documents/{pk}/").content.decode()
    english = client.get(f"/en/documents/{pk}/").content.decode()
    assert "Investor guide" in english
    assert "Current version" in english


def test_the_page_tells_size_sum_date_and_counts_of_every_version(client, library):
    document = library["form"]
    second = make_version(document, content=docx(), name="新版.docx", note_zh="更新附件")
    DocumentVersion.objects.filter(pk=second.pk).update(downloads=41)
    page = client.get(f"/documents/{document.pk}/").content.decode()
    for version in document.versions.all():
        assert version.sha256 in page
        assert f"/documents/{document.pk}/versions/{version.number}/file" in page
    assert '<td class="number nowrap">41</td>' in page
    assert "更新附件" in page
    withdrawn = make_version(document, published=False, content=pdf(77))
    assert withdrawn.sha256 not in client.get(f"/documents/{document.pk}/").content.decode()


def test_only_public_owners_are_named(client, library):
    document = library["form"]
    document.parks.add(make_park(), make_park("draft-park", name_zh="未公开园区", state="draft"))
    page = client.get(f"/documents/{document.pk}/").content.decode()
    assert "北林经济开发区" in page
    assert "未公开园区" not in page


def test_owners_stand_by_kind_and_the_many_are_folded(client, library):
    document = library["form"]
    document.projects.add(*(make_project(f"p-{n}", name_en=f"Project {n}") for n in range(12)))
    document.parks.add(make_park())
    page = client.get(f"/en/documents/{document.pk}/").content.decode()
    assert page.index("<h3>Parks</h3>") < page.index("<h3>Projects</h3>")
    shown, folded = page.split("document-rest", 1)[0], page.split("Show all 12", 1)[1]
    assert (shown.count("/en/projects/p-"), folded.count("/en/projects/p-")) == (10, 2)


def test_the_page_tells_effect_and_the_language_of_the_file(client, library):
    document = library["form"]
    document.effective_from = datetime(2026, 1, 15, 4, tzinfo=UTC)
    document.effective_until = timezone.now() + timedelta(days=30)
    document.save()
    page = client.get(f"/en/documents/{document.pk}/").content.decode()
    assert "in effect from 2026-01-15" in page
    assert "in effect until" in page
    assert "<small>(Chinese)</small>" in page


def test_the_list_asks_the_same_number_of_questions_however_long(
    client, library, django_assert_max_num_queries
):
    for number in range(10):
        make_version(make_document(title_zh=f"表{number}"))
    with django_assert_max_num_queries(8):
        client.get("/documents/")


@pytest.fixture
def staff(client):
    user = get_user_model().objects.create_superuser("editor", "e@example.invalid", "pw-for-test")
    client.force_login(user)
    return client


def form_data(**given) -> dict:
    return {
        "title_zh": "申请表",
        "title_en": "Form",
        "kind": "form",
        "language": "zh",
        "order": "0",
        "state": "published",
        "versions-TOTAL_FORMS": "0",
        "versions-INITIAL_FORMS": "0",
        **given,
    }


ADD = "/admin/investment/document/add/"


def test_staff_upload_a_version_in_the_administration(staff):
    data = form_data(upload=upload(docx(), "申请表.docx"), upload_note_zh="首版")
    response = staff.post(ADD, data)
    assert response.status_code == 302
    version = DocumentVersion.objects.get()
    assert (version.number, version.filename, version.note_zh) == (1, "申请表.docx", "首版")
    assert staff.get("/admin/investment/document/").status_code == 200
    assert staff.get(f"/admin/investment/document/{version.document_id}/change/").status_code == 200


def test_an_upload_is_inspected_once(staff, monkeypatch):
    seen = []

    def media_type_of(file, name):
        seen.append(name)
        return inspection.media_type_of(file, name)

    monkeypatch.setattr(services, "media_type_of", media_type_of)
    assert staff.post(ADD, form_data(upload=upload(docx(), "申请表.docx"))).status_code == 302
    assert seen == ["申请表.docx"]


def test_the_administration_says_why_a_file_is_refused(staff):
    response = staff.post(ADD, form_data(upload=upload(b"MZ\x90\0" * 20, "申请表.docx")))
    assert response.status_code == 200
    assert response.context["adminform"].form.errors["upload"]
    assert not DocumentVersion.objects.exists()
