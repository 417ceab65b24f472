// What the page computes: evaluation, both sweeps, the two mistakes. Pure functions of the data.
//
//   data    what Python wrote: nodes in slots, inputs first, the numbers they were recorded with, and slopes: the
//           partials of each row that there is, by its name and number of operands, as code
//   model   {data, values, slopes, tangents, adjoints, mistakes}: the numbers at the inputs that the sliders say
//   step    {phase, slot, position, from, to, rate, slope, contribution, before, after}, along the edge from → to;
//           of a seed {phase, slot, to, seed, contribution, before, after}; of both sweeps at once {phase, parts}

const WRONG = 1e-9; // relative: what roundings of another order of summation stay below

// Evaluation

const isSlot = (operand) => typeof operand === "number";

function read(values, operands) {
  return operands.map((x) => (isSlot(x) ? values[x] : number(x.constant)));
}

/** The values of all slots; from a slot on, where those before it stay as they are. */
function evaluated(data, values, start = data.inputs) {
  const found = values.slice();
  for (let slot = start; slot < data.nodes.length; slot++) {
    const { op, operands } = data.nodes[slot];
    found[slot] = PRIMITIVES[op](...read(found, operands));
  }
  return found;
}

/** The partials of all nodes; none where a function is not defined, and where Python would have stopped. */
function slopesAt(data, values) {
  return data.nodes.map(({ op, operands }, slot) => {
    if (Number.isNaN(values[slot])) return operands.map(() => NaN);
    return op ? partialsOf(data.slopes[op][operands.length], values[slot], read(values, operands)) : [];
  });
}

/** The partials of a row, by its code; where that tells the first operand's alone, each operand is the first in turn. */
function partialsOf({ code, partials }, out, operands) {
  const run = (...xs) => {
    const slots = [out, ...xs];
    for (const [name, ...places] of code) slots.push(PRIMITIVES[name](...read(slots, places)));
    return read(slots, partials);
  };
  if (partials.length === operands.length) return run(...operands);
  return operands.flatMap((x, i) => run(x, ...operands.toSpliced(i, 1)));
}

/** The first node at which Python would raise: not a number, or infinite, of operands that are finite. */
function undefinedAt({ data, values }) {
  const finite = ({ operands }) => read(values, operands).every(Number.isFinite);
  const slot = data.nodes.findIndex((node, i) => node.op && !Number.isFinite(values[i]) && finite(node));
  return slot < 0 ? null : slot;
}

/** The numbers at these inputs: Python's own, to the last bit, where nothing was moved. */
function modelAt(data, inputs) {
  const recorded = data.nodes.map((node) => number(node.data));
  if (inputs.every((x, slot) => Object.is(x, recorded[slot]))) {
    return { data, values: recorded, slopes: data.nodes.map((node) => node.partials.map(number)) };
  }
  const values = evaluated(data, [...inputs, ...recorded.slice(data.inputs)]);
  return { data, values, slopes: slopesAt(data, values) };
}

/** The values, and behind them those that stand aside. */
function withAside(data, values) {
  const found = values.slice();
  for (const { op, operands } of data.aside) found.push(PRIMITIVES[op](...read(found, operands)));
  return found;
}

/** The first branch at which Python would have turned off at these numbers; null where there is none. */
function turnedAt({ data, values }) {
  const recorded = data.nodes.map((node) => number(node.data));
  if (!data.branches.length || values.slice(0, data.inputs).every((x, slot) => Object.is(x, recorded[slot])))
    return null;
  const [now, then] = [withAside(data, values), withAside(data, evaluated(data, recorded))];
  const turned = ({ slot, found }) =>
    typeof found === "boolean" ? (now[slot] !== 0) !== found : !Object.is(now[slot], then[slot]);
  return data.branches.find(turned) ?? null;
}

// The sweeps, as lists of steps

function evaluation({ data, values }) {
  return data.nodes.map((_, slot) => ({
    phase: "evaluate",
    slot,
    to: slot,
    contribution: values[slot],
    after: values[slot],
  }));
}

function seed(phase, slot, before, rate) {
  return { phase, slot, to: slot, seed: true, contribution: rate, before, after: before + rate };
}

/** v̇ᵢ += v̇ⱼ·∂vᵢ/∂vⱼ for each operand j, node after node. */
function forward({ data, slopes, tangents }) {
  const rates = data.nodes.map(() => 0);
  const steps = [];
  tangents.forEach((rate, slot) => {
    if (rate) steps.push(seed("forward", slot, 0, rate));
    rates[slot] = rate;
  });
  data.nodes.forEach((node, slot) => {
    node.operands.forEach((from, position) => {
      if (!isSlot(from) || rates[from] === 0) return; // nothing comes this way
      const [rate, before, slope] = [rates[from], rates[slot], slopes[slot][position]];
      const contribution = chained(rate, slope);
      rates[slot] = before + contribution;
      const moved = { rate, slope, contribution, before, after: rates[slot] };
      steps.push({ phase: "forward", slot, position, from, to: slot, ...moved });
    });
  });
  return steps;
}

/** v̄ⱼ += v̄ᵢ·∂vᵢ/∂vⱼ along each edge i → j, from the output back. */
function reverse({ data, slopes, adjoints, mistakes = {} }) {
  const rates = data.nodes.map(() => 0);
  const steps = [];
  adjoints.forEach((rate, i) => {
    const slot = data.outputs[i];
    if (rate) steps.push(seed("reverse", slot, rates[slot], rate));
    rates[slot] += rate;
  });
  for (const [slot, position] of mistakes.order ? depthFirst(data) : topological(data)) {
    const [to, rate, slope] = [data.nodes[slot].operands[position], rates[slot], slopes[slot][position]];
    if (rate === 0) continue; // nothing is handed on
    const [before, contribution] = [rates[to], chained(rate, slope)];
    rates[to] = mistakes.assign ? contribution : before + contribution;
    const moved = { rate, slope, contribution, before, after: rates[to] };
    steps.push({ phase: "reverse", slot, position, from: slot, to, ...moved });
  }
  return steps;
}

/** The edges [slot, position], each node's after all that use it. */
function topological(data) {
  const edges = data.nodes.flatMap(({ operands }, slot) => operands.map((_, i) => [slot, operands.length - 1 - i]));
  return edges.reverse().filter(([slot, position]) => isSlot(data.nodes[slot].operands[position]));
}

/** The mistake: on from each node as soon as it is reached, whether or not all its contributions have arrived. */
function depthFirst(data) {
  const seen = new Set(data.outputs);
  const stack = [...seen].reverse().map((slot) => ({ slot, position: 0 }));
  const found = [];
  while (stack.length) {
    const top = stack.at(-1);
    const { operands } = data.nodes[top.slot];
    if (top.position === operands.length) {
      stack.pop();
      continue;
    }
    const to = operands[top.position++];
    if (!isSlot(to)) continue;
    found.push([top.slot, top.position - 1]);
    if (!seen.has(to)) stack.push({ slot: to, position: 0 });
    seen.add(to);
  }
  return found;
}

/** Both sweeps side by side, a step of each at a time. */
function both(model) {
  const [ahead, back] = [forward(model), reverse(model)];
  const count = Math.max(ahead.length, back.length);
  return Array.from({ length: count }, (_, i) => ({ phase: "both", parts: [ahead[i], back[i]].filter(Boolean) }));
}

const SWEEPS = { evaluate: evaluation, forward, reverse, both };
const partsOf = (step) => step?.parts ?? [step].filter(Boolean);

/** The steps of a phase, each with its place. */
function stepsIn(steps, phase) {
  return steps.flatMap((step, i) => partsOf(step).flatMap((part) => (part.phase === phase ? [[i, part]] : [])));
}

function stepsOf(model, sweep) {
  return (sweep === "all" ? ["evaluate", "forward", "reverse"] : [sweep]).flatMap((name) => SWEEPS[name](model));
}

/** What is known after the first `count` steps: values, tangents and adjoints, null where not yet. */
function stateAt(model, steps, sweep, count) {
  const blank = () => model.data.nodes.map(() => null);
  const given = sweep in SWEEPS && sweep !== "evaluate";
  const state = { evaluate: given ? model.values.slice() : blank(), forward: blank(), reverse: blank() };
  for (const step of steps.slice(0, count).flatMap(partsOf)) state[step.phase][step.to] = step.after;
  for (const phase of ["forward", "reverse"]) {
    const passed = passedBy(phase, model, steps, sweep, count);
    state[phase] = state[phase].map((x, slot) => x ?? (passed(slot) ? 0 : null)); // nothing more will come
  }
  return state;
}

/** Which nodes a sweep has gone past: all in the end, before it those on its way. */
function passedBy(phase, model, steps, sweep, count) {
  const places = stepsIn(steps, phase);
  const begun = [phase, "both"].includes(sweep) || (sweep === "all" && count >= model.values.length);
  if (begun && (places.at(-1)?.[0] ?? -1) < count) return () => true;
  const step = partsOf(steps[count - 1]).find((part) => part.phase === phase);
  if (!step || (phase === "reverse" && model.mistakes?.order)) return () => false;
  return phase === "forward" ? (slot) => slot < (step.seed ? 0 : step.to) : (slot) => slot > step.slot;
}

// What they cost, and whether they agree

const MOST_PRODUCTS = 2_000_000; // that are counted

/** How many products rate × slope sweeps of a phase take, one sweep for each input or output; null where that is long. */
function products(model, phase) {
  const { data } = model;
  const [seeds, key] = phase === "forward" ? [data.inputs, "tangents"] : [data.outputs.length, "adjoints"];
  if (seeds * data.nodes.reduce((sum, { operands }) => sum + operands.length, 0) > MOST_PRODUCTS) return null;
  const unit = (i) => Array.from({ length: seeds }, (_, j) => Number(i === j));
  const steps = unit(0).flatMap((_, i) => SWEEPS[phase]({ ...model, [key]: unit(i) }));
  return steps.filter((step) => !step.seed).length;
}

/** ∂y/∂x of an input by a forward sweep along it, y what the adjoints weigh of the outputs. */
function slopeAlong(model, input) {
  const tangents = model.tangents.map((_, i) => Number(i === input));
  const rates = model.data.nodes.map(() => 0);
  for (const step of forward({ ...model, tangents })) rates[step.to] = step.after;
  return model.data.outputs.reduce((sum, slot, i) => sum + chained(model.adjoints[i], rates[slot]), 0);
}

// What the mistakes do

function differs(a, b, tolerance) {
  return !(Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(a), Math.abs(b)) || Object.is(a, b));
}

/** The nodes whose adjoints come out wrong, with the right number, the last step that touched it, and why. */
function faults(model) {
  const { data, mistakes } = model;
  if (!mistakes?.assign && !mistakes?.order) return new Map();
  const final = (steps) => stateAt(model, steps, "reverse", steps.length).reverse.map((x) => x ?? 0);
  const taken = reverse(model);
  const [wrong, right] = [final(taken), final(reverse({ ...model, mistakes: {} }))];
  const name = (slot) => data.nodes[slot].name;
  const found = new Map();
  wrong.forEach((adjoint, slot) => {
    if (!differs(adjoint, right[slot], WRONG)) return;
    const arrived = taken.filter((step) => step.to === slot);
    const sent = arrived.filter((step) => !step.seed);
    const early = sent.find((step) => differs(step.rate, wrong[step.from], WRONG));
    const fed = sent.find((step) => differs(wrong[step.from], right[step.from], WRONG));
    let why = "what uses it had its turn before anything had come to that";
    if (mistakes.assign && arrived.length > 1) {
      why = `= kept only the last of its ${arrived.length} contributions`;
    } else if (early) {
      const sender = accented(name(early.from), BAR);
      why = `${name(early.from)} handed on ${sender} = ${written(early.rate, data.digits)} before all contributions to it had arrived`;
    } else if (fed) {
      why = `${name(fed.from)}, which handed on to it, was wrong already`;
    }
    found.set(slot, { right: right[slot], last: arrived.length ? taken.lastIndexOf(arrived.at(-1)) : 0, why });
  });
  return found;
}
