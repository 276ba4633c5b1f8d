// The window that a card stands in. To a style sheet, `min-width` means the window of Anki; here, many cards
// share one window, so such conditions are decided by the width of the cards and not by that of the page.

const PHONE = 360;
const WIDTH = /\(\s*(min|max)-width\s*:\s*([\d.]+)(px|r?em)\s*\)|\(\s*width\s*([<>])=?\s*([\d.]+)(px|r?em)\s*\)/g;
const TRUE = "(min-width: 0px)";
const FALSE = "(max-width: -1px)";

/** Rule -> its condition as it was written. */
let conditions = new Map();
let widthNow = 0;

/** Take out what selects the host of a card: it stands outside of the card, where a deck has nothing to say. */
function stayInside(rules) {
  for (let at = rules.cssRules.length - 1; at >= 0; at -= 1) {
    const rule = rules.cssRules[at];
    if (rule.selectorText?.includes(":host")) rules.deleteRule(at);
    else if (rule.cssRules?.length) stayInside(rule);
  }
}

function findConditions() {
  conditions = new Map();
  const waiting = [];
  for (const sheet of sheetsOfTypes.values()) {
    stayInside(sheet);
    waiting.push(...sheet.cssRules);
  }
  while (waiting.length) {
    const rule = waiting.pop();
    if (rule instanceof CSSMediaRule) conditions.set(rule, rule.media.mediaText);
    if (rule.cssRules) waiting.push(...rule.cssRules);
  }
  widthNow = 0;
  fitWindow();
}

/** Decide all conditions anew, if the cards have another width than before. */
function fitWindow() {
  const width = look.phone ? PHONE : widthOfCards();
  if (!width || width === widthNow) return;
  widthNow = width;
  for (const [rule, text] of conditions) {
    const decided = text.replace(WIDTH, (_, bound, edge, unit, sign, other, otherUnit) => {
      const number = Number(edge ?? other) * ((unit ?? otherUnit) === "px" ? 1 : 16);
      return (bound === "min" || sign === ">" ? width >= number : width <= number) ? TRUE : FALSE;
    });
    if (rule.media.mediaText !== decided) rule.media.mediaText = decided;
  }
}

function widthOfCards() {
  const sheet = find("cards").querySelector(".sheet:not([hidden])");
  return sheet ? Math.round(parseFloat(getComputedStyle(sheet).width)) : 0;
}

function startWindow() {
  new ResizeObserver(fitWindow).observe(find("cards"));
}
