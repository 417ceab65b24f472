// What the page shows, a function for each part of it, of a view:
//
//   view  {chosen, model, steps, final, wrong, undefinedSlot, checks}, what the choices come to, and {count, step, state}

const ROWS = ["evaluate", "forward", "reverse"]; // the texts of a node in the drawing, below its name
const ACCENTS = { evaluate: "", forward: DOT, reverse: BAR };
const PHASES = { evaluate: "evaluation", forward: "forward sweep", reverse: "reverse sweep", both: "side by side" };

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
  drawnButton(group, null, () => select(end));
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
const partials = inSvg("g", byId("drawing").querySelector("svg > g"));
partials.id = "partials-drawn";

// The step

function showStep(view) {
  const { model, steps, count, step } = view;
  byId("position").max = steps.length;
  byId("position").value = count;
  byId("count").textContent = `${count} / ${steps.length}`;
  byId("now").dataset.phase = step?.phase ?? "";
  const parts = partsOf(step);
  byId("now").classList.toggle(
    "astray",
    parts.some((part) => isAstray(view, part.to, part.phase)),
  );
  byId("phase").textContent = step ? PHASES[step.phase] : "start";
  showSentences(parts.map((part) => [part.phase, sentenceOf(model, part)]));
  byId("position").setAttribute("aria-valuetext", byId("sentence").textContent);
  setWords(byId("slope"), parts.map(slopeOf).filter(Boolean).join("     "));
}

/** A line for each sentence. */
function showSentences(sentences) {
  const told = sentences.length ? sentences : [["", "Press → for the first step, space to play."]];
  const key = told.map(([, text]) => text).join("\n");
  if (byId("sentence").dataset.told === key) return;
  byId("sentence").dataset.told = key;
  byId("sentence").replaceChildren(
    ...told.flatMap(([phase, text], i) => [i ? "\n" : "", element("span", { className: phase }, ...typeset(text))]),
  );
}

/** ∂v₂/∂x₁ = x₂ = 5, of a step along an edge. */
function slopeOf(step) {
  const formula = step.from === undefined ? "" : DATA.nodes[step.slot].formulas[step.position];
  const names = [formula && partialName(DATA, step), formula, formula && short(step.slope)].filter(Boolean);
  return [...new Set(names)].join(" = ");
}

/** So much room that no step of a sweep moves what stands below. */
function reserveRoom({ model, steps }) {
  const longest = (texts) => texts.reduce((a, b) => (b.length > a.length ? b : a), "");
  const told = steps.map((step) => partsOf(step).map((part) => sentenceOf(model, part)));
  const moved = steps.flatMap(partsOf).filter((step) => step.from !== undefined);
  const slopes = moved.map((step) => DATA.nodes[step.slot].formulas[step.position]);
  const now = byId("now");
  now.style.minHeight = "";
  byId("phase").textContent = PHASES.reverse;
  const lines = Math.max(1, ...told.map((sentences) => sentences.length));
  showSentences(Array.from({ length: lines }, (_, i) => ["", longest(told.map((sentences) => sentences[i] ?? ""))]));
  setWords(byId("slope"), `∂v₁₀₀/∂v₁₀₀ = ${longest(slopes)} = ${short(-0.12345)}`);
  now.style.minHeight = `${now.offsetHeight}px`;
}

function showNodes(view) {
  const { state, chosen, final } = view;
  const parts = partsOf(view.step);
  const phase = ["reverse", "forward"].find((name) => state[name].some((x) => x !== null));
  const largest = phase && Math.max(...final[phase].map((x) => (Number.isFinite(x) ? Math.abs(x) : 0)));
  const color = (slot) => shade(phase && state[phase][slot], largest);
  const told = (slots) => {
    const has = (slot) => slot !== null && slot !== undefined && slots.includes(slot);
    const involved = parts.find((part) => [part.slot, part.to, part.from].some(has));
    const classes = {
      [involved && `active ${involved.phase}`]: involved,
      receives: parts.some((part) => has(part.to)),
      wrong: slots.some((slot) => isSpoilt(view, slot)) || has(differingNow(view)),
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
  if (!parts.length) return;
  scrollInside(rows[parts.at(-1).to].closest(".scroll"), rows[parts.at(-1).to]);
  follow(parts.flatMap((part) => [part.slot, part.to]).map(groupOf));
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
    const lit = partsOf(step).some((part) => part.phase === phase && part.to === slot) ? "active" : "";
    cell.className = `${lit} ${isAstray(view, slot, phase) ? "astray" : ""}`.trim();
  });
}

/** The first node that another system, which the function came from, has another adjoint of, in the end. */
function differingNow({ count, steps }) {
  return count === steps.length ? DATA.origin?.first : null;
}

/** Whether all that a mistake lets a node have has arrived, and it is not what it should be. */
function isSpoilt({ wrong, steps, count, state }, slot) {
  if (!wrong.has(slot) || state.reverse[slot] === null) return false;
  return count > stepsIn(steps, "reverse")[wrong.get(slot).last][0];
}

function showLegend(phase, largest) {
  byId("legend").classList.toggle("idle", !phase);
  byId("scale-name").textContent = phase ? `${phase === "reverse" ? "adjoint" : "tangent"} v${ACCENTS[phase]}` : "";
  byId("scale-low").textContent = phase ? short(-largest) : "";
  byId("scale-high").textContent = phase ? short(largest) : "";
}

function showEdges(view) {
  const { model, steps, count, step } = view;
  const id = ({ slot, position }) => arrowOf(`e${slot}-${position}`);
  const done = steps.slice(0, count).flatMap(partsOf);
  const passed = new Set(
    done.filter((s) => partsOf(step).some(({ phase }) => phase === s.phase) && s.from !== undefined).map(id),
  );
  const lit = new Map();
  pill.replaceChildren();
  for (const part of partsOf(step)) {
    const reads =
      part.phase === "evaluate" ? DATA.nodes[part.slot].operands.map((_, position) => ({ ...part, position })) : [];
    for (const along of part.from === undefined ? reads : [part]) lit.set(id(along), part.phase);
    if (part.from !== undefined && groupOf(part.to) !== groupOf(part.from)) showPill(model, part, byId(id(part)));
  }
  for (const edge of arrows) {
    const active = lit.has(edge.id) ? ` active ${lit.get(edge.id)}` : "";
    edge.setAttribute("class", `edge${passed.has(edge.id) ? " passed" : ""}${active}`);
  }
  showPartials(view, passed, lit);
}

/** Half way along an edge. */
function middleOf(edge) {
  const path = edge.querySelector("path");
  return path.getPointAtLength(path.getTotalLength() / 2);
}

/** The partial on each edge that carries nothing now; who is asked sees those of edges that are done. */
function showPartials({ model, chosen }, passed, lit) {
  partials.replaceChildren();
  if (!chosen.partials) return;
  DATA.nodes.forEach(({ operands }, slot) => {
    operands.forEach((_, position) => {
      const edge = byId(`e${slot}-${position}`);
      if (!edge || lit.has(edge.id) || (chosen.predict && !passed.has(edge.id))) return;
      const { x, y } = middleOf(edge);
      const text = inSvg("text", partials);
      setAll(text, { x, y: y + 4, "text-anchor": "middle", "font-size": 11 });
      text.textContent = short(model.slopes[slot][position]);
    });
  });
}

/** The contribution of a step, on the edge that it goes along. */
function showPill(model, step, edge) {
  const { x, y } = middleOf(edge);
  const group = inSvg("g", pill);
  group.setAttribute("class", step.phase);
  const [ground, text] = ["rect", "text"].map((tag) => inSvg(tag, group));
  const told = `${assignment(model, step)} ${short(step.contribution)}`;
  text.textContent = step.phase === "forward" ? `${told} →` : `← ${told}`;
  const width = text.getComputedTextLength() + 12;
  setAll(ground, { x: x - width / 2, y: y - 10, width, height: 20, rx: 10 });
  setAll(text, { x, y: y + 4 });
}
