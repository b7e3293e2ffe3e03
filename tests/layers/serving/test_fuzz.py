"""The API stands what its own description provokes: right, wrong and absurd requests.

Deterministic: the same requests in every run. No network: the application is called in-process.
"""

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from geoportal.wsgi import application
from tests.factories import (
    make_district,
    make_feature,
    make_layer,
    make_park,
    make_project,
    make_site,
)

EXAMPLES = 5
CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)


@pytest.fixture
def described(db, kept_connection):
    """The description of a service with records in every kind of layer."""
    kinds = {"depth": "number", "year": "integer", "used": "boolean", "built": "date"}
    fields = [{"name": n, "label_zh": n, "label_en": n, "type": t} for n, t in kinds.items()]
    properties = {"name_zh": "井", "depth": 1.5, "year": 1987, "used": True, "built": "2020-01-01"}
    layer = make_layer(fields=fields)
    make_feature(layer, properties=properties)
    make_feature(layer, key="a/b", geom=None)
    make_district()
    make_park()
    make_site()
    make_project()
    return schemathesis.openapi.from_wsgi("/api/openapi.json", application)


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_no_request_breaks_the_service_and_every_answer_is_as_described(described, mode):
    operations = [result.ok() for result in described.get_all_operations()]
    assert len(operations) > 30
    asked = sum(exercise(operation, mode) for operation in operations)
    assert asked > 100


def exercise(operation, mode: GenerationMode) -> int:
    """Ask one operation in many ways; how many requests were made."""
    asked = 0

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case):
        nonlocal asked
        asked += 1
        # The in-process client does not unpack.
        response = case.call(headers={"Accept-Encoding": "identity"})
        case.validate_response(response, checks=CHECKS)
        if response.status_code >= 400:
            assert response.headers["content-type"][0] == "application/problem+json"
            assert response.json()["status"] == response.status_code

    ask()
    return asked
