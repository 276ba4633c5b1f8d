// The two sides of a card, each in a shadow root of its own, where only the style sheet of the deck holds.

/** Note type -> its style sheet; that of mkdeck's own has no name. */
const sheetsOfTypes = new Map();
const sheetBelow = new CSSStyleSheet();
const sheetAbove = new CSSStyleSheet();
const sheetOfMaths = new CSSStyleSheet();

// What Anki itself says of a card before the deck does.
sheetBelow.replaceSync(`
  :host { display: flex; contain: layout paint; }
  .page { display: flex; flex: 1 1 auto; min-width: 0; }
  .card { flex: 1 1 auto; min-width: 0; box-sizing: border-box; margin: 20px; overflow-wrap: break-word; }
  img { max-width: 100%; }
  .replay-button { display: inline-flex; vertical-align: middle; margin: 3px; padding: 0; border: 0;
    background: none; color: inherit; cursor: pointer; }
  .replay-button svg { width: 40px; height: 40px; fill: none; stroke: currentcolor; stroke-width: 1.5; }
  .replay-button path { fill: currentcolor; stroke: none; }
  :focus-visible { outline: 2px solid currentcolor; outline-offset: 2px; }
`);
// A revision sheet has its question and its reasons as headings, and no sounds.
sheetAbove.replaceSync(`
  .page.mobile .card .mkdeck { margin-bottom: 0; }
  @media print {
    .page .card { padding: 2mm 3mm; background: none; color: #000; font-size: 1rem; line-height: 1.4; }
    .page .card .mkdeck { max-width: none; margin: 0; }
    .page .card .mkdeck header :is(.question, .reason), .page .card .mkdeck header:not(:has(.title)),
    .replay-button { display: none; }
    #qa mjx-container [data-c] { stroke-width: 0 !important; }
  }
`);

function sheetOf(type) {
  if (!sheetsOfTypes.has(type)) sheetsOfTypes.set(type, new CSSStyleSheet());
  return sheetsOfTypes.get(type);
}

const BLOCKED = "script, style, link, meta, base, iframe, frame, object, embed, portal";
const SAFE_LINK = /^(?:https?|mailto):/i;
const inert = document.createElement("template");

/** Read the HTML of a side, and take out what must not act here; the page's policy would not run it either. */
function contentOf(html, card) {
  inert.innerHTML = html.replace(/\[anki:play:([qa]:\d+)\]/g, (_, button) => playButton(card.sounds[button]));
  const { content } = inert; // inert: nothing in it loads before it has its own address
  for (const element of content.querySelectorAll("*")) {
    if (element.matches(BLOCKED)) {
      element.remove();
      continue;
    }
    for (const { name } of [...element.attributes]) {
      if (name.startsWith("on") || name === "srcset") element.removeAttribute(name);
    }
    if (element.matches("a")) leadAway(element);
    if (element.hasAttribute("src")) settle(element);
    if (element.matches("pre")) element.tabIndex = 0; // it may scroll
  }
  // One page has one <main>; a card has its own only where it stands alone.
  for (const main of content.querySelectorAll("main")) {
    const part = make("div", Object.fromEntries([...main.attributes].map(({ name, value }) => [name, value])));
    part.append(...main.childNodes);
    main.replaceWith(part);
  }
  return content;
}

/** Let a link lead to another page, and to nothing but a page. */
function leadAway(link) {
  if (!SAFE_LINK.test(link.getAttribute("href") ?? "")) link.removeAttribute("href");
  link.setAttribute("target", "_blank");
  link.setAttribute("rel", "noopener noreferrer");
}

function settle(element) {
  const address = Object.hasOwn(deck.media, element.getAttribute("src")) && deck.media[element.getAttribute("src")];
  if (address) element.setAttribute("src", address);
  else element.removeAttribute("src");
}

function playButton(name) {
  if (!name || !Object.hasOwn(deck.media, name)) return "";
  const drawing = '<circle cx="32" cy="32" r="28"/><path d="M26 20l20 12-20 12z"/>';
  return `<button type="button" class="replay-button soundLink" aria-label="Play" data-sound="${name}">`
    + `<svg viewBox="0 0 64 64" aria-hidden="true">${drawing}</svg></button>`;
}

/** Draw one side of a card: the `.card` in it has the classes that Anki puts on the body. */
function drawSide(card, side) {
  const host = make("div", { class: `face ${side}` });
  const root = host.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [sheetBelow, sheetOfMaths, sheetOf(card.type), sheetAbove];
  const shown = make("div", { id: "qa" }, contentOf(side === "front" ? card.question : card.answer, card));
  root.append(make("div", { class: "page" }, make("div", { class: `card card${card.ordinal + 1}` }, shown)));
  dress(root);
  return host;
}

/** Give the classes of night and phone to a side. */
function dress(root) {
  const outer = root.querySelector(".page");
  const card = outer.firstChild;
  const isPhone = (look.phone || narrow.matches) && !look.printing;
  for (const element of [outer, card]) element.classList.toggle("mobile", isPhone);
  for (const name of ["nightMode", "night_mode"]) card.classList.toggle(name, look.night && !look.printing);
}

/** The words of a side, as they are heard. Unlike `innerText`, this waits for no layout. */
function textOf(host) {
  const walker = document.createTreeWalker(host.shadowRoot.querySelector("#qa"), NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) {
    const { currentNode: text } = walker;
    // The question stands above every card, and is heard once.
    if (!text.parentElement.closest("header")) texts.push(text.data);
  }
  return texts.join(" ").replace(/\s+/g, " ").replace(/ (?=[.,;:!?)])/g, "").trim();
}

let playing = null;
function play(name) {
  playing?.pause();
  playing = new Audio(deck.media[name]);
  playing.play().catch(() => say("This recording cannot be played here."));
}

// MathJax comes after this script, and looks for its settings here.
window.MathJax = {
  tex: { inlineMath: [["\\(", "\\)"]], displayMath: [["\\[", "\\]"]], processEscapes: false },
  svg: { fontCache: "local" },
  options: { enableMenu: false },
  startup: { typeset: false, ready: drawMaths },
};

function drawMaths() {
  MathJax.startup.defaultReady();
  sheetOfMaths.replaceSync(MathJax.svgStylesheet().textContent);
  for (const face of document.querySelectorAll(".face")) typesetSide(face);
  typeset(find("map-body"));
}

function typesetSide(face) {
  if (deck.maths) typeset(face.shadowRoot.querySelector("#qa"));
}

/** Draw the formulas in what is seen: MathJax measures the text around them. */
function typeset(element) {
  if (!MathJax.typeset || !/\\[([]/.test(element.textContent) || !element.checkVisibility()) return;
  try {
    MathJax.typeset([element]);
    for (const link of element.querySelectorAll("mjx-container a")) leadAway(link); // of \href
  } catch (error) {
    console.error(error); // the formula stays as it is written
  }
}
