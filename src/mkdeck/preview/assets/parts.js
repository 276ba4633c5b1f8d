// What all parts use: the data, the elements of the page, and small ways to make more of them.

const page = document.documentElement;
const isLive = page.dataset.live === "true";
const find = (id) => document.getElementById(id);

let deck = JSON.parse(find("data").textContent);

// In the order in which a reason shows them.
const KINDS = {
  map: "Map",
  fact: "Facts",
  link: "Links",
  explain: "Explain",
  sort: "Sort",
  term: "Terms",
  judge: "Judgement",
  plain: "Cards",
};
const ROLES = { consequence: "a consequence", context: "background" };

/** Make an element with attributes; `false` leaves one out, and texts are never read as HTML. */
function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== false && value !== undefined) element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== "" && child !== null));
  return element;
}

function count(number, one, many = `${one}s`) {
  return `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
}

/** Fold case and accents, so that `grun` finds `Grün`. */
function folded(text) {
  return text.normalize("NFKD").replace(/\p{M}+/gu, "").toLowerCase().replaceAll("ß", "ss");
}

function press(button, isPressed) {
  button.setAttribute("aria-pressed", String(isPressed));
}

function say(text) {
  const said = find("said");
  // The same words twice would be heard once.
  said.textContent = said.textContent === text ? `${text}\u00a0` : text;
}

// Safari has no notion of idleness: there, the work is cut into small pieces.
const whenIdle = window.requestIdleCallback ?? ((work) => {
  const end = performance.now() + 40;
  return setTimeout(work, 20, { timeRemaining: () => end - performance.now() });
});
const stopIdle = window.cancelIdleCallback ?? clearTimeout;

/** The page itself is on a phone. */
const narrow = matchMedia("(max-width: 30rem)");
const wantsStillness = matchMedia("(prefers-reduced-motion: reduce)");
