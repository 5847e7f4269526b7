"""Which scripts of others do the pages carry, and where do they come from?

They are fetched from the npm registry when the package is built or installed (also for editing), each held to its SHA-512, and
never committed. The page `/verify` saved to a stick has its own inside, so a browser without Web Crypto verifies, too. Run it
by hand after a clone without installation: `python house/browser_scripts.py`.
"""

from __future__ import annotations

import base64
import hashlib
import io
import tarfile
import urllib.request
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

if find_spec("hatchling") is None:  # by hand, without the builder
    BuildHook: Any = object
else:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface as BuildHook

SCRIPTS: Final = {
    "tweetnacl": (
        "1.0.3", "package/nacl-fast.min.js",
        "6rt+RN7aOi1nGMyC4Xa5DdYiukl2UWCbcJft7YhxReBGQD7OAM8Pbxw6YMo4r2diNEA8FEmu32YOn9rhaiE5yw==",
    ),
    "js-sha256": (
        "1.0.0", "package/build/sha256.min.js",
        "Bqxf6ENUzYIMzuELCmRNrJOVbjKH1oMgbfYJBKVr/W1Xf9fazpahqCbb24v1pR7XV1isuqhM+w9KWpK7zCyUQw==",
    ),
    "fflate": (
        "0.8.3", "package/umd/index.js",
        "tbZNuJrLwGUp3zshBtdy4W+ORxZuIh8a5ilyIEQDC5rY1f3U20JMry0Ll3WBzU58EZKsEuJFXhb5gwv8CsPvgA==",
    ),
    "jsqr": (
        "1.4.0", "package/dist/jsQR.js",
        "dxLob7q65Xg2DvstYkRpkYtmKm2sPJ9oFhrhmudT1dZvNFFTlroai3AWSpLey/w5vMcLBXRgOJsbXpdN9HzU/A==",
    ),
}  # fmt: skip
"""Name: version, file in its package, SHA-512 of the package (base64). Unlicense, MIT, MIT, Apache-2.0. Inside `/verify`."""
SERVED: Final = {
    "htmx.org": (
        "4.0.1", "package/dist/htmx.min.js",
        "oF7JgXhDW9UXCy/k1ZYFUQgzu/rm19ORWPSPNL91vPluB2PB9+MV55tyQdH/w7o2EAbTYUG5SDW1R60mdkdqGg==",
    ),
}  # fmt: skip
"""The same of what other pages ask for below `/scripts/` (0BSD)."""

JUDGES: Final = {
    "axe-core": (
        "4.14.1", "package/axe.min.js",
        "FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ==",
    ),
}  # fmt: skip
"""Of tests only (MPL-2.0): what looks through a page for whoever can't see it. Never shipped."""

FOLDER: Final = Path("api") / "pages" / "scripts"
SERVED_FOLDER: Final = Path("api") / "pages" / "served"


class BrowserScripts(BuildHook):  # type: ignore[misc]  # the builder is there only while a package is built
    """The builder's hook: what is not there yet is fetched."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002  (the builder's signature)
        """Before anything is packed. RuntimeError when a package is another one than was looked at."""
        install(Path(self.root))


def install(root: Path) -> None:
    """Put each script under `api/pages/scripts/NAME-VERSION.js`, or `served`; what is there stays."""
    for folder, scripts in ((root / FOLDER, SCRIPTS), (root / SERVED_FOLDER, SERVED)):
        fetch(folder, scripts)


def fetch(folder: Path, scripts: dict[str, tuple[str, str, str]]) -> None:
    """Each script as `NAME-VERSION.js` in a folder. RuntimeError as above."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, (version, member, sha512) in scripts.items():
        path = folder / f"{name}-{version}.js"
        if path.exists():
            continue
        with urllib.request.urlopen(f"https://registry.npmjs.org/{name}/-/{name}-{version}.tgz", timeout=60) as answer:
            packed = answer.read()
        if base64.b64encode(hashlib.sha512(packed).digest()).decode() != sha512:
            message = f"{name} {version}: another package than the one that was looked at"
            raise RuntimeError(message)
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            (script,) = (archive.extractfile(each) for each in archive if each.name == member)
            part = path.with_suffix(".part")
            part.write_bytes(script.read() if script else b"")
            part.replace(path)


if __name__ == "__main__":
    install(Path(__file__).resolve().parents[1])
