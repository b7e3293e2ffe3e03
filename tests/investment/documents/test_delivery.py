"""Files arrive whole, go on where they broke off, and are counted; what is not public is 404."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.test import Client
from django.utils import timezone

from investment.documents.models import Document, DocumentVersion
from investment.documents.services import download_count
from layers.serving.ranges import Range, Unsatisfiable, parse_range
from tests.investment.documents.files import docx, make_document, make_version, pdf

pytestmark = pytest.mark.django_db

CONTENT = pdf(5000)
SIZE = len(CONTENT)


@pytest.fixture
def version():
    return make_version(content=CONTENT)


@pytest.fixture
def fetch(client, version):
    """GET the current file with headers."""

    def get(method="get", url=None, **headers):
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return getattr(client, method)(url or address(version), headers=named)

    return get


def address(version) -> str:
    return f"/documents/{version.document_id}/file"


def body(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def downloads(version) -> int:
    return DocumentVersion.objects.get(pk=version.pk).downloads


def test_the_file_comes_whole_with_its_type_name_and_sum(fetch, version):
    response = fetch()
    assert response.status_code == 200
    assert body(response) == CONTENT
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Length"] == str(SIZE)
    assert response["Accept-Ranges"] == "bytes"
    assert response["ETag"] == f'"{version.sha256}"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"] == (
        f'attachment; filename="document-{version.document_id}-v1.pdf"; '
        "filename*=UTF-8''%E6%8A%95%E8%B5%84%E9%A1%B9%E7%9B%AE%E7%94%B3%E8%AF%B7%E8%A1%A8.pdf"
    )


def test_the_bytes_stay_the_same_for_browsers_that_take_gzip(fetch):
    response = fetch(accept_encoding="gzip, br")
    assert "Content-Encoding" not in response
    assert body(response) == CONTENT
    assert response["Content-Length"] == str(SIZE)


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-99", 0, 99),
        ("bytes=100-", 100, SIZE - 1),
        ("bytes=-50", SIZE - 50, SIZE - 1),
        ("bytes=10-999999", 10, SIZE - 1),
        ("bytes=-999999", 0, SIZE - 1),
        (f"bytes={SIZE - 1}-", SIZE - 1, SIZE - 1),
    ],
)
def test_a_part_is_given(fetch, asked, start, end):
    response = fetch(range=asked)
    assert response.status_code == 206
    assert response["Content-Range"] == f"bytes {start}-{end}/{SIZE}"
    assert response["Content-Length"] == str(end - start + 1)
    assert body(response) == CONTENT[start : end + 1]


@pytest.mark.parametrize(
    "asked",
    [
        "bytes=0-9,20-29",
        "bytes=9-0",
        "bytes=a-b",
        "lines=0-9",
        "bytes=",
        "bytes=-",
        "0-9",
    ],
)
def test_what_is_no_single_range_gets_the_whole_file(fetch, asked):
    response = fetch(range=asked)
    assert response.status_code == 200
    assert body(response) == CONTENT


@pytest.mark.parametrize(
    "asked", [f"bytes={SIZE}-", "bytes=999999-1000000", "bytes=-0", "bytes=" + "9" * 5000 + "-"]
)
def test_a_range_behind_the_end_is_416_with_the_size(fetch, asked, version):
    response = fetch(range=asked)
    assert response.status_code == 416
    assert response["Content-Range"] == f"bytes */{SIZE}"
    assert downloads(version) == 0


def test_a_broken_download_goes_on_while_the_file_is_the_same(fetch):
    first = fetch(range="bytes=0-1999")
    rest = fetch(range="bytes=2000-", if_range=first["ETag"])
    by_date = fetch(range="bytes=2000-", if_range=first["Last-Modified"])
    assert rest.status_code == by_date.status_code == 206
    assert body(first) + body(rest) == CONTENT


def test_a_broken_download_begins_anew_when_the_file_changed(fetch, version):
    begun = fetch(range="bytes=0-99")
    make_version(version.document, content=pdf(7000))
    for condition in (begun["ETag"], "Sat, 01 Jan 2000 00:00:00 GMT", 'W/"x"', "nonsense"):
        response = fetch(range="bytes=100-", if_range=condition)
        assert response.status_code == 200, condition
        assert body(response) == pdf(7000)


def test_what_the_client_has_is_not_sent_again(fetch, version):
    first = fetch()
    body(first)
    for condition in (
        {"if_none_match": first["ETag"]},
        {"if_none_match": f'"x", {first["ETag"]}'},
        {"if_none_match": "*"},
        {"if_modified_since": first["Last-Modified"]},
    ):
        again = fetch(**condition)
        assert (again.status_code, again.content) == (304, b""), condition
        assert again["ETag"] == first["ETag"]
    assert downloads(version) == 1


def test_preconditions_that_do_not_hold_are_412(fetch):
    assert fetch(if_match='"other"').status_code == 412
    assert fetch(if_unmodified_since="Sat, 01 Jan 2000 00:00:00 GMT").status_code == 412


def test_head_tells_size_and_validators_and_sends_nothing(fetch, version):
    response = fetch("head")
    assert response.status_code == 200
    assert response["Content-Length"] == str(SIZE)
    assert response["ETag"] == f'"{version.sha256}"'
    assert body(response) == b""
    assert downloads(version) == 0


def test_other_methods_are_refused_as_such(version):
    strict = Client(enforce_csrf_checks=True)
    for method in (strict.post, strict.delete):
        response = method(address(version))
        assert response.status_code == 405
        assert "GET" in response["Allow"]


def test_downloads_are_counted_once_however_many_parts_they_take(fetch, version):
    body(fetch())
    assert downloads(version) == 1
    body(fetch(range="bytes=0-0"))
    body(fetch(range="bytes=0-99"))
    assert downloads(version) == 1
    body(fetch(range="bytes=100-"))
    assert downloads(version) == 2


def test_a_transfer_that_breaks_off_is_not_counted(fetch):
    content = b"%PDF-1.7\n" + bytes(600_000) + b"\n%%EOF"
    long = make_version(make_document(title_zh="长", title_en="Long"), content=content)
    next(iter(fetch(url=address(long)).streaming_content))
    assert downloads(long) == 0


@pytest.mark.parametrize(
    ("headers", "status"),
    [({}, 200), ({"range": "bytes=0-9"}, 206), ({"range": "bytes=9999999-"}, 416)],
)
def test_caches_ask_before_they_give_a_file_out(fetch, headers, status):
    response = fetch(**headers)
    assert (response.status_code, response["Cache-Control"]) == (status, "no-cache")


def test_caches_ask_again_after_304_and_for_what_nginx_sends(fetch, settings):
    again = fetch(if_none_match=fetch()["ETag"])
    assert (again.status_code, again["Cache-Control"]) == (304, "no-cache")
    settings.ACCEL_REDIRECT_PREFIX = "/protected/"
    assert fetch()["Cache-Control"] == "no-cache"


def test_the_current_address_follows_and_old_versions_stay(fetch, version):
    before = fetch()
    second = make_version(version.document, content=docx(), name="申请表.docx")
    after = fetch()
    assert before["ETag"] != after["ETag"]
    assert after["ETag"] == f'"{second.sha256}"'
    assert body(after).startswith(b"PK")
    old = fetch(url=f"/documents/{version.document_id}/versions/1/file")
    assert body(old) == CONTENT
    assert downloads(second) == 1


def unpublish(version):
    Document.objects.filter(pk=version.document_id).update(state="draft")


def expire(version):
    past = timezone.now() - timedelta(seconds=1)
    Document.objects.filter(pk=version.document_id).update(effective_until=past)


def postpone(version):
    future = timezone.now() + timedelta(hours=1)
    Document.objects.filter(pk=version.document_id).update(effective_from=future)


def withdraw_file(version):
    DocumentVersion.objects.filter(pk=version.pk).update(published=False)


@pytest.mark.parametrize("act", [unpublish, expire, postpone, withdraw_file])
def test_what_is_not_public_is_not_found_by_any_path(client, version, act):
    paths = [
        f"/documents/{version.document_id}/",
        f"/documents/{version.document_id}/file",
        f"/documents/{version.document_id}/versions/1/file",
        f"/en/documents/{version.document_id}/file",
    ]
    assert [client.get(path).status_code for path in paths] == [200] * 4
    before = downloads(version)
    make_version(make_document(title_zh="公开指南", title_en="Open guide"))
    act(version)
    assert [client.get(path).status_code for path in paths] == [404] * 4
    assert [client.head(path).status_code for path in paths] == [404] * 4
    for query in ("", "?q=申请表", "?kind=form"):
        page = client.get(f"/documents/{query}").content.decode()
        assert f"/documents/{version.document_id}/" not in page
    assert client.get("/documents/").context["page"].paginator.count == 1
    assert downloads(version) == before


def test_a_withdrawn_version_hands_the_address_back_to_the_one_before(fetch, version):
    second = make_version(version.document, content=pdf(9))
    withdraw_file(second)
    assert body(fetch()) == CONTENT
    gone = f"/documents/{version.document_id}/versions/2/file"
    assert fetch(url=gone).status_code == 404


@pytest.mark.parametrize("pk", ["999999", "99999999999999999999999"])
def test_documents_that_never_were_are_not_found(client, pk):
    assert client.get(f"/documents/{pk}/file").status_code == 404
    assert client.get(f"/documents/{pk}/versions/{pk}/file").status_code == 404


def test_a_file_lost_from_the_storage_is_not_found_and_not_counted(fetch, version):
    version.file.storage.delete(version.file.name)
    assert fetch().status_code == 404
    assert downloads(version) == 0


def test_nginx_gets_the_file_handed_over(fetch, version, settings):
    settings.ACCEL_REDIRECT_PREFIX = "/protected/"
    response = fetch()
    assert response["X-Accel-Redirect"] == f"/protected/{version.file.name}"
    assert response["Content-Type"] == "application/pdf"
    assert response.content == b""
    assert "filename*=UTF-8''" in response["Content-Disposition"]
    fetch(range="bytes=0-99")
    fetch("head")
    fetch(if_none_match='"6720-abc"')
    assert downloads(version) == 1
    unpublish(version)
    assert fetch().status_code == 404


def test_ranges_are_read_as_the_standard_says():
    assert parse_range("bytes=0-0", 10) == Range(0, 0, 10)
    assert parse_range(f"bytes=4-{'9' * 25}", 10) == Range(4, 9, 10)
    assert parse_range(f"bytes={'0' * 25}4-5", 10) == Range(4, 5, 10)
    assert parse_range(f"bytes=-{'9' * 25}", 10) == Range(0, 9, 10)
    assert str(Range(2, 4, 10)) == "bytes 2-4/10"
    with pytest.raises(Unsatisfiable):
        parse_range("bytes=10-", 10)


def test_counting_is_a_single_statement_of_the_database(version, django_assert_num_queries):
    DocumentVersion.objects.filter(pk=version.pk).update(downloads=F("downloads") + 5)
    with django_assert_num_queries(1):
        download_count(version=version)
    assert downloads(version) == 6
