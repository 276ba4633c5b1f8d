// Findings, at the card they concern or above the map.

/** Show a finding; in brief at the second and later cards of a note that it concerns. */
function findingOf(number, isAgain = false) {
  const { severity, rule, message, mend, at, line, source } = deck.findings[number];
  const name = severity === "error" ? "Error" : "Warning";
  const item = make("li", { class: `finding ${severity}`, "data-rule": rule, "data-severity": severity });
  item.append(make("span", { class: "badge" }, name), make("span", {}, ": ", ...inCode(message)));
  if (source.length && !isAgain) {
    const [before, part, after] = source;
    const number = make("span", { class: "line" }, `${line} │ `);
    const words = [number, before.trimStart(), make("mark", {}, part), after];
    item.append(make("code", { class: "source", lang: deck.lang }, ...words));
  }
  if (mend && !isAgain) item.append(make("span", { class: "mend" }, "Mend: ", ...inCode(mend)));
  item.append(make("span", { class: "from" }, make("span", { class: "at" }, at), " · ", rule));
  return item;
}

/** Set what stands between backticks as code. */
function inCode(text) {
  return text.split("`").map((part, number, all) =>
    number % 2 && number < all.length - 1 ? make("code", {}, part) : part);
}

function showRest() {
  find("rest-list").replaceChildren(...deck.rest.map((number) => findingOf(number)));
  find("rest").hidden = !deck.rest.length;
  find("maths").hidden = !deck.maths || page.dataset.maths === "drawn";
}

/** Say above all how much there is, and whether it can be built. */
function showSums() {
  const errors = deck.findings.filter((each) => each.severity === "error").length;
  const warnings = deck.findings.length - errors;
  const parts = [count(deck.cards.length, "card")];
  if (deck.reasons.length) parts.unshift(count(deck.reasons.length, "reason"));
  const sums = find("sums");
  sums.replaceChildren(parts.join(", "));
  if (errors) sums.append(", ", make("span", { class: "error" }, count(errors, "error")));
  if (warnings) sums.append(", ", make("span", { class: "warning" }, count(warnings, "warning")));
  if (errors) sums.append(". Until the errors are mended, nothing is built.");
}
