// The end: the gradient, by one reverse sweep, held against a forward sweep for each input; and what both cost.

const MOST_INPUTS = 12; // that are shown

const endings = DATA.nodes.slice(0, Math.min(DATA.inputs, MOST_INPUTS)).map(({ name }) => {
  const head = element("th", { scope: "row" }, name);
  return byId("gradient").tBodies[0].appendChild(element("tr", {}, head, element("td"), element("td"), element("td")));
});

function tellSweeps() {
  const [n, m] = [DATA.inputs, DATA.outputs.length];
  const sweeps = (count, kind) => `${count} ${kind} sweep${count === 1 ? "" : "s"}`;
  const what = m === 1 ? "The full gradient" : `The full Jacobian, ${m} × ${n},`;
  byId("sweep-count").textContent =
    `${what} takes n = ${sweeps(n, "forward")}, one for each input, or m = ${sweeps(m, "reverse")}, one for each output.`;
  const more = n > MOST_INPUTS ? `, and of ${n - MOST_INPUTS} more` : "";
  byId("more-inputs").textContent = more && `The first ${MOST_INPUTS} inputs${more} in the trace.`;
}

/** Both gradients, where the last step is done: until then the room is there and empty. */
function showEnd({ model, steps, count, chosen, wrong }) {
  const done = count === steps.length && chosen.sweep !== "evaluate" && count > 0;
  byId("end").classList.toggle("done", done);
  const back = model.data.nodes.map(() => 0);
  for (const step of done ? reverse(model) : []) back[step.to] = step.after;
  let largest = 0;
  endings.forEach((row, slot) => {
    const ahead = done ? slopeAlong(model, slot) : 0;
    const apart = Math.abs(ahead - back[slot]);
    largest = Math.max(largest, apart);
    const numbers = done ? [back[slot], ahead, apart] : [];
    [...row.cells].slice(1).forEach((cell, i) => {
      set(cell, done ? short(numbers[i]) : "");
      cell.title = done ? full(numbers[i]) : "";
    });
  });
  const size = Math.max(1, ...back.slice(0, endings.length).map(Math.abs));
  const agrees = largest <= WRONG * size;
  const why = wrong.size ? " because of the mistake that is switched on" : "";
  const told = agrees ? "Both modes agree: the largest difference is" : `They differ${why}, by up to`;
  byId("origin").hidden = !DATA.origin || chosen.inputs !== start;
  if (DATA.origin) {
    const { name, adjoints, first } = DATA.origin;
    const theirs = endings.map((_, slot) => short(number(adjoints[slot] ?? Number.NaN))).join(", ");
    const verdict =
      first === null ? "the same as here" : `other ones than here, first at ${nameOf(first)}, which is lit`;
    set(byId("origin"), done ? `${name}, where this comes from, finds (${theirs}): ${verdict}.` : "");
  }
  set(byId("agreement"), done ? `${told} ${short(largest)}.` : "When the last step is done, they stand here.");
}

/** How many multiplications both have done, and what all sweeps of each take. */
function showProducts({ model, steps, count, chosen, totals }) {
  byId("products").hidden = chosen.sweep !== "both";
  if (chosen.sweep !== "both") return;
  const told = ["forward", "reverse"].map((phase) => {
    const all = stepsIn(steps, phase).filter(([, step]) => !step.seed);
    const done = all.filter(([i]) => i < count).length;
    const seeds = phase === "forward" ? DATA.inputs : DATA.outputs.length;
    const whole = totals[phase] === null ? "" : `, all ${phase === "forward" ? "n" : "m"} = ${seeds}: ${totals[phase]}`;
    return element("span", { className: phase }, `${phase}: ${done} of ${all.length} multiplications${whole}`);
  });
  renew(byId("products"), told);
  byId("products").title = `of a rate and a partial, at ${model.data.nodes.length} nodes`;
}
