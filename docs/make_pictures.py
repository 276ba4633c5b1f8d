"""Draw the pictures of the README: one card of the seed deck, front and back, as Anki renders it, and the preview.

Run it as `make pictures`. It needs the `test` extra, for Anki itself, and Chromium.
"""

# ruff: noqa: INP001 - a script, not a module of a package
from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest

import mkdeck
from mkdeck.preview import inlined, page, preview

DOCS = Path(__file__).resolve().parent
DECK = DOCS.parent / "decks" / "collectivisation.yaml"
STARTER = DOCS.parent / "src" / "mkdeck" / "templates" / "starter.yaml"
SEARCH = 'Kind:fact "1928 grain crisis"'
"""Finds the card, as a search in Anki's browser does."""

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
WIDTH, HEIGHT, SCALE = 860, 440, 2

PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Front and back</title>
<style>
html { background: #d9d4c8; }
body { display: flex; gap: 16px; margin: 0; padding: 16px; height: %(height)dpx; box-sizing: border-box; }
body > div { flex: 1; box-shadow: 0 1px 4px #0004; }
</style>
<div class="card">%(front)s</div>
<div class="card">%(back)s</div>
</html>
"""


def sides(package: Path, folder: Path) -> tuple[str, str]:
    """Import a package into a new collection in `folder`; give the HTML of the card's front and back."""
    collection = Collection(str(folder / "collection.anki2"))
    try:
        options = ImportAnkiPackageOptions()
        collection.import_anki_package(ImportAnkiPackageRequest(package_path=str(package), options=options))
        (card_id,) = collection.find_cards(SEARCH)
        card = collection.get_card(card_id)
        return card.question(), card.answer()
    finally:
        collection.close()


def draw(browser: str, page: Path, picture: Path, width: int, height: int, scale: int) -> None:
    """Take a picture of a page: CSS pixels, and how many pixels of the picture each one gets."""
    subprocess.run(  # noqa: S603 - the browser is one of those above
        [
            browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
            "--disable-background-networking", f"--user-data-dir={page.parent / 'profile'}",
            "--virtual-time-budget=3000", f"--window-size={width},{height}",
            f"--force-device-scale-factor={scale}", f"--screenshot={picture}", page.as_uri(),
        ],
        check=True,
        capture_output=True,
    )  # fmt: skip


def main() -> None:
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        sys.exit(f"This needs one of: {', '.join(BROWSERS)}.")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        package = mkdeck.build(DECK, folder / "deck.apkg", lock={}).path
        front, back = sides(package, folder)
        card = folder / "card.html"
        card.write_text(PAGE % {"height": HEIGHT, "front": front, "back": back}, encoding="utf-8")
        draw(browser, card, DOCS / "card.png", WIDTH, HEIGHT, SCALE)
        shown = preview(mkdeck.load(STARTER))
        whole = folder / "preview.html"
        whole.write_text(page(shown, live=False, media=inlined(shown)), encoding="utf-8")
        draw(browser, whole, DOCS / "preview.png", 1200, 1000, 1)


if __name__ == "__main__":
    main()
