// The page of a drawing: its colours, what is told of a card, and all of the drawing's own.

const cards = DATA.cards.map((card) => ({ ...card, group: byId(card.id), color: shade(card.level, 1) }));

function tell(i) {
  for (const [j, { group }] of cards.entries()) group.classList.toggle("selected", i === j);
  byId("node").hidden = false;
  byId("node").replaceChildren(...cards[i].about.split("\n").map((line) => element("p", {}, ...typeset(line))));
}

function lookAt(i) {
  reveal(DATA.inside[i]);
  tell(i);
  follow([cards[i].group]);
}

listenToCamera();
makeBoxes(() => {});
for (const [i, { group, color }] of cards.entries()) {
  group.style.setProperty("--card", color);
  group.addEventListener("click", () => tell(i));
}
for (const { lid, card } of FRAMES) {
  const { rows, color } = cards[card.end];
  lid.style.setProperty("--card", color);
  for (const [i, row] of rows.entries()) card.texts[i].textContent = row;
}
makeSearch(
  [
    ...cards.map(({ name, text }, i) => ({ name, text, i })),
    ...DATA.inner.map(([name, text, i]) => ({ name, text, i })),
  ],
  ({ i }) => lookAt(i),
);
const [meaning = "", low = "", high = ""] = DATA.legend;
set(byId("scale-name"), meaning);
set(byId("scale-low"), low);
set(byId("scale-high"), high);
byId("legend").classList.toggle("idle", !low);
followNotebook();
openDrawing();
