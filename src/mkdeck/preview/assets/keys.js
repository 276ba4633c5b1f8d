// Everything by keys: from card to card, to turn them, and to the controls.

const ONWARD = new Set(["j", "ArrowRight", "ArrowDown"]);
const BACK = new Set(["k", "ArrowLeft", "ArrowUp"]);

function startKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || find("keys").open) return;
    const sheet = document.activeElement?.closest(".sheet");
    if (document.activeElement?.matches("input, select, textarea")) leaveField(event);
    else if (act(event, sheet)) event.preventDefault();
  });
  find("help").addEventListener("click", () => find("keys").showModal());
  document.querySelector(".skip").addEventListener("click", (event) => {
    event.preventDefault(); // the address keeps the filters
    find("cards").focus();
    find("cards").scrollIntoView();
  });
}

/** Do what a key asks for; false leaves it to the browser. */
function act(event, sheet) {
  const { key } = event;
  // Up and down scroll the page, unless one is among the cards.
  const isArrow = key === "ArrowUp" || key === "ArrowDown";
  if ((ONWARD.has(key) || BACK.has(key)) && (sheet || !isArrow)) return go(sheet, ONWARD.has(key) ? 1 : -1);
  if ((key === "Enter" || key === " ") && document.activeElement === sheet && sheet) {
    turnAlone(sheet);
    return true;
  }
  const showKeys = () => find("keys").showModal();
  const findWords = () => find("text").select();
  const acts = { f: turnAll, n: toggleNight, "?": showKeys, "/": findWords };
  if (!Object.hasOwn(acts, key)) return false;
  acts[key]();
  return true;
}

function leaveField(event) {
  if (event.key !== "Escape" || event.target.id !== "text") return;
  if (event.target.value) return; // the browser empties it
  event.target.blur();
}

/** Go to the next card or the one before; from nowhere, to the first one in view. */
function go(sheet, step) {
  const sheets = shownEntries().map((entry) => entry.sheet);
  const at = sheets.indexOf(sheet);
  const next = at < 0 ? firstInView(sheets) : sheets[at + step];
  if (next) {
    draw(next);
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  }
  return true;
}

function firstInView(sheets) {
  const below = find("controls").getBoundingClientRect().bottom;
  return sheets.find((sheet) => sheet.getBoundingClientRect().top >= Math.max(0, below)) ?? sheets.at(-1);
}
