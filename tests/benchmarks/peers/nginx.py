"""An nginx of our own: no files but those of a folder, no rights but our own."""

from pathlib import Path

_CONFIG = """
worker_processes 2;
pid {folder}/pid;
error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
    access_log off;
    sendfile on;
    tcp_nopush on;
    etag on;
    default_type application/octet-stream;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{ listen 127.0.0.1:{port}; {served} }}
}}
"""


def written(folder: Path, port: int, served: str) -> list[str]:
    """The command of an nginx whose configuration is written into a folder."""
    folder.chmod(0o755)
    config = folder / "nginx.conf"
    config.write_text(_CONFIG.format(folder=folder, port=port, served=served))
    return ["nginx", "-c", str(config), "-g", "daemon off;"]
