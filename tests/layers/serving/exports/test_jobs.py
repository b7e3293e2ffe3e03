"""What is too large for one answer is made by the worker, and fetched in parts if need be."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from layers.jobs import services
from layers.jobs.models import Job
from layers.serving.exports import formats
from layers.serving.exports.formats import FORMATS
from layers.serving.exports.jobs import discard_expired, make_export
from tests.factories import make_feature, point
from tests.layers.serving.conftest import href
from tests.layers.serving.exports.conftest import epsg, opened

pytestmark = pytest.mark.django_db
ASYNC = {"prefer": "respond-async"}
BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
RESULTS = "http://www.opengis.net/def/rel/ogc/1.0/results"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    """Where files are made."""
    settings.EXPORTS_DIR = tmp_path / "exports"
    return settings.EXPORTS_DIR


@pytest.fixture
def committing(django_capture_on_commit_callbacks):
    """Have what is to be done after the commit done."""
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        yield callbacks


def accepted(exporter, fmt="gpkg", **asked) -> dict:
    """The document of a job that has been accepted."""
    response = exporter.ask(fmt, headers=ASYNC, **asked)
    assert response.status_code == 202, response.content
    return json.loads(response.content)


def told(exporter, document: dict) -> dict:
    """The same job as it stands now."""
    return exporter.api.follow(href(document, "self"))


def work(document: dict) -> None:
    """What the worker does."""
    make_export.call(document["jobID"])


def fetched(exporter, document: dict, **headers):
    return exporter.api.ask(f"jobs/{document['jobID']}/results", **headers)


# --- the journey ----------------------------------------------------------------------------


@pytest.mark.parametrize("fmt", FORMATS)
def test_a_job_is_accepted_made_and_fetched_in_parts(
    wells, exporter, tmp_path, fmt, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        response = exporter.ask(fmt, headers=ASYNC, name_zh="一号井")
    document = json.loads(response.content)
    assert (response.status_code, response["Preference-Applied"]) == (202, "respond-async")
    assert response["Location"] == href(document, "self")
    assert (document["status"], document["progress"], document["records"]) == ("accepted", 0, 1)
    (waiting,) = DBTaskResult.objects.all()
    assert waiting.args_kwargs["args"] == [document["jobID"]]

    work(document)
    done = told(exporter, document)
    assert (done["status"], done["progress"], done["records"]) == ("successful", 100, 1)
    whole = fetched(exporter, done)
    body = b"".join(whole.streaming_content)
    assert href(done, RESULTS).endswith(f"/api/jobs/{done['jobID']}/results")
    assert int(whole["Content-Length"]) == len(body) == done["bytes"]
    assert whole["Content-Type"] == FORMATS[fmt].media_type
    assert f"wells.{FORMATS[fmt].ending}" in whole["Content-Disposition"]

    first = fetched(exporter, done, range="bytes=0-99")
    rest = fetched(exporter, done, range="bytes=100-", if_range=whole["ETag"])
    assert (first.status_code, rest.status_code) == (206, 206)
    assert first["Content-Range"] == f"bytes 0-99/{len(body)}"
    parts = b"".join(first.streaming_content) + b"".join(rest.streaming_content)
    assert parts == body
    if fmt in ("gpkg", "fgb", "shp", "shp-gbk", "geojson", "kml"):
        path = tmp_path / f"wells.{FORMATS[fmt].ending}"
        path.write_bytes(parts)
        assert [record["name_zh"] for record in opened(path).records] == ["一号井"]


def test_the_file_has_a_validator_and_says_what_lies_behind_its_end(wells, exporter):
    document = accepted(exporter)
    work(document)
    etag = fetched(exporter, document)["ETag"]
    assert fetched(exporter, document, if_none_match=etag).status_code == 304
    behind = fetched(exporter, document, range="bytes=99999999-")
    assert (behind.status_code, behind["Content-Range"][:8]) == (416, "bytes */")
    other = fetched(exporter, document, range="bytes=0-9", if_range='"another"')
    assert other.status_code == 200
    other.close()


def test_parts_are_of_the_file_as_it_is_also_for_who_takes_compressed_texts(wells, exporter):
    document = accepted(exporter, "geojson")
    work(document)
    part = fetched(exporter, document, range="bytes=0-9", accept_encoding="gzip")
    assert (part.status_code, part["Content-Length"]) == (206, "10")
    assert "Content-Encoding" not in part
    assert b"".join(part.streaming_content) == b'{"type": "'


@pytest.mark.parametrize("fmt", ["gpkg", "csv"])
def test_too_many_records_for_one_answer_are_a_job_without_being_asked(
    wells, exporter, fmt, monkeypatch
):
    monkeypatch.setattr(formats, "STREAMED_AT_ONCE", 2)
    monkeypatch.setattr(formats, "MADE_AT_ONCE", 2)
    response = exporter.ask(fmt)
    assert (response.status_code, "Preference-Applied" in response) == (202, False)
    fewer = exporter.ask(fmt, filter="depth > 1")
    assert fewer.status_code == 200
    assert b"".join(fewer.streaming_content)


def test_people_are_led_to_a_page_that_shows_how_far_it_is(wells, exporter, monkeypatch):
    monkeypatch.setattr(formats, "MADE_AT_ONCE", 0)
    response = exporter.ask("gpkg", headers=BROWSER, lang="en")
    assert response.status_code == 303
    path = response["Location"].removeprefix("http://testserver/api/")
    job = Job.objects.get()
    services.job_begin(job_id=job.pk)
    services.tell_progress(job.pk, 42)
    page = exporter.api.ask(path).content.decode()
    assert '<progress value="42" max="100"' in page
    assert 'http-equiv="refresh"' in page
    work({"jobID": str(job.pk)})
    ready = exporter.api.ask(path).content.decode()
    assert f"/api/jobs/{job.pk}/results" in ready
    assert 'http-equiv="refresh"' not in ready
    assert "正在" not in ready
    assert "已就绪" in exporter.api.ask(f"jobs/{job.pk}?f=html&lang=zh").content.decode()


def test_progress_is_told_chunk_by_chunk(wells, exporter, monkeypatch):
    monkeypatch.setattr("layers.serving.exports.export.CHUNK", 1)
    heard = []
    monkeypatch.setattr(
        "layers.serving.exports.jobs.tell_progress", lambda _job, percent: heard.append(percent)
    )
    work(accepted(exporter))
    assert heard == [33, 66, 100]


def test_the_job_asks_what_the_request_asked(wells, exporter, tmp_path):
    asked = {"filter": "depth > 1", "sortby": "-depth", "properties": "name_zh"}
    document = accepted(exporter, crs=epsg(4551), **asked)
    work(document)
    path = tmp_path / "wells.gpkg"
    path.write_bytes(b"".join(fetched(exporter, document).streaming_content))
    found = opened(path)
    assert found.info["crs"] == "EPSG:4551"
    assert found.records == [{"name_zh": "镕基井"}, {"name_zh": "一号井"}]


# --- what is shared, limited, forgotten ------------------------------------------------------


def test_the_same_question_of_the_same_data_is_one_job(wells, exporter):
    first = accepted(exporter, name_zh="一号井", lang="en")
    again = accepted(exporter, lang="en", name_zh="一号井")
    assert again["jobID"] == first["jobID"]
    work(first)
    assert accepted(exporter, name_zh="一号井", lang="en")["status"] == "successful"
    others = [accepted(exporter, name_zh="镕基井", lang="en"), accepted(exporter, lang="en")]
    make_feature(wells, "new")
    others.append(accepted(exporter, name_zh="一号井", lang="en"))
    assert len({first["jobID"], *(each["jobID"] for each in others)}) == 4


def test_a_client_has_so_many_at_once_and_another_has_its_own(wells, exporter, settings):
    settings.BEHIND_TLS = True
    for number in range(services.MOST_PER_CLIENT):
        accepted(exporter, filter=f"depth > {number}")
    refused = exporter.ask("gpkg", headers=ASYNC, filter="depth > 99")
    assert (refused.status_code, refused.json()["code"]) == (429, "too-many-exports")
    assert int(refused["Retry-After"]) > 0
    other = {**ASYNC, "x_forwarded_for": "203.0.113.7", "x_forwarded_proto": "https"}
    assert exporter.ask("gpkg", headers=other, filter="depth > 99").status_code == 202
    assert accepted(exporter, filter="depth > 0")["status"] == "accepted"


def test_no_more_is_made_than_the_disk_is_to_hold(wells, exporter, settings):
    document = accepted(exporter)
    work(document)
    settings.EXPORTS_ON_DISK = 1
    refused = exporter.ask("fgb", headers=ASYNC)
    assert (refused.status_code, refused.json()["code"]) == (429, "too-many-exports")


def test_a_job_expires_after_a_day_and_its_file_is_removed(wells, exporter, folder):
    document = accepted(exporter)
    work(document)
    job = Job.objects.get()
    assert job.expires_at - job.finished_at == timedelta(days=1)
    assert (folder / document["jobID"]).is_dir()
    Job.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    for path in ("", "/results"):
        response = exporter.api.ask(f"jobs/{document['jobID']}{path}")
        assert (response.status_code, response.json()["code"]) == (404, "unknown-job")
    discard_expired.call()
    assert not Job.objects.exists()
    assert not (folder / document["jobID"]).exists()
    assert accepted(exporter)["jobID"] != document["jobID"]


def test_the_removal_of_a_file_is_planned_when_it_is_made(wells, exporter):
    work(accepted(exporter))
    (planned,) = DBTaskResult.objects.all()
    assert planned.task_path.endswith("discard_expired")
    assert planned.run_after > timezone.now() + timedelta(days=1)


def test_nobody_finds_a_job_by_guessing(wells, exporter):
    for guess in (uuid4(), "1", "none", "%00"):
        for path in ("", "/results"):
            response = exporter.api.ask(f"jobs/{guess}{path}")
            assert response.status_code == 404
            assert response["Content-Type"] == "application/problem+json"


def test_a_file_that_is_not_ready_is_no_file(wells, exporter):
    response = fetched(exporter, accepted(exporter))
    assert (response.status_code, response.json()["code"]) == (404, "result-not-ready")


# --- what goes wrong ------------------------------------------------------------------------


def test_a_layer_that_is_withdrawn_takes_its_files_along(wells, exporter):
    made, waiting = accepted(exporter), accepted(exporter, "fgb")
    work(made)
    wells.published = False
    wells.save()
    assert fetched(exporter, made).status_code == 404
    work(waiting)
    assert Job.objects.get(pk=waiting["jobID"]).status == Job.Status.FAILED


def test_records_withdrawn_before_the_work_are_not_in_the_file(wells, exporter):
    document = accepted(exporter, "geojson")
    wells.features.filter(key="w-0").update(state="draft")
    work(document)
    body = b"".join(fetched(exporter, document).streaming_content).decode()
    assert "镕基井" in body
    assert "一号井" not in body


def test_a_failure_is_told_without_what_happened_inside(wells, exporter, monkeypatch, folder):
    def broken(*_given):
        raise RuntimeError("secret of the house")

    monkeypatch.setattr("layers.serving.exports.formats.Format.write", broken)
    document = accepted(exporter, lang="en")
    work(document)
    found = told(exporter, document)
    assert found["status"] == "failed"
    assert found["message"]
    assert "secret" not in json.dumps(found)
    assert not (folder / document["jobID"]).exists()
    # A failed job is in nobody's way.
    assert accepted(exporter, lang="en")["jobID"] != document["jobID"]


def test_a_refusal_is_told_in_words(wells, exporter):
    make_feature(wells, "far", geom=point(36, 0))
    document = accepted(exporter, crs=epsg(4550), lang="en")
    work(document)
    found = told(exporter, document)
    assert found["status"] == "failed"
    assert "lie outside of EPSG:4550" in found["message"]


def test_a_job_that_is_over_is_not_made_again(wells, exporter):
    document = accepted(exporter)
    work(document)
    before = Job.objects.get()
    work(document)
    assert Job.objects.get().finished_at == before.finished_at


def test_a_job_that_was_lost_is_asked_for_anew(wells, exporter):
    document = accepted(exporter)
    Job.objects.update(status="running", expires_at=timezone.now() - timedelta(seconds=1))
    assert accepted(exporter)["jobID"] != document["jobID"]
