"""OGC API – Tiles: vector tiles of one layer and of several, and what describes them."""
