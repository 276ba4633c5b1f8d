// Put it all on the page, and let it be used.

function showAll() {
  const name = deck.question || deck.title;
  document.title = deck.question ? `${name} · ${deck.title}` : name;
  find("deck").replaceChildren(deck.title.split("::").join(" › "));
  find("question").replaceChildren(name);
  for (const id of ["deck", "question"]) find(id).lang = deck.lang;
  page.dir = deck.dir;
  offerFilters();
  showSums();
  showRest();
  showMap();
  showCards();
  showWanted();
  applyFilters();
}

readAddress();
dressAll();
showAll();
startMap();
startCards();
startWindow();
startFilters();
startKeys();
takeKept();
startLive();
