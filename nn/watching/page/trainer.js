// Training, as `fit` does it: J is the mean loss of a batch, and the rule of the optimizer moves every parameter.
//
//   trainer  all that training changes; `losses` before each step, `good` the state before the last, to go back to

const LIMIT = 1e300; // beyond which a number is as good as infinite

const trainer = {
  rows: DATA.rows,
  targets: DATA.targets,
  activation: Object.keys(DATA.tapes)[0],
  rule: 0,
  alpha: null,
};
let machines; // {forward, step} of the activation that is chosen
let mover; // of the rule

function begin(changes = {}) {
  Object.assign(trainer, changes);
  const { memory, kept, steps } = DATA.rules[trainer.rule];
  const count = DATA.parameters.length;
  const state = Array.from({ length: memory }, (_, i) => Float64Array.from(kept[i] ?? new Array(count).fill(0)));
  Object.assign(trainer, {
    parameters: Float64Array.from(DATA.parameters),
    kept: state,
    steps: 0,
    begun: steps,
    losses: [],
    trouble: null,
    good: null,
    order: [],
    random: 1,
    batch: trainer.batch ?? DATA.batch,
  });
  chooseMachines();
}

function chooseMachines() {
  const tapes = DATA.tapes[trainer.activation];
  machines = { forward: new Machine(tapes.forward), step: new Machine(tapes.step) };
  mover = new Machine(DATA.rules[trainer.rule].tape);
}

/** α of the next step: what the slider says, else the optimizer's own, of a schedule the step's. */
function rateNow() {
  const { rates } = DATA.rules[trainer.rule];
  return trainer.alpha ?? rates[Math.min(trainer.steps, rates.length - 1)];
}

const flat = (target) => (Array.isArray(target) ? target : [number(target)]);

/** J and its gradient on one row: without the mean, and without the penalty of weights. */
function runOn(row, parameters = trainer.parameters) {
  const { step } = machines;
  step.put(0, parameters);
  step.put(parameters.length, [...trainer.rows[row], ...flat(trainer.targets[row])]);
  return step.run();
}

/** What a network says of numbers: z, a and f′(z), layer after layer. */
function feed(x, parameters = trainer.parameters) {
  const { forward } = machines;
  forward.put(0, parameters);
  forward.put(parameters.length, x);
  forward.run();
  let at = 0;
  return DATA.layers.map(({ biases }) => {
    const take = () => biases.map(() => forward.at(at++));
    return { z: take(), a: take(), slope: take() };
  });
}

/** The mean loss over rows and its gradient, with the penalty of weights. */
function objective(rows, parameters = trainer.parameters) {
  const slopes = new Float64Array(parameters.length);
  let loss = 0;
  for (const row of rows) {
    const step = runOn(row, parameters);
    loss += step.at(0);
    for (let i = 0; i < slopes.length; i++) slopes[i] += step.at(i + 1);
  }
  loss /= rows.length;
  for (let i = 0; i < slopes.length; i++) {
    slopes[i] = slopes[i] / rows.length + 2 * DATA.l2 * parameters[i];
    loss += DATA.l2 * parameters[i] ** 2;
  }
  return { loss, slopes };
}

/** Where the rule moves the parameters, and what it keeps of each. */
function moved({ parameters, kept, steps, begun }, slopes) {
  const { clip } = DATA.rules[trainer.rule];
  const norm = Math.hypot(...slopes);
  const short = clip !== null && norm > clip ? clip / norm : 1;
  const [next, states] = [parameters.slice(), kept.map((state) => state.slice())];
  const rate = rateNow();
  for (let i = 0; i < next.length; i++) {
    mover.put(0, [rate, begun + steps, parameters[i], slopes[i] * short, ...kept.map((state) => state[i])]);
    mover.run();
    next[i] = mover.at(0);
    states.forEach((state, k) => {
      state[i] = mover.at(k + 1);
    });
  }
  return { parameters: next, kept: states };
}

/** The rows of the next step: those that `fit` takes, then, and where points were changed, of orders drawn here. */
function nextRows() {
  const all = trainer.rows.map((_, i) => i);
  if (trainer.batch >= all.length) return all;
  const given = trainer.changed || trainer.batch !== DATA.batch ? null : DATA.batches[trainer.steps];
  if (given) return given;
  if (!trainer.order.length) trainer.order = shuffled(all);
  return trainer.order.splice(0, trainer.batch);
}

/** Fisher and Yates, by a linear congruential generator (Knuth, MMIX, its upper half). */
function shuffled(xs) {
  for (let i = xs.length - 1; i > 0; i--) {
    trainer.random = (Math.imul(trainer.random, 1664525) + 1013904223) >>> 0;
    const j = Math.floor((trainer.random / 2 ** 32) * (i + 1));
    [xs[i], xs[j]] = [xs[j], xs[i]];
  }
  return xs;
}

const isFinite_ = (xs) => xs.every((x) => Math.abs(x) < LIMIT);

/** One step; where a number is not finite any more, nothing moves and the trouble is told. */
function trainStep(rows = nextRows()) {
  const { loss, slopes } = objective(rows);
  const failed = (what) => {
    trainer.trouble = { step: trainer.steps, what };
    return false;
  };
  if (!(Math.abs(loss) < LIMIT)) return failed(`the loss became ${written(loss, DATA.digits)}`);
  if (!isFinite_(slopes)) return failed("a derivative is not finite");
  const next = moved(trainer, slopes);
  if (!isFinite_(next.parameters)) return failed("a parameter would not be finite");
  trainer.good = { parameters: trainer.parameters, kept: trainer.kept, steps: trainer.steps };
  Object.assign(trainer, next, { steps: trainer.steps + 1 });
  trainer.losses.push(loss);
  return true;
}

/** Back to where the loss was least, of the parameters that are kept for that. */
function goBack() {
  const { parameters, kept, steps } = trainer.best ??
    trainer.good ?? { parameters: Float64Array.from(DATA.parameters), kept: trainer.kept, steps: 0 };
  Object.assign(trainer, { parameters, kept, steps, trouble: null });
  trainer.losses.length = steps;
}

// Neurons that have stopped to learn

const FLAT = 0.05; // of the largest slope: what a saturated neuron stays below
const MOST_OF = 0.95; // of the rows

/** For each hidden neuron "dead" where f′ is 0 on every row, "saturated" where it is small on nearly all, else "". */
function health() {
  const fed = trainer.rows.map((row) => feed(row));
  return DATA.layers.slice(0, -1).map(({ biases }, l) =>
    biases.map((_, i) => {
      const slopes = fed.map((layers) => Math.abs(layers[l].slope[i]));
      if (slopes.every((slope) => slope === 0)) return "dead";
      const bends = ["tanh", "sigmoid"].includes(trainer.activation);
      const top = trainer.activation === "sigmoid" ? 0.25 : 1;
      const flat = slopes.filter((slope) => slope < FLAT * top).length;
      return bends && flat >= MOST_OF * slopes.length ? "saturated" : "";
    }),
  );
}
