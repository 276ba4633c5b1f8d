// The cards on the desk: a stub for each at once, its sides when it comes near to what is seen.

const look = { night: false, phone: false, printing: false };

/** By key: the card, its sheet, and the words that the text filter looks in. */
let entries = new Map();
let cssNow = "";
/** Finding -> the key of the first card that it concerns. */
let firstWith = new Map();

const near = new IntersectionObserver((seen) => {
  for (const each of seen) if (each.isIntersecting) draw(each.target);
}, { rootMargin: "900px 0px" });

/** Put the sheets of all cards on the desk; those that have not changed stay the ones they were. */
function showCards() {
  const before = entries;
  firstWith = new Map(deck.cards.toReversed().flatMap(({ key, findings }) => findings.map((each) => [each, key])));
  entries = new Map(deck.cards.map((card) => [card.key, entryOf(card, before)]));
  for (const [key, entry] of before) if (entries.get(key)?.sheet !== entry.sheet) near.unobserve(entry.sheet);
  const byReason = Map.groupBy(entries.values(), (entry) => entry.card.reason);
  const parts = [...deck.reasons, { id: "", title: deck.reasons.length ? "Beyond the reasons" : "" }]
    .filter((reason) => byReason.has(reason.id))
    .map((reason) => partOf(reason, byReason.get(reason.id)));
  find("cards").replaceChildren(...parts);
  const css = { "": deck.css, ...deck.sheets };
  if (cssNow !== JSON.stringify(css)) {
    cssNow = JSON.stringify(css);
    for (const [type, text] of Object.entries(css)) sheetOf(type).replaceSync(text);
    findConditions();
  }
  drawLater();
}

function entryOf(card, before) {
  const written = JSON.stringify([card.question, card.answer, card.sounds, card.problem, card.type]);
  const known = before.get(card.key);
  if (known?.written === written) {
    Object.assign(known, { card, words: folded(card.words) });
    if (known.isFilled) describe(known);
    return known;
  }
  const sheet = make("article", { class: "sheet", tabindex: "-1", "data-card": card.key, "data-kind": card.kind });
  sheet.dataset.reason = card.reason;
  sheet.dataset.side = known?.sheet.dataset.side ?? "front";
  sheet.setAttribute("aria-label", KINDS[card.kind]);
  near.observe(sheet);
  return { card, sheet, written, words: folded(card.words), isFilled: false, isDrawn: false };
}

function partOf(reason, members) {
  const part = make("section", { class: "part", "data-reason": reason.id });
  if (reason.title) {
    part.append(make("h2", { lang: reason.id ? deck.lang : false }, reason.title));
  }
  const byKind = Map.groupBy(members, (entry) => entry.card.kind);
  for (const kind of Object.keys(KINDS).filter((each) => byKind.has(each))) {
    const sheets = make("div", { class: "sheets" }, ...byKind.get(kind).map(({ sheet }) => sheet));
    const name = make(reason.title ? "h3" : "h2", {}, KINDS[kind], make("span", { class: "number" }));
    part.append(make("div", { class: "kind", "data-kind": kind }, name, sheets));
  }
  return part;
}

/** Let a sheet show the side that it is turned to. */
function draw(sheet) {
  const entry = entries.get(sheet.dataset.card);
  if (!entry || entry.sheet !== sheet || entry.isDrawn) return;
  entry.isDrawn = true;
  near.unobserve(sheet);
  if (!entry.isFilled) fill(entry);
  if (!entry.card.problem) show(entry);
}

/** Make what a sheet holds besides the two sides. */
function fill(entry) {
  const { card, sheet } = entry;
  entry.isFilled = true;
  const faces = make("div", { class: "faces" });
  if (card.problem) faces.append(make("p", { class: "problem" }, `Anki draws no card here: ${card.problem}.`));
  const turn = make("button", { type: "button", class: "turn", "aria-pressed": "false" }, "Answer");
  const about = make("span", { class: "about" });
  const caption = make("div", { class: "caption", dir: "ltr" }, about, card.problem ? "" : turn);
  sheet.append(faces, caption, make("ul", { class: "findings", dir: "ltr" }));
  describe(entry);
}

/** Say where a card comes from, and what has been found about it. */
function describe({ card, sheet }) {
  const own = card.tags.filter((tag) => !commonTags.has(tag));
  const tags = make("span", { class: "tags", lang: deck.lang }, own.join(" "));
  const line = make("span", { class: "where", title: `${deck.path}:${card.line}` }, `line ${card.line}`);
  sheet.querySelector(".about").replaceChildren(card.line ? line : "", tags);
  const findings = sheet.querySelector(".findings");
  findings.replaceChildren(...card.findings.map((number) => findingOf(number, firstWith.get(number) !== card.key)));
  findings.hidden = !card.findings.length;
}

function show({ card, sheet }) {
  const { side } = sheet.dataset;
  const faces = sheet.querySelector(".faces");
  const shown = faces.querySelector(`.${side}`) ?? faces.appendChild(drawSide(card, side));
  for (const face of faces.children) face.hidden = face !== shown;
  typesetSide(shown);
  press(sheet.querySelector(".turn"), side === "back");
  const spoken = textOf(shown);
  sheet.setAttribute("aria-label", `${KINDS[card.kind]}, ${side === "back" ? "answer" : "question"}: ${spoken}`);
}

/** Turn a sheet; the side is drawn when it comes near. */
function turn(sheet, side) {
  if (sheet.dataset.side === side) return;
  sheet.dataset.side = side;
  entries.get(sheet.dataset.card).isDrawn = false;
  near.observe(sheet);
}

/** Turn one card as a hand does, and let it be heard. */
function turnAlone(sheet) {
  turn(sheet, sheet.dataset.side === "front" ? "back" : "front");
  draw(sheet);
  const face = sheet.querySelector(".face:not([hidden])");
  if (face) say(textOf(face));
  press(find("answers"), areAllTurned());
  if (!wantsStillness.matches) {
    const frames = { transform: ["perspective(60rem) rotateX(-35deg)", "none"], opacity: [0.4, 1] };
    sheet.querySelector(".faces").animate(frames, { duration: 180, easing: "ease-out" });
  }
}

/** In the order in which they lie on the desk. */
function shownEntries() {
  const sheets = find("cards").querySelectorAll(".sheet:not([hidden])");
  return Array.from(sheets, (sheet) => entries.get(sheet.dataset.card));
}

function areAllTurned() {
  let isAnyShown = false;
  for (const { sheet } of entries.values()) {
    if (sheet.hidden) continue;
    if (sheet.dataset.side === "front") return false;
    isAnyShown = true;
  }
  return isAnyShown;
}

function turnAll() {
  const side = areAllTurned() ? "front" : "back";
  for (const { sheet } of shownEntries()) turn(sheet, side);
  press(find("answers"), side === "back");
  drawLater();
  say(side === "back" ? "All answers are shown." : "All answers are hidden.");
}

function dressAll() {
  page.dataset.night = String(look.night);
  page.dataset.phone = String(look.phone);
  press(find("night"), look.night);
  press(find("phone"), look.phone);
  fitWindow();
  for (const face of document.querySelectorAll(".face")) dress(face.shadowRoot);
}

let idle = 0;
/** Draw what nobody has come near to while there is nothing else to do: for screen readers, and to find words. */
function drawLater() {
  const waiting = [...entries.values()].filter((entry) => !entry.isDrawn).reverse();
  const go = (time) => {
    while (waiting.length && time.timeRemaining() > 4) {
      const { sheet } = waiting.pop();
      if (!sheet.hidden) draw(sheet);
    }
    idle = waiting.length ? whenIdle(go) : 0;
  };
  stopIdle(idle);
  idle = whenIdle(go);
}

/** On paper, both sides of a card stand side by side, by day. */
function preparePaper() {
  look.printing = true;
  for (const { sheet, card } of shownEntries()) {
    draw(sheet);
    const faces = sheet.querySelector(".faces");
    for (const [place, side] of ["front", "back"].entries()) {
      if (card.problem) continue;
      const face = faces.querySelector(`.${side}`) ?? drawSide(card, side);
      if (faces.children[place] !== face) faces.insertBefore(face, faces.children[place] ?? null);
      face.hidden = false;
      typesetSide(face);
      face.hidden = side !== sheet.dataset.side;
    }
  }
  dressAll();
}

function leavePaper() {
  look.printing = false;
  dressAll();
}

function startCards() {
  find("cards").addEventListener("click", (event) => {
    const sheet = event.target.closest(".sheet");
    if (!sheet) return;
    const inside = event.composedPath().filter((each) => each instanceof HTMLElement);
    const sound = inside.find((each) => each.dataset.sound);
    if (sound) play(sound.dataset.sound);
    else if (inside.some((each) => each.matches(".turn"))) turnAlone(sheet);
    else if (inside.some((each) => each.matches("a, button, summary"))) return;
    else if (event.target.closest(".faces") && getSelection().isCollapsed) turnAlone(sheet);
  });
  addEventListener("beforeprint", preparePaper);
  addEventListener("afterprint", leavePaper);
  matchMedia("print").addEventListener("change", (media) => (media.matches ? preparePaper() : leavePaper()));
}
