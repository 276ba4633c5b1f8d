"""The cards in a browser, as Anki draws them: what is shown (`faces`), and the page that shows it (`page`)."""

from mkdeck.preview.faces import Preview, preview
from mkdeck.preview.page import inlined, page, payload

__all__ = ["Preview", "inlined", "page", "payload", "preview"]
