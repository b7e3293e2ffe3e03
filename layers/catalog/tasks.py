"""Work on the catalogue that nobody waits for."""

from django_tasks import task

from layers.postgis import encoded


@task()
def encode_again(layer_id: int) -> int:
    """Write the rows of a layer anew after its data dictionary changed; how many were written."""
    return encoded.encode_again(layer_id)
