// What the page answers: is it right, and what does a mistake do. Views, as in views.js.

const NONE = "\u00a0"; // keeps the room of a line

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
      const known = Object.is(state[phase][slot], x);
      const { slope } = checks[phase][slot];
      const text = known ? `${{ right: "✓ ≈", unsure: "? ≈", wrong: "✗ ≈" }[verdict]} ${short(slope)}` : NONE;
      const title = `by finite differences ${full(slope)}`;
      const marks = { className: known ? `check ${verdict}` : "check", title: known ? title : "" };
      const cell = rows[slot].cells[ROWS.indexOf(phase) + 1];
      cell.append(cell.textContent ? "" : NONE, element("small", marks, text));
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

/** Depth-first order is offered where it changes something; else where it would is said. */
function offerOrder({ bites, chosen }) {
  const offered = bites || chosen.mistakes.order;
  byId("order").closest("label").hidden = !offered;
  byId("bites").hidden = offered;
  byId("mistakes").disabled = chosen.predict;
  byId("check").disabled = chosen.predict || unknown.length > 0;
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
