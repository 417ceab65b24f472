// The lines of the user's that made the graph: those of a step are lit, and its expression in them is underlined.

function makeSources() {
  const lineOf = (text, number) => {
    const line = element("code", { textContent: text || " " });
    line.dataset.number = number;
    return line;
  };
  const block = ({ name, start, lines }) =>
    element(
      "div",
      {},
      element("h2", { textContent: name }),
      element("pre", {}, ...lines.map((text, i) => lineOf(text, start + i))),
    );
  byId("source").append(...DATA.sources.map(block));
  byId("source").hidden = !DATA.sources.length;
}

function showSource({ step }) {
  for (const line of byId("source").querySelectorAll(".lit")) {
    line.classList.remove("lit");
    line.replaceChildren(line.textContent);
  }
  for (const part of partsOf(step)) {
    for (const place of DATA.nodes[part.slot].lines) light(...place);
  }
  const first = byId("source").querySelector(".lit");
  if (first) scrollInside(byId("source"), first);
}

/** A line, and in it the expression, where that is known. */
function light(source, number, from, to) {
  const line = byId("source").children[source].querySelectorAll("code")[number];
  line.classList.add("lit");
  if (from === undefined || line.querySelector("u")) return; // of two steps in one line the first
  const letters = [...line.textContent];
  const [before, expression, after] = [letters.slice(0, from), letters.slice(from, to), letters.slice(to)];
  line.replaceChildren(before.join(""), element("u", {}, expression.join("")), after.join(""));
}
