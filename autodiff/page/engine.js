// What the page computes: evaluation, both sweeps, the two mistakes, finite differences. Pure functions of the data.
//
//   data    what Python wrote: nodes in slots, inputs first, and the numbers they were recorded with
//   model   {data, values, slopes, tangents, adjoints, mistakes}: the numbers at the inputs that the sliders say
//   step    {phase, slot, position, operand, from, to, rate, slope, contribution, before, after}; from → to is an edge

const WRONG = 1e-9; // relative: what roundings of another order of summation stay below
const CHECKED = 1e-6; // relative: what a difference of five points stays below

// Evaluation

const isSlot = (operand) => typeof operand === "number";
const number = (x) => (typeof x === "string" ? Number(x) : x); // JSON has no nan and no ∞

function read(values, operands) {
  return operands.map((x) => (isSlot(x) ? values[x] : number(x.constant)));
}

/** The values of all slots; from a slot on, where those before it stay as they are. */
function evaluated(data, values, start = data.inputs) {
  const found = values.slice();
  for (let slot = start; slot < data.nodes.length; slot++) {
    const node = data.nodes[slot];
    found[slot] = evaluatePrimitive(node.op, read(found, node.operands));
  }
  return found;
}

function slopesAt(data, values) {
  return data.nodes.map((node, slot) => {
    const operands = read(values, node.operands);
    return operands.map((_, position) => partialOf(node.op, position, values[slot], operands));
  });
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
      const slope = slopes[slot][position];
      if (!isSlot(from) || !matters(rates[from], slope)) return;
      const [rate, before, contribution] = [rates[from], rates[slot], rates[from] * slope];
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
    if (!matters(rate, slope)) continue;
    const [before, contribution] = [rates[to], rate * slope];
    rates[to] = mistakes.assign ? contribution : before + contribution;
    const moved = { rate, slope, contribution, before, after: rates[to] };
    steps.push({ phase: "reverse", slot, position, from: slot, to, ...moved });
  }
  return steps;
}

/** Whether a contribution is one: a zero contributes nothing, whatever the other factor. */
function matters(rate, slope) {
  return rate !== 0 && slope !== 0;
}

/** The edges [slot, position], each node's after all that use it. */
function topological(data) {
  const edges = data.nodes.flatMap(({ operands }, slot) => operands.map((_, i) => [slot, operands.length - 1 - i]));
  return edges.reverse().filter(([slot, position]) => isSlot(data.nodes[slot].operands[position]));
}

/** The mistake: on from each node as soon as it is reached, whether or not all its contributions have arrived. */
function depthFirst(data) {
  const seen = new Set(data.outputs);
  const stack = data.outputs.toReversed().map((slot) => ({ slot, position: 0 }));
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

const SWEEPS = { evaluate: evaluation, forward, reverse };

function stepsOf(model, sweep) {
  return (sweep === "all" ? ["evaluate", "forward", "reverse"] : [sweep]).flatMap((name) => SWEEPS[name](model));
}

/** What is known after the first `count` steps: values, tangents and adjoints, null where not yet. */
function stateAt(model, steps, sweep, count) {
  const blank = () => model.data.nodes.map(() => null);
  const given = sweep === "forward" || sweep === "reverse";
  const state = { evaluate: given ? model.values.slice() : blank(), forward: blank(), reverse: blank() };
  for (const step of steps.slice(0, count)) state[step.phase][step.to] = step.after;
  for (const phase of ["forward", "reverse"]) {
    const over = steps.findLastIndex((step) => step.phase === phase) < count;
    if (over && (sweep === phase || (sweep === "all" && count >= model.values.length))) {
      state[phase] = state[phase].map((x) => x ?? 0); // nothing more will come
    }
  }
  return state;
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
    const early = arrived.find((step) => step.from !== undefined && differs(step.rate, wrong[step.from], WRONG));
    const fed = arrived.find((step) => step.from !== undefined && differs(wrong[step.from], right[step.from], WRONG));
    let why = "what it was given was wrong already";
    if (mistakes.assign && arrived.length > 1) {
      why = `= kept only the last of its ${arrived.length} contributions`;
    } else if (early) {
      why = `${name(early.from)} handed on ${written(early.rate, data.digits)} before all that it is made of had arrived`;
    } else if (fed) {
      why = `${name(fed.from)}, which it is made of, was wrong already`;
    }
    found.set(slot, { right: right[slot], last: taken.lastIndexOf(arrived.at(-1)), why });
  });
  return found;
}

// Finite differences, of five points: error of order h⁴

function difference(f, x) {
  const h = 2 ** -10 * (Math.abs(x) || 1);
  return (8 * (f(x + h) - f(x - h)) - (f(x + 2 * h) - f(x - 2 * h))) / (12 * h);
}

/** ∂y/∂v of every node by moving its value alone, and v̇ along the seed by moving the inputs. */
function differences({ data, values, tangents, adjoints }) {
  const output = (found) =>
    data.outputs.reduce((sum, slot, i) => sum + (adjoints[i] ? adjoints[i] * found[slot] : 0), 0);
  const reverse = data.nodes.map((_, slot) =>
    difference((x) => output(evaluated(data, values.with(slot, x), Math.max(slot + 1, data.inputs))), values[slot]),
  );
  const along = (t) =>
    evaluated(
      data,
      values.map((x, slot) => (slot < data.inputs ? x + t * tangents[slot] : x)),
    );
  const h =
    2 ** -10 *
    Math.min(...tangents.map((rate, slot) => (rate ? (Math.abs(values[slot]) || 1) / Math.abs(rate) : Infinity)));
  const [a, b, c, d] = Number.isFinite(h) ? [-2 * h, -h, h, 2 * h].map(along) : [values, values, values, values];
  const forward = values.map((_, s) => (Number.isFinite(h) ? (8 * (c[s] - b[s]) - (d[s] - a[s])) / (12 * h) : 0));
  return { forward, reverse };
}
