// What is chosen, and what follows of it: the page is a function of the choices, the number of steps done among them.

const PACE = 900; // milliseconds a step at speed 1

const start = DATA.nodes.slice(0, DATA.inputs).map((node) => number(node.data));
const chosen = {
  count: DATA.at, // steps done; below 0, from the end
  sweep: DATA.sweep,
  inputs: start,
  tangents: DATA.tangents.map(number),
  adjoints: DATA.adjoints.map(number),
  mistakes: { assign: false, order: false },
  checking: false, // by finite differences
  node: null, // whose sum is shown
};
let follows; // what the choices without the count come to
let timer;

function choose(changes) {
  Object.assign(chosen, changes);
  const { inputs, tangents, adjoints, mistakes, sweep } = chosen;
  const model = { ...modelAt(DATA, inputs), tangents, adjoints, mistakes };
  const whole = stepsOf(model, "all");
  const turned = turnedAt(model);
  follows = {
    model,
    steps: sweep === "all" ? whole : stepsOf(model, sweep),
    final: stateAt(model, whole, "all", whole.length),
    wrong: faults(model),
    turned,
    undefinedSlot: undefinedAt(model),
    checks: chosen.checking && !turned ? differences(model) : null,
  };
  reserveRoom(follows);
  if (chosen.count < 0) chosen.count += follows.steps.length + 1;
  show(chosen.count);
}

function show(count) {
  chosen.count = Math.max(0, Math.min(follows.steps.length, count));
  const { model, steps } = follows;
  const state = stateAt(model, steps, chosen.sweep, chosen.count);
  const view = { ...follows, chosen, count: chosen.count, step: steps[chosen.count - 1], state };
  for (const part of [
    showStep,
    showTurned,
    showUndefined,
    showNodes,
    showEdges,
    showSource,
    showChecks,
    showFaults,
    showSum,
  ])
    part(view);
}

function go(count) {
  pause();
  show(count);
}

function select(slot) {
  chosen.node = chosen.node === slot ? null : slot;
  show(chosen.count);
}

/** A node chosen, its boxes opened, and it in the middle of what is seen. */
function lookAt(slot) {
  reveal(DATA.inside[slot]);
  chosen.node = slot;
  show(chosen.count);
  follow([byId(cardOf[slot])]);
  scrollInside(rows[slot].closest(".scroll"), rows[slot]);
}

// Playing

function pause() {
  clearInterval(timer);
  timer = undefined;
  document.body.classList.remove("playing");
  byId("play").ariaLabel = "Play";
}

function play() {
  if (timer !== undefined) return pause();
  if (chosen.count === follows.steps.length) show(0);
  document.body.classList.add("playing");
  byId("play").ariaLabel = "Pause";
  const next = () => (chosen.count < follows.steps.length ? show(chosen.count + 1) : pause());
  timer = setInterval(next, PACE / Number(byId("speed").value));
}

const KEYS = {
  ArrowLeft: () => go(chosen.count - 1),
  ArrowRight: () => go(chosen.count + 1),
  Home: () => go(0),
  End: () => go(follows.steps.length),
  " ": play,
  Escape: () => select(chosen.node),
};

function onKey(event) {
  const keeps = event.key === " " ? "button, input, select" : "input:not(#position, [type=checkbox]), select";
  const own = event.target.closest(keeps);
  if (own || !(event.key in KEYS) || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  KEYS[event.key]();
}

// Inputs

/** A slider and a box for an input; returns what puts it back. */
function makeSlider({ name }, slot) {
  const reach = Math.max(1, 2 * Math.abs(start[slot]));
  const limits = { min: start[slot] - reach, max: start[slot] + reach, step: "any" };
  const slider = element("input", { type: "range", ...limits, ariaLabel: name });
  const box = element("input", { type: "number", step: "any", ariaLabel: `${name}, typed` });
  const put = (x) => {
    slider.value = box.value = x;
  };
  const move = (x, other) => {
    if (!Number.isFinite(x)) return; // half typed
    other.value = x;
    byId("reset").hidden = false;
    pause();
    choose({ inputs: chosen.inputs.with(slot, x) });
  };
  slider.addEventListener("input", () => move(Number(slider.valueAsNumber.toPrecision(4)), box));
  box.addEventListener("input", () => move(box.valueAsNumber, slider));
  byId("sliders").append(element("label", {}, element("span", {}, name), slider, box));
  put(start[slot]);
  return () => put(start[slot]);
}

function makeInputs() {
  const ops = new Set([...DATA.nodes, ...DATA.aside].map((node) => node.op));
  const unknown = [...ops].filter((op) => op && !(op in PRIMITIVES));
  byId("check").disabled = unknown.length > 0;
  byId("fixed").hidden = !(unknown.length || DATA.unseen);
  if (unknown.length) {
    byId("fixed").textContent =
      `The page does not know how to compute ${unknown.join(", ")}: the inputs stay as they are.`;
  }
  const widest = Math.max(...start.map((_, slot) => nameOf(slot).length), 0);
  byId("sliders").style.setProperty("--label", `${Math.min(widest + 1, 14)}ch`);
  const resets = unknown.length ? [] : DATA.nodes.slice(0, DATA.inputs).map(makeSlider);
  byId("reset").addEventListener("click", () => {
    for (const reset of resets) reset();
    byId("reset").hidden = true;
    choose({ inputs: start });
  });
}

/** A choice of the input or output whose seed is 1; seeds of another kind, as they were given, are a choice too. */
function makeSeeds(id, key, slots) {
  const given = chosen[key];
  const unit = (i) => slots.map((_, j) => Number(i === j));
  const options = slots.map((slot, i) => [nameOf(slot), unit(i)]);
  const same = options.findIndex(([, seeds]) => seeds.every((x, i) => x === given[i]));
  if (same < 0) options.unshift([`(${given.map(short).join(", ")})`, given]);
  byId(id).append(...options.map(([name], value) => element("option", { value }, name)));
  byId(id).value = Math.max(0, same);
  byId(id).addEventListener("change", () => choose({ [key]: options[Number(byId(id).value)][1] }));
}

function tellSweeps() {
  const [n, m] = [DATA.inputs, DATA.outputs.length];
  const sweeps = (count, kind) => `${count} ${kind} sweep${count === 1 ? "" : "s"}`;
  const what = m === 1 ? "The full gradient" : `The full Jacobian, ${m} × ${n},`;
  byId("sweep-count").textContent =
    `${what} takes n = ${sweeps(n, "forward")}, one for each input, or m = ${sweeps(m, "reverse")}, one for each output.`;
}

function listen() {
  const sweeps = [...byId("sweeps").children];
  for (const button of sweeps) {
    button.ariaPressed = String(button.dataset.sweep === chosen.sweep);
    button.addEventListener("click", () => {
      pause();
      for (const other of sweeps) other.ariaPressed = String(other === button);
      choose({ sweep: button.dataset.sweep, count: 0 });
    });
  }
  for (const mistake of ["assign", "order"]) {
    byId(mistake).addEventListener("change", () => {
      pause();
      choose({ mistakes: { ...chosen.mistakes, [mistake]: byId(mistake).checked } });
      show(follows.steps.findIndex((step) => step.phase === "reverse")); // to watch it happen
    });
  }
  byId("check").addEventListener("click", () => {
    choose({ checking: !chosen.checking });
    byId("check").ariaPressed = String(chosen.checking);
  });
  byId("speed").addEventListener("change", () => {
    if (timer !== undefined) {
      pause();
      play();
    }
  });
  byId("position").addEventListener("input", () => go(byId("position").valueAsNumber));
  for (const [id, key] of Object.entries({
    first: "Home",
    back: "ArrowLeft",
    play: " ",
    next: "ArrowRight",
    last: "End",
  })) {
    byId(id).addEventListener("click", KEYS[key]);
  }
  document.addEventListener("keydown", onKey);
  window.addEventListener("resize", () => {
    reserveRoom(follows);
    show(chosen.count);
  });
}

makeSources();
listenToCamera();
makeBoxes(() => show(chosen.count));
makeSearch(
  DATA.nodes.map((node, slot) => ({ slot, name: node.name, text: `${node.name} = ${node.expression}` })),
  ({ slot }) => lookAt(slot),
);
openDrawing();
makeInputs();
makeSeeds(
  "along",
  "tangents",
  start.map((_, slot) => slot),
);
makeSeeds("of", "adjoints", DATA.outputs);
tellSweeps();
listen();
followNotebook();
choose({});
