// The page of training: what is chosen, the loop, and all that is seen from it.

const short = (x) => written(x, DATA.digits);
const FASTEST = 14; // milliseconds of a frame that steps may take: the rest is for drawing
const EVERY = 10; // frames from one look at the neurons' health to the next

const chosen = { running: false, example: 0, inside: null, dragged: null, backward: false, frames: 0, states: [] };

function redraw() {
  const moment = chosen.inside && momentAt(chosen.inside.rows, chosen.inside.at);
  const example = moment?.example ?? Math.min(chosen.example, trainer.rows.length - 1);
  const backward = moment ? ["delta", "add"].includes(moment.kind) : chosen.backward;
  if (chosen.frames++ % EVERY === 0 || !chosen.running) chosen.states = health();
  drawFunction();
  drawNetwork({ example, moment, states: chosen.states, backward });
  drawCurves(byId("losses"), [{ xs: trainer.losses, className: "own" }]);
  markPoint(example);
  showStatus();
  showInside(moment);
  showTrouble();
  showLayers();
}

function showStatus() {
  const last = trainer.losses.at(-1);
  const rate = `α = ${short(rateNow())}`;
  set(byId("status"), `Step ${trainer.steps}${last === undefined ? "" : `, J was ${short(last)}`}, ${rate}`);
  byId("run").ariaPressed = String(chosen.running);
  set(byId("run"), chosen.running ? "Pause" : "Run");
  if (chosen.running) return;
  const told = trainer.steps
    ? `after ${trainer.steps} steps, loss ${last === undefined ? "not known" : short(last)}`
    : "before the first step";
  byId("plane").setAttribute(
    "aria-label",
    `${inputs === 2 ? "What the network says over the plane of its inputs" : "The curve of the network"} ${told}`,
  );
  set(byId("said"), `Training stands ${told}.`);
}

/** A moment inside of a step, in words. */
function showInside(moment) {
  byId("inside").hidden = !moment;
  byId("into").ariaPressed = String(Boolean(moment));
  if (!moment) return;
  const { rows, at } = chosen.inside;
  const { heading, lines } = wordsOfMoment(rows, moment);
  set(byId("moment"), heading);
  byId("lines").replaceChildren(...lines.map((line) => element("li", {}, ...typeset(line))));
  set(byId("moment-count"), `${at + 1} / ${momentsOf(rows)}`);
}

function showTrouble() {
  const { trouble } = trainer;
  byId("trouble").hidden = !trouble;
  if (!trouble) return;
  set(
    byId("trouble-told"),
    `Training diverged at step ${trouble.step}: ${trouble.what} with α = ${short(rateNow())}. The parameters are those before it.`,
  );
}

/** Each layer: how large its weights and their gradients are, and which neurons have stopped to learn. */
function showLayers() {
  const { slopes } = chosen.running ? { slopes: null } : objective(trainer.rows.map((_, i) => i));
  const mean = (places, xs) => places.reduce((sum, p) => sum + Math.abs(xs[p]), 0) / places.length;
  const rows = DATA.layers.map(({ weights, biases }, l) => {
    const places = [...weights.flat(), ...biases];
    const ill = (chosen.states[l] ?? []).flatMap((state, i) => (state ? [`${named("a", l + 2, i)} ${state}`] : []));
    const health =
      ill.length > 4 ? `${ill.length} of ${biases.length}: ${ill.slice(0, 3).join(", ")}, …` : ill.join(", ");
    return [
      `${l + 2}`,
      short(mean(places, trainer.parameters)),
      slopes ? short(mean(places, slopes)) : "…",
      health || "—",
    ];
  });
  const cells = (row) => row.map((text, i) => element(i ? "td" : "th", i ? {} : { scope: "row" }, text));
  byId("layers").tBodies[0].replaceChildren(...rows.map((row) => element("tr", {}, ...cells(row))));
}

// Running

function pause() {
  chosen.running = false;
}

/** A step, if nothing stands in the way; the best parameters so far are kept, to go back to. */
function step() {
  if (trainer.trouble) return false;
  const before = { parameters: trainer.parameters, kept: trainer.kept, steps: trainer.steps };
  const done = trainStep();
  const loss = trainer.losses.at(-1);
  if (done && !(loss >= trainer.least)) Object.assign(trainer, { least: loss, best: before });
  if (!done) pause();
  return done;
}

function frame() {
  if (!chosen.running) return;
  const begun = performance.now();
  const many = Number(byId("speed").value);
  for (let i = 0; i < many && performance.now() - begun < FASTEST; i++) if (!step()) break;
  redraw();
  requestAnimationFrame(frame);
}

function run() {
  chosen.running = !chosen.running;
  chosen.inside = null;
  if (chosen.running) requestAnimationFrame(frame);
  redraw();
}

function restart(changes = {}) {
  pause();
  chosen.inside = null;
  begin({ ...changes, least: Infinity, best: null });
  redraw();
}

// Inside of a step

function enter() {
  pause();
  chosen.inside = chosen.inside ? null : { rows: nextRows(), at: 0 };
  redraw();
}

/** Another moment; past the last the step is done. */
function goInside(at) {
  const { rows } = chosen.inside;
  const most = momentsOf(rows);
  if (at >= most) {
    trainStep(rows);
    chosen.inside = { rows: nextRows(), at: 0 };
  } else chosen.inside.at = Math.max(0, at);
  redraw();
}

const toUpdate = () => goInside(chosen.inside.rows.length * anExample());
const toExample = () => goInside((Math.floor(chosen.inside.at / anExample()) + 1) * anExample());

// What is chosen

function makeChoices() {
  const select = (id, options, onChange) => {
    byId(id).append(...options.map(([value, told]) => element("option", { value }, told)));
    byId(id).addEventListener("change", () => onChange(byId(id).value));
  };
  select(
    "activation",
    Object.keys(DATA.tapes).map((name) => [name, name]),
    (activation) => restart({ activation }),
  );
  select(
    "rule",
    DATA.rules.map(({ told }, i) => [i, told]),
    (rule) => {
      trainer.alpha = null;
      restart({ rule: Number(rule) });
      showRate();
    },
  );
  const sizes = [1, 4, 16, 32, DATA.batch].filter((size) => size < DATA.rows.length);
  const batches = [...new Set(sizes)].sort((a, b) => a - b).map((size) => [size, size]);
  select("batch", [...batches, [DATA.rows.length, "all"]], (batch) =>
    restart({ batch: Number(batch) === DATA.rows.length ? Infinity : Number(batch) }),
  );
  byId("batch").value = DATA.batch;
  byId("activation").disabled = Object.keys(DATA.tapes).length < 2;
  byId("left").textContent = DATA.left.length ? `No room in this page for ${DATA.left.join(", ")}.` : "";
  byId("circles").addEventListener("change", () => {
    chosen.backward = byId("circles").value === "delta";
    redraw();
  });
  byId("rate").addEventListener("input", () => setRate(10 ** byId("rate").valueAsNumber));
  byId("rate-typed").addEventListener("change", () => setRate(byId("rate-typed").valueAsNumber));
}

function setRate(alpha) {
  if (!(alpha > 0 && Number.isFinite(alpha))) return showRate(); // half typed, or no rate
  trainer.alpha = Number(alpha.toPrecision(3));
  showRate();
  redraw();
}

function showRate() {
  byId("rate").value = Math.log10(rateNow());
  byId("rate-typed").value = Number(rateNow().toPrecision(4));
}

function listenToTraining() {
  const once = () => {
    pause();
    if (chosen.inside) toNextStep();
    else step();
    redraw();
  };
  const toNextStep = () => goInside(momentsOf(chosen.inside.rows));
  const actions = {
    run, into: enter, step: once,
    restart: () => restart({ rows: DATA.rows, targets: DATA.targets, changed: false }),
    "moment-back": () => goInside(chosen.inside.at - 1),
    "moment-next": () => goInside(chosen.inside.at + 1),
    "moment-example": toExample,
    "moment-update": toUpdate,
    back: () => {
      goBack();
      trainer.alpha = rateNow() / 2;
      showRate();
      redraw();
    },
  }; // biome-ignore format: a table
  for (const [id, action] of Object.entries(actions)) byId(id).addEventListener("click", action);
  document.addEventListener("keydown", (event) => {
    if (event.target.closest("input, select, button, [role=button]") || event.ctrlKey || event.metaKey || event.altKey)
      return;
    const keys = {
      " ": run,
      ArrowRight: () => (chosen.inside ? goInside(chosen.inside.at + 1) : once()),
      ArrowLeft: () => chosen.inside && goInside(chosen.inside.at - 1),
    };
    if (!(event.key in keys)) return;
    event.preventDefault();
    keys[event.key]();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
}

function changedPoints() {
  chosen.inside = null; // its rows may be others now
  makePoints(changedPoints);
  redraw();
}

begin({ least: Infinity, best: null });
rangeOfData();
byId("plane-figure").hidden = inputs > 2;
makeNetwork();
makeChoices();
listenToPoints(changedPoints);
makePoints(changedPoints);
listenToTraining();
showRate();
followNotebook();
redraw();
