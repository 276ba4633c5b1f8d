// Which cards are shown, and how; both are kept in the address.

const wanted = { text: "", kinds: new Set(), reason: "", tag: "", findings: false };
/** The tags that every card has tell none from another. */
let commonTags = new Set();
const dark = matchMedia("(prefers-color-scheme: dark)");
/** What the reader chose; undefined leaves it to the system. */
let chosenNight;

function readAddress() {
  const said = new URLSearchParams(location.hash.slice(1));
  wanted.text = said.get("text") ?? "";
  wanted.kinds = new Set(said.getAll("kind").filter((kind) => Object.hasOwn(KINDS, kind)));
  wanted.reason = said.get("reason") ?? "";
  wanted.tag = said.get("tag") ?? "";
  wanted.findings = said.get("findings") === "1";
  chosenNight = said.has("night") ? said.get("night") === "1" : undefined;
  look.night = chosenNight ?? dark.matches;
  look.phone = said.get("phone") === "1";
}

function writeAddress() {
  const said = new URLSearchParams();
  if (wanted.text) said.set("text", wanted.text);
  for (const kind of wanted.kinds) said.append("kind", kind);
  if (wanted.reason) said.set("reason", wanted.reason);
  if (wanted.tag) said.set("tag", wanted.tag);
  if (wanted.findings) said.set("findings", "1");
  if (chosenNight !== undefined) said.set("night", chosenNight ? "1" : "0");
  if (look.phone) said.set("phone", "1");
  const hash = said.size ? `#${said}` : "";
  if (hash !== location.hash) history.replaceState(null, "", hash || location.pathname + location.search);
}

/** A tag holds those below it: `causes` holds `causes::short`. */
function hasTag(card, tag) {
  return card.tags.some((each) => each === tag || each.startsWith(`${tag}::`));
}

/** Show the cards that are wanted, and say how many those are. */
function applyFilters() {
  const words = folded(wanted.text).split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const { card, sheet, words: own } of entries.values()) {
    const isShown = (!wanted.kinds.size || wanted.kinds.has(card.kind))
      && (!wanted.reason || card.reason === wanted.reason)
      && (!wanted.tag || hasTag(card, wanted.tag))
      && (!wanted.findings || card.findings.length > 0)
      && words.every((word) => own.includes(word));
    if (sheet.hidden === isShown) sheet.hidden = !isShown;
    shown += isShown;
  }
  for (const kind of find("cards").querySelectorAll(".kind")) {
    const sheets = [...kind.querySelector(".sheets").children];
    const left = sheets.filter((sheet) => !sheet.hidden).length;
    kind.hidden = !left;
    kind.querySelector(".number").textContent = left;
  }
  for (const part of find("cards").children) part.hidden = !part.querySelector(".kind:not([hidden])");
  const all = entries.size;
  const total = count(all, "card");
  find("count").textContent = shown === all ? total : `${shown.toLocaleString("en")} of ${total}`;
  find("none").hidden = shown > 0 || !all; // a deck that was never readable has no cards to look for
  find("clear").hidden = shown === all;
  press(find("answers"), areAllTurned());
}

function change() {
  showWanted();
  applyFilters();
  drawLater();
  writeAddress();
}

function clearFilters() {
  Object.assign(wanted, { text: "", kinds: new Set(), reason: "", tag: "", findings: false });
  change();
}

/** Make the controls say what is wanted. */
function showWanted() {
  if (find("text").value !== wanted.text) find("text").value = wanted.text;
  find("reason").value = wanted.reason;
  find("tag").value = wanted.tag;
  press(find("with-findings"), wanted.findings);
  for (const chip of find("kinds").children) press(chip, wanted.kinds.has(chip.dataset.kind));
}

/** Offer what the deck has: kinds, reasons and tags, each with the number of its cards. */
function offerFilters() {
  const ofKind = Map.groupBy(deck.cards, (card) => card.kind);
  find("kinds").replaceChildren(...Object.keys(KINDS).filter((kind) => ofKind.has(kind)).map((kind) => {
    const chip = make("button", { type: "button", class: "chip", "data-kind": kind, "aria-pressed": "false" });
    chip.append(KINDS[kind], make("span", { class: "number" }, String(ofKind.get(kind).length)));
    return chip;
  }));
  find("kinds").hidden = ofKind.size < 2;
  const ofReason = Map.groupBy(deck.cards, (card) => card.reason);
  const reasons = [...deck.reasons, { id: "", title: "" }]
    .filter((reason) => reason.id && ofReason.has(reason.id))
    .map((reason) => [reason.id, reason.title, ofReason.get(reason.id).length]);
  offer("reason", "All reasons", reasons);
  const tags = new Map();
  for (const card of deck.cards) for (const tag of new Set(card.tags)) tags.set(tag, (tags.get(tag) ?? 0) + 1);
  commonTags = new Set([...tags.keys()].filter((tag) => tags.get(tag) === deck.cards.length));
  const told = [...tags].filter(([tag]) => !commonTags.has(tag)).sort(([a], [b]) => a.localeCompare(b));
  offer("tag", "All tags", told.map(([tag, number]) => [tag, tag, number]));
  const found = deck.cards.filter((card) => card.findings.length).length;
  find("with-findings").replaceChildren("With findings", make("span", { class: "number" }, String(found)));
  find("with-findings").hidden = !found;
  // What is no longer there cannot be wanted.
  if (!reasons.some(([id]) => id === wanted.reason)) wanted.reason = "";
  if (!told.some(([tag]) => tag === wanted.tag)) wanted.tag = "";
  wanted.kinds = new Set([...wanted.kinds].filter((kind) => ofKind.has(kind)));
  wanted.findings &&= found > 0;
}

function offer(id, all, choices) {
  const options = choices.map(([value, name, number]) => make("option", { value }, `${name} (${number})`));
  find(id).replaceChildren(make("option", { value: "" }, all), ...options);
  find(id).hidden = choices.length < 2;
}

function startFilters() {
  new ResizeObserver(([{ target }]) => page.style.setProperty("--controls", `${target.offsetHeight}px`))
    .observe(find("controls"));
  find("controls").addEventListener("submit", (event) => event.preventDefault());
  find("controls").addEventListener("input", (event) => {
    if (event.target.matches("#text, #reason, #tag")) {
      wanted[event.target.id] = event.target.value;
      change();
    }
  });
  find("kinds").addEventListener("click", (event) => {
    const kind = event.target.closest(".chip")?.dataset.kind;
    if (!kind) return;
    if (!wanted.kinds.delete(kind)) wanted.kinds.add(kind);
    change();
  });
  find("with-findings").addEventListener("click", () => {
    wanted.findings = !wanted.findings;
    change();
  });
  find("clear").addEventListener("click", () => {
    clearFilters();
    find("text").focus();
  });
  find("more").addEventListener("click", ({ currentTarget }) => {
    const open = currentTarget.getAttribute("aria-expanded") !== "true";
    currentTarget.setAttribute("aria-expanded", String(open));
  });
  find("answers").addEventListener("click", turnAll);
  find("night").addEventListener("click", toggleNight);
  find("phone").addEventListener("click", () => {
    look.phone = !look.phone;
    dressAll();
    writeAddress();
  });
  narrow.addEventListener("change", dressAll);
  dark.addEventListener("change", () => {
    look.night = chosenNight ?? dark.matches;
    dressAll();
  });
  addEventListener("hashchange", () => {
    readAddress();
    dressAll();
    change();
  });
}

function toggleNight() {
  look.night = chosenNight = !look.night;
  dressAll();
  writeAddress();
}
