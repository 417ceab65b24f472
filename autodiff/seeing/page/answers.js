// What the page answers: is it right, what does a mistake do, what is a node's whole sum. Views, as in views.js.

/** Where these numbers would have sent Python another way, the line says so, and what lies behind it is grey. */
function showTurned({ turned, undefinedSlot }) {
  const stops = turned && undefinedSlot !== null && undefinedSlot < turned.before; // Python does not come so far
  byId("turned").hidden = !turned || stops;
  document.body.classList.toggle("turned", Boolean(turned));
  if (!turned) return;
  const { line, source, condition, found } = turned;
  const why =
    typeof found === "boolean"
      ? `${condition} was ${found} when this graph was made and is ${!found} at these inputs: Python would have gone the other way.`
      : `took the number ${short(number(found))} out of the graph, and at these inputs it is another: what Python would have done with it is not here.`;
  byId("turned").replaceChildren(
    element("strong", {}, `${line[0].toUpperCase()}${line.slice(1)}`),
    ...(source ? [" ", element("code", {}, source), " "] : [" "]),
    `${why} The grey numbers are those of the graph as it was made, not of the function. Make the page anew at these inputs to see it.`,
  );
}

/** Whether a number is of a way that Python would not have gone: behind the branch, the output, and all adjoints of it. */
function isAstray({ turned }, slot, phase) {
  return turned !== null && (phase === "reverse" || slot >= turned.before || DATA.outputs.includes(slot));
}

function showUndefined({ undefinedSlot, turned, model }) {
  const reached = undefinedSlot !== null && !(turned && undefinedSlot >= turned.before);
  byId("undefined").hidden = !reached;
  if (!reached) return;
  const node = DATA.nodes[undefinedSlot];
  const computed = applied(node, read(model.values, node.operands).map(short));
  byId("undefined").textContent =
    `${node.name} = ${computed} is ${full(model.values[undefinedSlot])}: Python stops here with an error.`;
}

/** A mark at each number that will not change any more, and what they come to in the end. */
function showChecks({ checks, state, final, wrong, turned, chosen }) {
  const found = { right: [], wrong: [], unsure: [] };
  for (const phase of checks ? ["forward", "reverse"] : []) {
    final[phase].forEach((x, slot) => {
      const verdict = judged(x, checks[phase][slot]);
      found[verdict].push(nameOf(slot, phase));
      if (!Object.is(state[phase][slot], x)) return;
      const { slope } = checks[phase][slot];
      const text = {
        right: " ✓",
        unsure: " ?",
        wrong: wrong.has(slot) && phase === "reverse" ? "" : ` ≠ ${short(slope)}`,
      }[verdict];
      const title = `by finite differences ${full(slope)}`;
      rows[slot].cells[ROWS.indexOf(phase) + 1].append(element("small", { className: verdict, title }, text));
    });
  }
  const refused =
    turned && chosen.checking ? "Not checked: Python would have gone another way than this graph does." : "";
  byId("verdict").textContent = checks ? verdictOf(found, wrong.size > 0) : refused;
}

function verdictOf({ right, wrong, unsure }, mistaken) {
  const count = right.length + wrong.length + unsure.length;
  const cause = mistaken ? "the mistake that is switched on" : "at a kink, where there is no one slope";
  const differing = wrong.length ? `${wrong.length} differ (${wrong.join(", ")}): ${cause}.` : "";
  const silent = unsure.length ? `Of ${unsure.length} (${unsure.join(", ")}) differences cannot tell.` : "";
  const rest = differing || silent ? "" : "all agree.";
  return [`${count} tangents and adjoints checked:`, rest, differing, silent].filter(Boolean).join(" ");
}

function showFaults({ wrong, chosen }) {
  const item = ([slot, { right, why }]) => {
    const name = button("name", "Show its sum", () => select(slot), nameOf(slot, "reverse"));
    return element("li", {}, name, ` should be ${short(right)}: ${why}.`);
  };
  renew(byId("faults"), [...wrong].map(item));
  const { assign, order } = chosen.mistakes;
  byId("harmless").hidden = wrong.size > 0 || !(assign || order);
  const shows = assign ? "a node is used more than once" : "a node that is itself computed is used more than once";
  set(byId("harmless"), `No node comes out wrong: the mistake shows where ${shows}.`);
}

/** Other content, where it is other: what has the focus keeps it. */
function renew(panel, children) {
  const told = children.map((child) => child.textContent).join("\n");
  if (panel.dataset.told === told) return;
  panel.dataset.told = told;
  panel.replaceChildren(...children);
}

// A node's whole sum

function showSum(view) {
  const slot = view.chosen.node;
  const panel = byId("node");
  panel.hidden = slot === null;
  if (panel.hidden) return;
  const { op, expression } = DATA.nodes[slot];
  const value = [nameOf(slot), op && expression, full(view.model.values[slot])].filter(Boolean).join(" = ");
  const close = button("close", "Close (Esc)", () => select(slot), "Close");
  const phases = ["forward", "reverse"].filter((phase) => ["all", phase].includes(view.chosen.sweep));
  const sums = phases.map((phase) => sumOf(view, slot, phase));
  renew(panel, [element("h2", {}, `Node ${nameOf(slot)} `, close), element("p", {}, ...typeset(value)), ...sums]);
}

/** x̄ = Σ of its contributions, each a button that goes to its step. */
function sumOf({ model, steps }, slot, phase) {
  const arrived = [...steps.entries()].filter(([, step]) => step.phase === phase && step.to === slot);
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
