"""The preview in a real browser: what an author sees and does, and what a hostile deck or site cannot do.

They need Chromium, which `.ci/run` installs; elsewhere they are skipped where it is missing.
"""

from __future__ import annotations

import http.client
import os
import re
import shutil
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect, sync_playwright
from real_anki import LearnersAnki, visible

import mkdeck
from mkdeck.preview import inlined, page, preview

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).parent.parent
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
if CHROMIUM is None and not os.environ.get("MKDECK_REQUIRE_CHROMIUM"):
    pytest.skip("Chromium is not installed", allow_module_level=True)

DECKS = {
    "English": "decks/collectivisation.yaml",
    "German": "decks/weimar.yaml",
    "every feature": "tests/decks/everything.yaml",
    "Hebrew": "tests/decks/hebrew.yaml",
}
SMALL = """\
deck: History::Small
id: small
question: Why did it fail?
tags: [history]
reasons:
  - id: war
    reason: The war
    tags: [war]
    points:
      - In 1917 the {{army}} went home.
      - Prices rose by {{half::how much}} in a year.
    chain: [Guns are bought, Coins are struck, Prices rise]
  - id: peace
    reason: The peace
    tags: [peace]
    points:
      - The {{treaty}} took the eastern provinces away.
cards:
  - front: Who signed?
    back: Trotsky did not.
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The browser, without a window."""
    expect.set_options(timeout=20_000)  # milliseconds: machines are shared
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield chromium
        chromium.close()


@pytest.fixture
def tab(browser: Browser) -> Iterator[Page]:
    """A tab in which no script fails, and which asks nothing of the network."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    shown = context.new_page()
    told: list[str] = []
    shown.on("pageerror", lambda error: told.append(str(error)))
    shown.on("request", lambda request: told.append(request.url) if _leaves(request.url) else None)
    # What the page's policy stops never leaves the browser.
    shown.on("requestfailed", lambda request: told.remove(request.url) if request.failure == "csp" else None)
    yield shown
    context.close()
    assert told == []


def _leaves(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme not in {"file", "data", "about", "blob"} and parts.hostname != "127.0.0.1"


def written(tmp_path: Path, deck: Path) -> str:
    """Write the page of a deck; give its address."""
    shown = preview(mkdeck.load(deck))
    path = tmp_path / "page.html"
    path.write_text(page(shown, live=False, media=inlined(shown)), encoding="utf-8")
    return path.as_uri()


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A deck of two reasons."""
    path = tmp_path / "small.yaml"
    path.write_text(SMALL, encoding="utf-8")
    return path


@contextmanager
def served(deck: Path) -> Iterator[str]:
    """Run the live preview of a deck; give its address."""
    command = [sys.executable, "-m", "mkdeck", "preview", deck.name, "--no-open"]
    with subprocess.Popen(command, cwd=deck.parent, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        line = process.stdout.readline()
        address = re.search(r"http://127\.0\.0\.1:\d+/", line)
        assert address, line
        try:
            yield address[0]
        finally:
            process.terminate()


def test_cards_turn(tab: Page, tmp_path: Path, small: Path) -> None:
    """A click turns a card and turns it back; so do Enter and Space, and `f` turns all."""
    tab.goto(written(tmp_path, small))
    card = tab.locator(".sheet[data-kind=fact]").first
    expect(card.locator(".face:not([hidden])")).to_contain_text("In 1917 the [...] went home.")
    card.locator(".faces").click()
    expect(card.locator(".face:not([hidden])")).to_contain_text("In 1917 the army went home.")
    card.locator(".turn").click()
    expect(card).to_have_attribute("data-side", "front")
    tab.locator("body").press("j")
    sheet = tab.locator(".sheet:focus")
    expect(sheet).to_have_attribute("data-side", "front")
    sheet.press("Enter")
    expect(sheet).to_have_attribute("data-side", "back")
    sheet.press(" ")
    expect(sheet).to_have_attribute("data-side", "front")
    tab.keyboard.press("f")
    expect(tab.locator(".sheet[data-side=front]:not([hidden])")).to_have_count(0)


FILTERS = {
    "kind": ("#kinds [data-kind=fact]", "", 3),
    "text": ("#text", "tróTSKY", 1),
    "reason": ("#reason", "peace", 3),
    "tag": ("#tag", "war", 6),
}


@pytest.mark.parametrize("name", FILTERS)
def test_filters(name: str, tab: Page, tmp_path: Path, small: Path) -> None:
    """Cards are found by kind, words (case and accents folded), reason and tag; the address keeps all that."""
    control, value, expected = FILTERS[name]
    tab.goto(written(tmp_path, small))
    if name == "kind":
        tab.locator(control).click()
    elif name == "text":
        tab.locator(control).fill(value)
    else:
        tab.locator(control).select_option(value)
    expect(tab.locator(".sheet:visible")).to_have_count(expected)
    expect(tab.locator("#count")).to_contain_text(f"{expected} of ")
    tab.reload()
    expect(tab.locator(".sheet:visible")).to_have_count(expected)
    tab.locator("#clear").click()
    expect(tab.locator(".sheet:visible")).not_to_have_count(expected)


def test_night_and_phone(tab: Page, tmp_path: Path, small: Path) -> None:
    """`n` and a button give the cards the classes of Anki's night and of a phone; the card itself gets dark."""
    tab.goto(written(tmp_path, small))
    card = tab.locator(".sheet .card").first
    day = card.evaluate("element => getComputedStyle(element).backgroundColor")
    tab.keyboard.press("n")
    expect(card).to_have_class(re.compile(r"\bnightMode\b.*\bnight_mode\b"))
    assert card.evaluate("element => getComputedStyle(element).backgroundColor") != day
    tab.locator("#phone").click()
    expect(card).to_have_class(re.compile(r"\bmobile\b"))


def test_print(tab: Page, tmp_path: Path, small: Path) -> None:
    """On paper there are no controls, and every card has its front on the left and its back on the right."""
    tab.goto(written(tmp_path, small))
    tab.emulate_media(media="print")
    expect(tab.locator("#controls")).to_be_hidden()
    sheets = tab.locator(".sheet")
    assert sheets.count() == 10
    for number in range(sheets.count()):
        front = sheets.nth(number).locator(".face.front").bounding_box()
        back = sheets.nth(number).locator(".face.back").bounding_box()
        assert front is not None
        assert back is not None
        assert front["x"] + front["width"] <= back["x"] + 1
        assert abs(front["y"] - back["y"]) < 2


@pytest.mark.parametrize("name", DECKS)
@pytest.mark.parametrize("night", [False, True], ids=["day", "night"])
def test_accessible(name: str, night: bool, tab: Page, tmp_path: Path, root: Path) -> None:
    """axe-core finds nothing, by day and by night, with answers shown as well as hidden."""
    tab.goto(f"{written(tmp_path, root / DECKS[name])}#night={int(night)}")
    expect(tab.locator(".sheet .face").first).to_be_visible()
    for _ in range(2):
        found = Axe().run(tab).response["violations"]
        assert [(each["id"], [node["html"][:120] for node in each["nodes"]][:3]) for each in found] == []
        tab.keyboard.press("f")


@pytest.mark.parametrize("name", DECKS)
def test_the_cards_are_those_of_anki(
    name: str, tab: Page, tmp_path: Path, root: Path, anki: LearnersAnki
) -> None:  # fmt: skip
    """Both sides of every card show the words that the official backend renders, in the same order."""
    deck = root / DECKS[name]
    anki.import_package(mkdeck.build(deck, tmp_path / "x.apkg", lock={}).path)
    expected = sorted((_words(card.question), _words(card.answer)) for card in anki.cards())
    tab.goto(written(tmp_path, deck))
    tab.emulate_media(media="print")  # both sides of all cards are drawn
    expect(tab.locator(".face")).to_have_count(2 * len(expected))
    shown = tab.evaluate(
        """() => Array.from(document.querySelectorAll('.sheet'), sheet => ['front', 'back'].map(side => {
             const root = sheet.querySelector('.face.' + side).shadowRoot.querySelector('#qa').cloneNode(true);
             root.querySelectorAll('mjx-container, .replay-button').forEach(each => each.remove());
             return root.textContent;
           }))"""
    )
    maths = re.compile(r"\\[(\[].*?\\[)\]]", re.DOTALL)
    plain = [tuple(re.sub(r"\s+", "", maths.sub("", side)) for side in sides) for sides in shown]
    assert sorted(plain) == sorted((maths.sub("", front), maths.sub("", back)) for front, back in expected)


def _words(markup: str) -> str:
    return re.sub(r"\[anki:play:[qa]:\d+\]|\s+", "", visible(markup))


def test_live(tab: Page, small: Path) -> None:
    """A save is seen, and what is turned and filtered stays; broken source shows why, and the last good cards."""
    with served(small) as address:
        tab.goto(address)
        tab.locator("#kinds [data-kind=fact]").click()
        turned = tab.locator(".sheet[data-kind=fact]").nth(1)
        turned.locator(".faces").click()
        small.write_text(SMALL.replace("went home", "ran home"), encoding="utf-8")
        expect(tab.locator(".sheet[data-kind=fact]").first.locator(".face.front")).to_contain_text("ran home")
        expect(tab.locator(".sheet:visible")).to_have_count(3)
        expect(turned).to_have_attribute("data-side", "back")
        small.write_text(SMALL.replace("deck:", "deck: a: b"), encoding="utf-8")
        expect(tab.locator("#broken")).to_contain_text("small.yaml:1:")
        expect(tab.locator(".sheet:visible")).to_have_count(3)
        small.write_text(SMALL.replace("- front: Who signed?", "- front: Who?"), encoding="utf-8")
        expect(tab.locator("#broken")).to_be_hidden()
        tab.locator("#clear").click()
        expect(tab.locator(".sheet[data-kind=plain] .face.front")).to_contain_text("Who?")
        assert {path.name for path in small.parent.iterdir()} == {"small.yaml"}


def test_live_with_a_finding(tab: Page, small: Path) -> None:
    """What the check finds stands at the card it concerns, with its place."""
    with served(small) as address:
        tab.goto(address)
        small.write_text(SMALL.replace("the {{army}} went", "the {{army}} of the army went"), encoding="utf-8")
        finding = tab.locator(".sheet[data-kind=fact] .findings li")
        expect(finding).to_contain_text("answer-leak")
        expect(finding).to_contain_text("small.yaml:10:")


HOSTILE = """\
deck: "</script><script>window.hacked=1</script>"
id: hostile
question: "<img src=x onerror=window.hacked=1>"
tags: ["<script>window.hacked=1</script>"]
style: ".card { background: url(https://evil.example/x.png) } @import 'https://evil.example/y.css';"
cards:
  - front: "[click](javascript:window.hacked=1) <svg onload=window.hacked=1>"
    back: "</script><script>window.hacked=1</script> ![x](\\"onerror=hacked=1.png)"
  - front: "<a href='javascript:window.hacked=1'>click</a> \\u2028"
    back: "<iframe srcdoc='<script>parent.hacked=1</script>'></iframe>"
"""


def test_a_hostile_deck_runs_nothing(tab: Page, tmp_path: Path) -> None:
    """Scripts, handlers, javascript: links, style sheets and file names of a deck do nothing and fetch nothing."""
    deck = tmp_path / "hostile.yaml"
    deck.write_text(HOSTILE, encoding="utf-8")
    (tmp_path / '"onerror=hacked=1.png').write_bytes(b"\x89PNG\r\n\x1a\n")
    tab.goto(written(tmp_path, deck))
    expect(tab.locator(".sheet .face").first).to_be_visible()
    tab.keyboard.press("f")
    expect(tab.locator(".sheet[data-side=back] .face.back")).to_have_count(2)
    for link in tab.locator(".sheet a").all():
        assert not (link.get_attribute("href") or "").startswith("javascript")
    assert tab.evaluate("() => window.hacked") is None


# name -> method, path, headers, status
REQUESTS: dict[str, tuple[str, str, dict[str, str], int]] = {
    "the page": ("GET", "/", {}, 200),
    "by its other name": ("GET", "/", {"Host": "localhost:{port}"}, 200),
    "another host": ("GET", "/", {"Host": "evil.example"}, 403),
    "another host with the port": ("GET", "/", {"Host": "evil.example:{port}"}, 403),
    "no host": ("GET", "/", {"Host": ""}, 403),
    "another port": ("GET", "/", {"Host": "127.0.0.1:1"}, 403),
    "from another site": ("GET", "/events", {"Origin": "https://evil.example"}, 403),
    "embedded by another site": ("GET", "/", {"Sec-Fetch-Site": "cross-site"}, 403),
    "by another page of this machine": ("GET", "/events", {"Sec-Fetch-Site": "same-site"}, 403),
    "to change something": ("POST", "/", {}, 403),
    "to hold a connection": ("HEAD", "/events", {}, 403),
    "media that the deck does not show": ("GET", "/media/small.yaml", {}, 404),
    "a file above": ("GET", "/media/..%2F..%2Fetc%2Fpasswd", {}, 404),
    "an unknown page": ("GET", "/etc/passwd", {}, 404),
}


HOSTILE_HTML = (
    "<img src=x onerror='window.hacked=1'><svg onload='window.hacked=1'></svg><script>window.hacked=1</script>"
    "<a href='javascript:window.hacked=1'>click</a><iframe srcdoc='<script>parent.hacked=1</script>'></iframe>"
    "<object data='data:text/html,x'></object><img srcset='https://evil.example/s.png'>"
)
COVERING = ":host { position: fixed !important; inset: 0; z-index: 9999; }"


def test_hostile_html_is_made_harmless(tab: Page, tmp_path: Path, small: Path) -> None:
    """If hostile HTML ever stood on a card, nothing of it would run, lead anywhere or cover the page."""
    shown = preview(mkdeck.load(small))
    cards = [replace(card, question=HOSTILE_HTML, answer=HOSTILE_HTML) for card in shown.cards]
    shown = replace(shown, cards=tuple(cards), css=f"{shown.css}\n{COVERING}")
    path = tmp_path / "page.html"
    path.write_text(page(shown, live=False, media=inlined(shown)), encoding="utf-8")
    tab.goto(path.as_uri())
    face = tab.locator(".sheet .face").first
    expect(face).to_be_attached()
    tab.locator(".sheet .face a").first.click(force=True)
    assert tab.evaluate("() => window.hacked") is None
    for gone in ("script", "iframe", "object", "[onerror]", "[onload]", "[srcset]", "a[href]"):
        assert tab.locator(f".sheet .face {gone}").count() == 0
    assert face.evaluate("element => getComputedStyle(element).position") != "fixed"


def test_a_drawing_runs_nothing(tab: Page, tmp_path: Path) -> None:
    """An SVG of the deck that is opened on its own runs no script, at whatever address."""
    (tmp_path / "evil.svg").write_text(
        "<svg xmlns='http://www.w3.org/2000/svg'><script>document.documentElement.id = 'hacked'</script></svg>"
    )
    deck = tmp_path / "deck.yaml"
    deck.write_text("deck: D\nid: d\ncards:\n  - front: Which drawing?\n    back: '![](evil.svg)'\n")
    with served(deck) as address:
        tab.goto(address)
        (stored,) = tab.evaluate(
            "() => Object.values(JSON.parse(document.getElementById('data').textContent).media)"
        )
        tab.goto(address + stored)
        assert tab.locator("#hacked").count() == 0


def test_the_place_is_kept(tab: Page, small: Path) -> None:
    """After a save, the card that was looked at stands where it stood, and has the focus that it had."""
    points = "".join(f"      - In year {1900 + n} the {{{{thing {n}}}}} came.\n" for n in range(60))
    text = SMALL.replace("    chain:", f"{points}    chain:")
    small.write_text(text, encoding="utf-8")
    with served(small) as address:
        tab.goto(address)
        expect(tab.locator(".sheet .face").first).to_be_visible()
        tab.keyboard.press("j")
        first = tab.locator(".sheet:focus").get_attribute("data-card")
        for _ in range(30):
            tab.keyboard.press("j")
        focused = tab.locator(".sheet:focus")
        card = focused.get_attribute("data-card")
        assert card != first
        top = focused.bounding_box()
        small.write_text(text.replace("went home", "ran home"), encoding="utf-8")
        expect(tab.locator(".sheet[data-kind=fact] .face.front").first).to_contain_text("ran home")
        expect(tab.locator(".sheet:focus")).to_have_attribute("data-card", card or "")
        now = tab.locator(".sheet:focus").bounding_box()
        assert top is not None
        assert now is not None
        assert abs(now["y"] - top["y"]) < 3


def test_an_early_save_is_seen(tab: Page, small: Path) -> None:
    """What is saved while the live page begins is shown, too; and a file that is replaced, or gone for a while."""
    with served(small) as address:
        small.write_text(SMALL.replace("went home", "ran home"), encoding="utf-8")
        tab.goto(address)
        front = tab.locator(".sheet[data-kind=fact] .face.front").first
        expect(front).to_contain_text("ran home")
        other = small.with_suffix(".new")
        other.write_text(SMALL.replace("went home", "fled home"), encoding="utf-8")
        other.replace(small)
        expect(front).to_contain_text("fled home")
        small.unlink()
        expect(tab.locator("#broken")).to_contain_text("there is no such file")
        small.write_text(SMALL.replace("went home", "walked home"), encoding="utf-8")
        expect(front).to_contain_text("walked home")


def test_who_is_answered(small: Path) -> None:
    """Only the page itself is answered: another host name, another origin and other methods are refused."""
    with served(small) as address:
        port = urlsplit(address).port
        found = {}
        for name, (method, path, headers, _) in REQUESTS.items():
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            sent = {key: value.format(port=port) for key, value in headers.items()}
            connection.putrequest(method, path, skip_host="Host" in sent)
            for key, value in sent.items():
                connection.putheader(key, value)
            connection.endheaders()
            answer = connection.getresponse()
            found[name] = answer.status
            assert answer.getheader("X-Frame-Options") == "DENY"
            assert answer.getheader("X-Content-Type-Options") == "nosniff"
            assert answer.getheader("Cross-Origin-Resource-Policy") == "same-origin"
            answer.close()
            connection.close()
    assert found == {name: status for name, (*_, status) in REQUESTS.items()}


def test_it_listens_on_loopback_only(small: Path) -> None:
    """The address is that of loopback, and no other of this machine's addresses answers."""
    with served(small) as address:
        port = urlsplit(address).port
        listening = Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]
        hosts = {line.split()[1].split(":")[0] for line in listening if line.split()[1].endswith(f":{port:04X}")}
        assert hosts == {"0100007F"}


def test_many_cards(tab: Page, tmp_path: Path) -> None:
    """5,000 cards are there, and only those near to what is seen are drawn at first; a filter finds one of them."""
    cards = "".join(f"  - front: Number {number}?\n    back: Answer {number}\n" for number in range(5000))
    deck = tmp_path / "many.yaml"
    deck.write_text(f"deck: Many\nid: many\ncards:\n{cards}", encoding="utf-8")
    tab.goto(written(tmp_path, deck), wait_until="commit")
    expect(tab.locator(".sheet .face").first).to_be_visible()
    assert tab.locator(".sheet").count() == 5000
    tab.locator("#text").fill("answer 4321")
    expect(tab.locator(".sheet:visible")).to_have_count(1)
    expect(tab.locator(".sheet:visible .face.front")).to_contain_text("Number 4321?")
