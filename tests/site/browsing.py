"""A headless Chromium before a site: what a page has become when its scripts have run, and every request that left it."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs, urlsplit

HOST = "site.example"
BROWSERS = [
    path for path in (shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome")) if path
][:1]
"""The browser of this machine, where it has one."""

_OWN_HOSTS = {
    "accounts.google.com",
    "clients2.google.com",
    "content-autofill.googleapis.com",
    "optimizationguide-pa.googleapis.com",
    "redirector.gvt1.com",
    "update.googleapis.com",
    "www.google.com",
}
"""What a Chromium asks for itself, whatever the page."""

DRIVER = """
<script>
addEventListener("load", () => {
  const wanted = %s;
  const all = (root) => [...root.querySelectorAll("*")].flatMap((one) => [one, ...(one.shadowRoot ? all(one.shadowRoot) : [])]);
  const found = (name) => all(document).filter((one) => one.localName === name);
  const until = (test, then) => { const value = test(); value ? then(value) : setTimeout(() => until(test, then), 50); };
  document.querySelector(".md-search__button").click();
  until(() => found("input").find((one) => one.type === "text" || one.type === "search"), (input) => {
    input.value = wanted;
    input.dispatchEvent(new Event("input", { bubbles: true, composed: true }));
    until(() => found("a").find((one) => one.href.includes("h=")), () => {
      const links = found("a").map((one) => one.href).filter((one) => one.includes("h="));
      document.documentElement.setAttribute("data-found", links.join(" "));
    });
  });
});
</script>
"""


@dataclass(slots=True)
class Visit:
    """What a browser made of a page, and the URLs that it asked for."""

    html: str = ""
    requests: list[str] = field(default_factory=list[str])


class _Proxy(SimpleHTTPRequestHandler):
    """Answers for `HOST` from the site, and for no other host."""

    def __init__(self, visit: Visit, *arguments: object, **further: object) -> None:
        self.visit = visit
        super().__init__(*arguments, **further)  # pyright: ignore[reportArgumentType] - passed on as they came

    def do_CONNECT(self) -> None:
        self.visit.requests.append(f"https://{self.path}")
        self.send_error(502)

    def do_GET(self) -> None:
        self.visit.requests.append(self.path)
        parts = urlsplit(self.path)
        if parts.hostname != HOST:
            self.send_error(502)
            return
        wanted = parse_qs(parts.query).get("drive")
        self.path = parts.path
        if wanted is None:
            super().do_GET()
            return
        text = Path(self.translate_path(parts.path)).read_text(encoding="utf-8")
        body = text.replace("</body>", DRIVER % repr(wanted[0]) + "</body>").encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def _proxy(site: Path, visit: Visit) -> Iterator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Proxy, visit, directory=str(site))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server.server_port
        finally:
            server.shutdown()


def visit(browser: str, site: Path, path: str, profile: Path) -> Visit:
    """Open a page of the site; `?drive=words` types the words into its search box, and `data-found` has the links of the results."""
    seen = Visit()
    with _proxy(site, seen) as port:
        command = [browser, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={profile}"]
        command += [
            f"--proxy-server=http://127.0.0.1:{port}",
            "--proxy-bypass-list=<-loopback>",
            "--disable-background-networking",
        ]
        command += [
            "--disable-component-update",
            "--disable-sync",
            "--no-first-run",
            "--virtual-time-budget=20000",
            "--dump-dom",
        ]
        done = subprocess.run(
            [*command, f"http://{HOST}/{path}"],
            capture_output=True,
            encoding="utf-8",
            env={**os.environ, "LANG": "en_US.UTF-8"},
            timeout=60,
        )
    seen.html = done.stdout
    seen.requests = [one for one in seen.requests if urlsplit(one).hostname not in _OWN_HOSTS]
    return seen
