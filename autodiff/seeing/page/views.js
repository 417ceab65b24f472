// What the page shows, a function for each part of it, of a view:
//
//   view  {chosen, model, steps, final, wrong, undefinedSlot, checks}, what the choices come to, and {count, step, state}

const DATA = JSON.parse(document.getElementById("data").textContent);
const ROWS = ["evaluate", "forward", "reverse"]; // the texts of a node in the drawing, below its name
const ACCENTS = { evaluate: "", forward: DOT, reverse: BAR };
const PHASES = { evaluate: "evaluation", forward: "forward sweep", reverse: "reverse sweep" };
const MARGIN = 32; // pixels around what is scrolled into sight: a heading stands there
const SMALLEST = 0.65; // how far a large drawing is shrunk before it scrolls

const byId = (id) => document.getElementById(id);
const short = (x) => written(x, DATA.digits);
const nameOf = (slot, phase = "evaluate") => accented(DATA.nodes[slot].name, ACCENTS[phase]);

function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

function button(className, title, onClick, ...children) {
  const made = element("button", { className, title }, ...children);
  made.addEventListener("click", onClick);
  return made;
}

function inSvg(tag, parent) {
  return parent.appendChild(document.createElementNS("http://www.w3.org/2000/svg", tag));
}

function set(target, text) {
  if (target.textContent !== text) target.textContent = text;
}

const RAISED = / ?\^ ?(?:\(((?:[^()]|\([^()]*\))*)\)|(−?[^\s()^,]+))/g;

/** A text as nodes, what stands behind ^ raised: to those who listen, and who copy it, it is the text that it was. */
function typeset(text) {
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(RAISED)) {
    const up = match[1] ?? match[2];
    const [before, after] = [match[0].slice(0, match[0].indexOf(up)), match[1] === undefined ? "" : ")"];
    nodes.push(text.slice(end, match.index), element("span", { className: "unseen" }, before), element("sup", {}, up));
    if (after) nodes.push(element("span", { className: "unseen" }, after));
    end = match.index + match[0].length;
  }
  return [...nodes, text.slice(end)];
}

function setWords(target, text) {
  if (target.textContent !== text) target.replaceChildren(...typeset(text));
}

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

const cards = DATA.nodes.map((_, slot) => {
  const group = byId(`n${slot}`);
  group.addEventListener("click", () => select(slot));
  const kinds = group.getAttribute("class");
  return { group, kinds, texts: [...group.querySelectorAll("text")].slice(1), title: inSvg("title", group) };
});

const edges = new Map(
  DATA.nodes.flatMap((node, slot) =>
    node.operands.flatMap((operand, i) => (isSlot(operand) ? [[`e${slot}-${i}`, byId(`e${slot}-${i}`)]] : [])),
  ),
);

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

function sizeDrawing() {
  const picture = byId("drawing").querySelector("svg");
  setAll(picture, { role: "img", "aria-label": "The computation graph; the table below says the same" });
  picture.style.minWidth = `min(${picture.getAttribute("width")}, ${SMALLEST * picture.viewBox.baseVal.width * (96 / 72)}px)`;
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

const LEAST = 8; // percent of the way to either end: what is not 0 is seen

/** The colour of a number, by its sign and its size against the largest, as in autodiff/words/colours.py. */
function shade(x, largest) {
  if (!x || !largest) return "var(--plain)";
  const way = LEAST + (100 - LEAST) * Math.min(1, Math.abs(x) / largest);
  return `color-mix(in srgb, var(--${x < 0 ? "cold" : "warm"}) ${way.toFixed(1)}%, var(--plain))`;
}

function showNodes(view) {
  const { state, step, chosen, final } = view;
  const phase = ["reverse", "forward"].find((name) => state[name].some((x) => x !== null));
  const largest = phase && Math.max(...final[phase].map((x) => (Number.isFinite(x) ? Math.abs(x) : 0)));
  DATA.nodes.forEach((_, slot) => {
    const involved = step && [step.slot, step.to, step.from].includes(slot);
    const classes = {
      [involved && `active ${step.phase}`]: involved,
      receives: step?.to === slot,
      wrong: isSpoilt(view, slot),
      selected: chosen.node === slot,
    };
    const told = Object.keys(classes)
      .filter((key) => classes[key])
      .join(" ");
    cards[slot].group.setAttribute("class", `${cards[slot].kinds} ${told}`);
    cards[slot].group.style.setProperty("--card", shade(phase && state[phase][slot], largest));
    rows[slot].className = told;
    showNumbers(view, slot);
  });
  showLegend(phase, largest);
  if (!step) return;
  scrollInside(rows[step.to].closest(".scroll"), rows[step.to]);
  for (const slot of [step.slot, step.to]) scrollInside(byId("drawing"), cards[slot].group);
}

function showNumbers(view, slot) {
  const { state, step, wrong } = view;
  const known = ROWS.filter((phase) => state[phase][slot] !== null);
  const precise = known.map((phase) => `${nameOf(slot, phase)} = ${full(state[phase][slot])}`);
  set(cards[slot].title, precise.join("\n") || nameOf(slot));
  const spoilt = rows[slot].classList.contains("wrong");
  ROWS.forEach((phase, i) => {
    const x = state[phase][slot];
    const text = x === null ? "" : short(x);
    const sign = phase === "evaluate" || !text ? "" : `v${ACCENTS[phase]} `;
    const mark = spoilt && phase === "reverse" ? " ✗" : "";
    set(cards[slot].texts[i], sign + text + mark);
    const cell = rows[slot].cells[i + 1];
    set(cell, text + (mark && `${mark} ${short(wrong.get(slot).right)}`));
    cell.title = x === null ? "" : full(x);
    const lit = step?.phase === phase && step.to === slot ? "active" : "";
    const astray = isAstray(view, slot, phase) ? "astray" : "";
    cell.className = `${lit} ${astray}`.trim();
    cards[slot].texts[i].classList.toggle("astray", astray !== "");
  });
}

/** Whether all that a mistake lets a node have has arrived, and it is not what it should be. */
function isSpoilt({ wrong, steps, count, state }, slot) {
  const first = steps.findIndex((step) => step.phase === "reverse");
  return wrong.has(slot) && state.reverse[slot] !== null && count > first + wrong.get(slot).last;
}

function showLegend(phase, largest) {
  byId("legend").classList.toggle("idle", !phase);
  byId("scale-name").textContent = phase ? `${phase === "reverse" ? "adjoint" : "tangent"} v${ACCENTS[phase]}` : "";
  byId("scale-low").textContent = phase ? short(-largest) : "";
  byId("scale-high").textContent = phase ? short(largest) : "";
}

/** What is inside of a panel into sight: only the panel scrolls, never the notebook around it. */
function scrollInside(panel, inner) {
  const [outer, box] = [panel.getBoundingClientRect(), inner.getBoundingClientRect()];
  const above = Math.min(0, box.top - outer.top - MARGIN);
  const left = Math.min(0, box.left - outer.left - MARGIN);
  panel.scrollTop += above || Math.max(0, box.bottom - outer.bottom + MARGIN);
  panel.scrollLeft += left || Math.max(0, box.right - outer.right + MARGIN);
}

function showEdges(view) {
  const { steps, count, step } = view;
  const id = ({ slot, position }) => `e${slot}-${position}`;
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
  for (const [name, edge] of edges) {
    edge.setAttribute(
      "class",
      `edge${passed.has(name) ? " passed" : ""}${lit.includes(name) ? ` active ${step.phase}` : ""}`,
    );
  }
  showPill(view, step?.from !== undefined && edges.get(id(step)));
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

function setAll(target, attributes) {
  for (const [name, value] of Object.entries(attributes)) target.setAttribute(name, value);
}

function showSource({ step }) {
  for (const line of byId("source").querySelectorAll(".lit")) line.classList.remove("lit");
  const place = step && DATA.nodes[step.slot].line;
  if (!place) return;
  const line = byId("source").children[place[0]].querySelectorAll("code")[place[1]];
  line.classList.add("lit");
  scrollInside(byId("source"), line);
}
