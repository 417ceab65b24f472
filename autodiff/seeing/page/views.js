// What the page shows, a function for each part of it, of a view:
//
//   view  {chosen, model, steps, final, wrong, undefinedSlot, checks}, what the choices come to, and {count, step, state}

const ROWS = ["evaluate", "forward", "reverse"]; // the texts of a node in the drawing, below its name
const ACCENTS = { evaluate: "", forward: DOT, reverse: BAR };
const PHASES = { evaluate: "evaluation", forward: "forward sweep", reverse: "reverse sweep" };

const short = (x) => written(x, DATA.digits);
const nameOf = (slot, phase = "evaluate") => accented(DATA.nodes[slot].name, ACCENTS[phase]);

// Made once

const rows = DATA.nodes.map((node, slot) => {
  const name = button("name", "Show its whole chain-rule sum", () => select(slot), node.name);
  const head = element(
    "th",
    { scope: "row" },
    name,
    element("span", { className: "is" }, ...typeset(node.op ? ` = ${node.expression}` : "")),
  );
  return byId("trace").tBodies[0].appendChild(element("tr", {}, head, ...ROWS.map(() => element("td"))));
});

const cardOf = DATA.nodes.map((_, slot) => DATA.cards[slot] ?? `n${slot}`);
const cards = [...new Set(cardOf)].map((id) => {
  const slots = cardOf.flatMap((other, slot) => (other === id ? [slot] : []));
  const [group, end] = [byId(id), slots.at(-1)];
  group.addEventListener("click", () => select(end));
  const kinds = group.getAttribute("class");
  return {
    group,
    kinds,
    slots,
    end,
    texts: [...group.querySelectorAll("text")].slice(-3),
    title: inSvg("title", group),
  };
});

const arrowOf = (name) => DATA.edges[name] ?? name;
const arrows = [...document.querySelectorAll("#drawing .edge")];

const pill = inSvg("g", byId("drawing").querySelector("svg > g"));
pill.id = "pill";

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

// The step

function showStep(view) {
  const { model, steps, count, step } = view;
  byId("position").max = steps.length;
  byId("position").value = count;
  byId("count").textContent = `${count} / ${steps.length}`;
  byId("now").dataset.phase = step?.phase ?? "";
  byId("now").classList.toggle("astray", Boolean(step) && isAstray(view, step.to, step.phase));
  byId("phase").textContent = step ? PHASES[step.phase] : "start";
  setWords(byId("sentence"), step ? sentenceOf(model, step) : "Press → for the first step, space to play.");
  byId("position").setAttribute("aria-valuetext", byId("sentence").textContent);
  const formula = step?.from === undefined ? "" : DATA.nodes[step.slot].formulas[step.position];
  const names = [formula && partialName(DATA, step), formula, formula && short(step.slope)].filter(Boolean);
  setWords(byId("slope"), [...new Set(names)].join(" = "));
}

/** So much room that no step of a sweep moves what stands below. */
function reserveRoom({ model, steps }) {
  const longest = (texts) => texts.reduce((a, b) => (b.length > a.length ? b : a), "");
  const slopes = steps
    .filter((step) => step.from !== undefined)
    .map((step) => DATA.nodes[step.slot].formulas[step.position]);
  const now = byId("now");
  now.style.minHeight = "";
  byId("phase").textContent = PHASES.reverse;
  setWords(byId("sentence"), longest(steps.map((step) => sentenceOf(model, step))));
  setWords(byId("slope"), `∂v₁₀₀/∂v₁₀₀ = ${longest(slopes)} = ${short(-0.12345)}`);
  now.style.minHeight = `${now.offsetHeight}px`;
}

function showNodes(view) {
  const { state, step, chosen, final } = view;
  const phase = ["reverse", "forward"].find((name) => state[name].some((x) => x !== null));
  const largest = phase && Math.max(...final[phase].map((x) => (Number.isFinite(x) ? Math.abs(x) : 0)));
  const color = (slot) => shade(phase && state[phase][slot], largest);
  const told = (slots) => {
    const has = (slot) => slot !== null && slot !== undefined && slots.includes(slot);
    const involved = step && [step.slot, step.to, step.from].some(has);
    const classes = {
      [involved && `active ${step.phase}`]: involved,
      receives: has(step?.to),
      wrong: slots.some((slot) => isSpoilt(view, slot)),
      selected: has(chosen.node),
    };
    return Object.keys(classes)
      .filter((key) => classes[key])
      .join(" ");
  };
  const lids = FRAMES.map(({ lid, slots, card }) => ({ group: lid, kinds: "node lid", slots, ...card }));
  for (const card of [...cards, ...lids]) {
    card.group.setAttribute("class", `${card.kinds} ${told(card.slots)}`);
    card.group.style.setProperty("--card", color(card.end));
    showCard(view, card);
  }
  DATA.nodes.forEach((_, slot) => {
    rows[slot].className = told([slot]);
    showRow(view, slot);
  });
  showLegend(phase, largest);
  if (!step) return;
  scrollInside(rows[step.to].closest(".scroll"), rows[step.to]);
  follow([step.slot, step.to].map(groupOf));
}

/** What is seen of a node: its card, or the lid of the box that it is in. */
function groupOf(slot) {
  return lidOver(DATA.inside[slot]) ?? byId(cardOf[slot]);
}

function textsOf({ state }, slot) {
  return ROWS.map((phase) => (state[phase][slot] === null ? "" : short(state[phase][slot])));
}

function isMarked(view, slot, phase) {
  return phase === "reverse" && view.state.reverse[slot] !== null && isSpoilt(view, slot);
}

function showCard(view, { end, texts, title }) {
  const known = ROWS.filter((phase) => view.state[phase][end] !== null);
  const precise = known.map((phase) => `${nameOf(end, phase)} = ${full(view.state[phase][end])}`);
  set(title, precise.join("\n") || nameOf(end));
  textsOf(view, end).forEach((text, i) => {
    const sign = i === 0 || !text ? "" : `v${ACCENTS[ROWS[i]]} `;
    set(texts[i], sign + text + (isMarked(view, end, ROWS[i]) ? " ✗" : ""));
    texts[i].classList.toggle("astray", isAstray(view, end, ROWS[i]));
  });
}

function showRow(view, slot) {
  const { state, step, wrong } = view;
  textsOf(view, slot).forEach((text, i) => {
    const phase = ROWS[i];
    const cell = rows[slot].cells[i + 1];
    set(cell, text + (isMarked(view, slot, phase) ? ` ✗ ${short(wrong.get(slot).right)}` : ""));
    cell.title = state[phase][slot] === null ? "" : full(state[phase][slot]);
    const lit = step?.phase === phase && step.to === slot ? "active" : "";
    cell.className = `${lit} ${isAstray(view, slot, phase) ? "astray" : ""}`.trim();
  });
}

/** Whether all that a mistake lets a node have has arrived, and it is not what it should be. */
function isSpoilt({ wrong, steps, count, state }, slot) {
  if (!wrong.has(slot) || state.reverse[slot] === null) return false;
  const first = steps.findIndex((step) => step.phase === "reverse");
  return count > first + wrong.get(slot).last;
}

function showLegend(phase, largest) {
  byId("legend").classList.toggle("idle", !phase);
  byId("scale-name").textContent = phase ? `${phase === "reverse" ? "adjoint" : "tangent"} v${ACCENTS[phase]}` : "";
  byId("scale-low").textContent = phase ? short(-largest) : "";
  byId("scale-high").textContent = phase ? short(largest) : "";
}

function showEdges(view) {
  const { steps, count, step } = view;
  const id = ({ slot, position }) => arrowOf(`e${slot}-${position}`);
  const passed = new Set(
    steps
      .slice(0, count)
      .filter((s) => s.phase === step?.phase && s.from !== undefined)
      .map(id),
  );
  const reads =
    step?.phase === "evaluate"
      ? DATA.nodes[step.slot].operands.map((_, position) => id({ slot: step.slot, position }))
      : [];
  const lit = step?.from === undefined ? reads : [id(step)];
  for (const edge of arrows) {
    const active = lit.includes(edge.id) ? ` active ${step.phase}` : "";
    edge.setAttribute("class", `edge${passed.has(edge.id) ? " passed" : ""}${active}`);
  }
  const apart = step?.from !== undefined && groupOf(step.to) !== groupOf(step.from);
  showPill(view, apart && byId(id(step)));
}

/** The contribution of the step, on the edge that it goes along. */
function showPill({ model, step }, edge) {
  pill.replaceChildren();
  pill.setAttribute("class", step?.phase ?? "");
  if (!edge) return;
  const path = edge.querySelector("path");
  const { x, y } = path.getPointAtLength(path.getTotalLength() / 2);
  const [ground, text] = ["rect", "text"].map((tag) => inSvg(tag, pill));
  const told = `${assignment(model, step)} ${short(step.contribution)}`;
  text.textContent = step.phase === "forward" ? `${told} →` : `← ${told}`;
  const width = text.getComputedTextLength() + 12;
  setAll(ground, { x: x - width / 2, y: y - 10, width, height: 20, rx: 10 });
  setAll(text, { x, y: y + 4 });
}

function showSource({ step }) {
  for (const line of byId("source").querySelectorAll(".lit")) line.classList.remove("lit");
  const place = step && DATA.nodes[step.slot].line;
  if (!place) return;
  const line = byId("source").children[place[0]].querySelectorAll("code")[place[1]];
  line.classList.add("lit");
  scrollInside(byId("source"), line);
}
