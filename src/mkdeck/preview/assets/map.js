// The map: every reason with its chains, each of which leads on to the outcome.

const MOST_OPEN = 12; // a longer map starts as a list of reasons

function showMap() {
  const body = find("map-body");
  const folds = new Map([...body.querySelectorAll(".path")].map((path) => [path.dataset.reason, isOpen(path)]));
  const cards = Map.groupBy(deck.cards, (card) => card.reason);
  const rows = deck.reasons.map((reason, number) => {
    const open = folds.get(reason.id) ?? deck.reasons.length <= MOST_OPEN;
    return row(reason, number, cards.get(reason.id)?.length ?? 0, open);
  });
  body.lang = deck.lang;
  body.replaceChildren(make("ol", { class: "paths" }, ...rows));
  if (deck.question) body.append(make("p", { class: "outcome" }, make("span", {}, deck.question)));
  find("map").hidden = !deck.reasons.length;
  typesetMap();
}

function typesetMap() {
  if (deck.maths) typeset(find("map-body"));
}

function isOpen(path) {
  return path.querySelector(".fold")?.getAttribute("aria-expanded") === "true";
}

function row(reason, number, cards, open) {
  const id = `chains-${number}`;
  const path = make("li", { class: "path", "data-reason": reason.id });
  const fold = { type: "button", class: "fold", "aria-expanded": String(open), "aria-controls": id };
  const name = reason.chains.length ? make("button", fold, reason.title) : reason.title;
  const about = make("div", { class: "about" }, make("h3", {}, name));
  const small = make("p", { lang: "en" });
  if (ROLES[reason.role]) small.append(make("span", { class: "role" }, ROLES[reason.role]), " ");
  const jump = make("button", { type: "button", class: "plain jump", dir: "ltr" }, count(cards, "card"));
  if (cards) small.append(jump);
  about.append(small);
  const chains = make("div", { class: "chains", id, hidden: !open && reason.chains.length > 0 });
  chains.append(...reason.chains.map(chainOf));
  if (!reason.chains.length) chains.append(make("div", { class: "steps", "aria-hidden": "true" }, end("span")));
  path.append(about, chains);
  return path;
}

function chainOf(chain) {
  const steps = make("ol", { class: "steps" }, ...chain.links.map((link) => make("li", {}, link)));
  steps.append(end("li"));
  return make("div", { class: "chain" }, chain.title && make("p", { class: "chain-title" }, chain.title), steps);
}

function end(name) {
  return make(name, { class: "on", "aria-hidden": "true" });
}

function startMap() {
  find("map").addEventListener("click", (event) => {
    const fold = event.target.closest(".fold");
    if (fold) {
      const open = fold.getAttribute("aria-expanded") !== "true";
      fold.setAttribute("aria-expanded", String(open));
      find(fold.getAttribute("aria-controls")).hidden = !open;
      typesetMap();
    } else if (event.target.closest(".jump")) {
      jumpTo(event.target.closest(".path").dataset.reason);
    }
  });
}

/** Bring the cards of a reason into view, even where a filter hides them. */
function jumpTo(reason) {
  const title = () => find("cards").querySelector(`.part[data-reason="${CSS.escape(reason)}"]:not([hidden]) > h2`);
  if (!title()) clearFilters();
  const found = title();
  if (!found) return;
  found.tabIndex = -1;
  found.focus({ preventScroll: true });
  found.scrollIntoView({ block: "start" });
}
