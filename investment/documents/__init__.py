"""Documents to download: versions, publication, delivery."""
