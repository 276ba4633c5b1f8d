// A live page: takes new cards from its server, and keeps the reader's place.

const FIRST_WAIT = 500;
const LONGEST_WAIT = 5000;

function startLive() {
  if (!isLive) return;
  find("live").hidden = false;
  let wait = FIRST_WAIT;
  const listen = () => {
    const events = new EventSource("/events");
    events.addEventListener("open", () => {
      wait = FIRST_WAIT;
      showState("live", "Live");
    });
    events.addEventListener("deck", (event) => {
      showBroken("");
      take(JSON.parse(event.data));
    });
    events.addEventListener("broken", (event) => showBroken(event.data));
    events.addEventListener("error", () => {
      events.close();
      showState("lost", "Connection lost; trying again");
      setTimeout(listen, wait);
      wait = Math.min(wait * 2, LONGEST_WAIT);
    });
  };
  listen();
}

function showState(state, text) {
  if (find("live").textContent === text) return;
  find("live").dataset.state = state;
  find("live").textContent = text;
}

function showBroken(text) {
  const broken = find("broken");
  broken.hidden = !text;
  if (broken.dataset.text === text) return;
  broken.dataset.text = text;
  document.title = `${text ? "✗ " : ""}${document.title.replace(/^✗ /, "")}`;
  showState("live", text ? "Live, but the deck cannot be read" : "Live");
  const found = count(text.split("\n\n").length, "error");
  const words = `The deck cannot be read as it is: ${found}.`
    + (deck.cards.length ? " The cards are those of the last time that it could." : "");
  broken.replaceChildren(...(text ? [make("p", {}, words), make("pre", { tabindex: "0" }, text)] : []));
}

/** Take a new state of the deck; what is turned, filtered and seen stays so. */
function take(next) {
  if (next.maths && page.dataset.maths === "none") {
    keepForReload();
    location.reload(); // only a page that is made anew has MathJax
    return;
  }
  const place = placeNow();
  const turned = turnedNow();
  const wereAllTurned = entries.size > 0 && areAllTurned();
  deck = next;
  showAll();
  turnAgain(turned);
  if (wereAllTurned && !areAllTurned()) turnAll(); // a card that is new, too
  goBackTo(place);
}

/** What is turned now, by key; and by home, for a card whose text, and with it its key, changes. */
function turnedNow() {
  const turned = [...entries.values()].filter(({ sheet }) => sheet.dataset.side === "back");
  return turned.map(({ card }) => [card.key, card.home]);
}

function turnAgain(turned) {
  const homes = new Map([...entries.values()].map((entry) => [entry.card.home, entry]));
  const known = new Set(turned.map(([key]) => key));
  for (const [key, home] of turned) {
    const entry = entries.get(key) ?? homes.get(home);
    if (entry && (entry.card.key === key || !known.has(entry.card.key))) turn(entry.sheet, "back");
  }
  press(find("answers"), areAllTurned());
}

/** Where the reader is: the card in use or the first in view, how far down it stands, and what has the focus. */
function placeNow() {
  const edge = (sheet) => sheet.getBoundingClientRect();
  const below = find("controls").getBoundingClientRect().bottom;
  const isSeen = ({ sheet }) => edge(sheet).bottom > below && edge(sheet).top < innerHeight;
  const focused = entries.get(document.activeElement?.closest(".sheet")?.dataset.card);
  const seen = focused && isSeen(focused) ? focused : shownEntries().find(isSeen);
  return {
    scroll: scrollY,
    anchor: scrollY > 0 && seen ? [seen.card.key, seen.card.home, edge(seen.sheet).top] : null,
    focus: focused ? [focused.card.key, focused.card.home] : null,
  };
}

function goBackTo({ scroll, anchor, focus }) {
  const homes = new Map([...entries.values()].map((entry) => [entry.card.home, entry]));
  const sheetOf = ([key, home]) => (entries.get(key) ?? homes.get(home))?.sheet;
  if (focus && document.activeElement === document.body) {
    sheetOf(focus)?.focus({ preventScroll: true });
  }
  const sheet = anchor && sheetOf(anchor);
  if (!sheet || sheet.hidden) {
    scrollTo({ top: scroll, behavior: "instant" });
    return;
  }
  draw(sheet);
  scrollBy({ top: sheet.getBoundingClientRect().top - anchor[2], behavior: "instant" });
}

const KEPT = "mkdeck preview";

function keepForReload() {
  sessionStorage.setItem(KEPT, JSON.stringify({ turned: turnedNow(), place: placeNow() }));
}

function takeKept() {
  const kept = isLive && sessionStorage.getItem(KEPT);
  if (!kept) return;
  sessionStorage.removeItem(KEPT);
  const { turned, place } = JSON.parse(kept);
  turnAgain(turned);
  goBackTo(place);
}
