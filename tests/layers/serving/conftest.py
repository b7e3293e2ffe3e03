"""A reader of the API."""

import json

import pytest
from django.test import Client


class Reader:
    """Asks below /api/ and reads what comes back."""

    def __init__(self):
        self.client = Client()

    def ask(self, path: str, method: str = "get", **headers):
        """The response to a path such as `collections/wells/items?limit=1`."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return getattr(self.client, method)(f"/api/{path}", headers=named)

    def json(self, path: str, **headers) -> dict:
        """The body of a good answer."""
        response = self.ask(path, **headers)
        assert response.status_code == 200, response.content
        return json.loads(response.content)

    def keys(self, path: str) -> list[str]:
        """The ids of the records that came, in their order."""
        return [feature["id"] for feature in self.json(path)["features"]]

    def follow(self, url: str) -> dict:
        """The JSON at an absolute address that the API gave."""
        return self.json(url.removeprefix("http://testserver/api/"))


@pytest.fixture
def api() -> Reader:
    """A reader without cookies."""
    return Reader()


def href(document: dict, rel: str, media_type: str | None = None) -> str | None:
    """The address of the first link of this relation."""
    for link in document["links"]:
        if link["rel"] == rel and media_type in (None, link["type"]):
            return link["href"]
    return None
