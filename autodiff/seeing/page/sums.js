// A node that was chosen: its whole sum, beside it, and the paths that the output's derivative by it goes along.

const GAP = 8; // pixels between a node and what is told of it
const OUTSIDE = 0.5; // of another node: what reaching below the drawing weighs

const path = { node: null, at: 0 }; // which of a node's paths is lit; at −1 none

function showSum(view) {
  const slot = view.chosen.node;
  const panel = byId("node");
  panel.hidden = slot === null;
  if (path.node !== slot) Object.assign(path, { node: slot, at: -1 });
  showPath(view, []);
  if (panel.hidden) return;
  const { op, expression } = DATA.nodes[slot];
  const known = !view.chosen.predict || view.state.evaluate[slot] !== null;
  const value = [nameOf(slot), op && expression, known && full(view.model.values[slot])].filter(Boolean).join(" = ");
  const close = button("close", "Close (Esc)", () => select(slot), "Close");
  const phases = ["forward", "reverse"].filter((phase) => ["all", "both", phase].includes(view.chosen.sweep));
  const sums = phases.map((phase) => sumOf(view, slot, phase));
  const paths = view.chosen.predict ? [] : pathsOf(view, slot);
  const heading = element("h2", {}, `Node ${nameOf(slot)} `, close);
  renew(panel, [heading, element("p", {}, ...typeset(value)), ...sums, ...paths]);
  placeSum();
}

/** x̄ = Σ of its contributions, each a button that goes to its step, and what differences make of it. */
function sumOf({ model, steps, count, chosen }, slot, phase) {
  const told = chosen.predict ? steps.slice(0, count) : steps; // who is asked does not see what is to come
  const arrived = stepsIn(told, phase).filter(([, step]) => step.to === slot);
  const terms = arrived.map(([i, step]) => {
    const by = step.seed ? "seed" : `${nameOf(step.from, phase)}·${partialName(DATA, step)}`;
    const product = step.seed ? "" : ` = ${short(step.rate)} × ${grouped(short(step.slope))}`;
    return element(
      "li",
      {},
      button("term", `Go to step ${i + 1}`, () => go(i + 1), `${by}${product} = ${short(step.contribution)}`),
    );
  });
  const none = terms.length ? "" : ": nothing comes to it";
  const kept = phase === "reverse" && model.mistakes.assign ? "last" : "sum";
  const several = terms.length > 1 ? `, the ${kept} of ${terms.length}` : "";
  const heading = `${nameOf(slot, phase)} = ${short(arrived.at(-1)?.[1].after ?? 0)}${several}${none}`;
  return element("div", { className: phase }, element("h3", {}, heading), element("ul", {}, ...terms));
}

/** The paths from the output to a node, one of them lit, with the product along it. */
function pathsOf(view, slot) {
  const { model, chosen } = view;
  const counts = pathCounts(model);
  const count = counts[slot];
  if (!count || count > MOST_PATHS || chosen.sweep === "forward" || DATA.outputs.includes(slot)) return [];
  const turn = (by) => {
    path.at = (path.at + by + count) % count;
    show(chosen.count);
  };
  if (path.at < 0) {
    const many = count === 1 ? "the path" : `one of the ${count} paths`;
    const label = `Light ${many} from the output`;
    const open = button("light", "The partials along it, and their product", () => turn(1), label);
    return [element("p", { className: "reverse" }, open)];
  }
  const lit = pathAt(model, counts, slot, path.at);
  showPath(view, lit.edges);
  const factors = lit.edges.map(({ slot: by, position }) => ({
    name: partialName(DATA, { slot: by, position }),
    number: grouped(short(model.slopes[by][position])),
  }));
  const seed = lit.seed === 1 ? [] : [{ name: "seed", number: grouped(short(lit.seed)) }];
  const all = [...seed, ...factors];
  const product = short(productAlong(model, lit));
  const told = [all.map(({ name }) => name).join(" · "), all.map(({ number }) => number).join(" × "), product];
  const turns = [
    button("turn", "The path before", () => turn(-1), "‹"),
    button("turn", "The next path", () => turn(1), "›"),
  ];
  const heading = element("h3", {}, `Path ${path.at + 1} of ${count} `, ...(count > 1 ? turns : []));
  const meaning = count > 1 ? `${nameOf(slot, "reverse")} is the sum over all ${count}.` : "";
  return [
    element(
      "div",
      { className: "reverse" },
      heading,
      element("p", { className: "product" }, [...new Set(told)].join(" = ")),
      element("p", { className: "quiet" }, meaning),
    ),
  ];
}

/** The edges of a path, lit. */
function showPath(_, edges) {
  const lit = new Set(edges.map(({ slot, position }) => arrowOf(`e${slot}-${position}`)));
  for (const edge of arrows) edge.classList.toggle("along", lit.has(edge.id));
}

/** Beside its node, on the side where it hides the fewest others. */
function placeSum() {
  const panel = byId("node");
  if (panel.hidden) return;
  const node = groupOf(path.node);
  const [stage, box] = [byId("stage"), node].map((each) => each.getBoundingClientRect());
  const [width, height] = [panel.offsetWidth, panel.offsetHeight];
  const limit = (x, low, high) => Math.max(low, Math.min(x, high));
  const aside = limit(box.top, stage.top, Math.max(stage.top, stage.bottom - height));
  const above = limit((box.left + box.right - width) / 2, stage.left, stage.right - width);
  const places = [
    [box.right + GAP, aside],
    [box.left - GAP - width, aside],
    [above, box.bottom + GAP],
    [above, box.top - GAP - height],
  ];
  const others = cards.map(({ group }) => group).filter((group) => group !== node);
  const boxes = others.map((group) => group.getBoundingClientRect());
  const hides = ([x, y]) =>
    boxes.filter((b) => b.left < x + width && x < b.right && b.top < y + height && y < b.bottom).length +
    OUTSIDE * Number(y + height > stage.bottom) +
    boxes.length * Number(x < stage.left - 1 || x + width > stage.right + 1 || y < stage.top);
  const [x, y] = places.reduce((best, place) => (hides(place) < hides(best) ? place : best));
  panel.style.translate = `${limit(x, stage.left, stage.right - width) - stage.left}px ${y - stage.top}px`;
}
