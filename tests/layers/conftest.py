"""What is asked of the search."""

import pytest


@pytest.fixture
def ask(client):
    """Titles of what is found, in order."""

    def titles(q, **parameters):
        response = client.get("/api/search", {"q": q, **parameters})
        assert response.status_code == 200, response.content
        return [feature["properties"]["title"] for feature in response.json()["features"]]

    return titles
