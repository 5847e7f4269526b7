"""How does a sheet look on paper? Pages as poppler, which is not what set them, draws them."""

from __future__ import annotations

import io
import shutil
import subprocess

import PIL.Image
import pytest

needs_poppler = pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="no poppler-utils to look at a PDF with")


def picture(pdf: bytes, ppi: int, page: int = 1) -> PIL.Image.Image:
    """One page of a PDF in colour."""
    arguments = ["pdftoppm", "-png", "-r", str(ppi), "-f", str(page), "-l", str(page), "-"]
    drawn = subprocess.run(arguments, input=pdf, check=True, capture_output=True).stdout
    return PIL.Image.open(io.BytesIO(drawn)).convert("RGB")
