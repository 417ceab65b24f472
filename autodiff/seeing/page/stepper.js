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
  partials: false, // on the edges
  predict: DATA.predict, // before each step its number is asked for
  node: null, // whose sum is shown
};
let follows; // what the choices without the count come to
let timer;

function choose(changes) {
  Object.assign(chosen, changes);
  const { inputs, tangents, adjoints, mistakes, sweep } = chosen;
  const model = { ...modelAt(DATA, inputs), tangents, adjoints, mistakes };
  const whole = stepsOf(model, "all");
  const totals = Object.fromEntries(
    ["forward", "reverse"].map((phase) => [phase, sweep === "both" ? products(model, phase) : 0]),
  );
  const turned = turnedAt(model);
  follows = {
    model,
    steps: sweep === "all" ? whole : stepsOf(model, sweep),
    final: stateAt(model, whole, "all", whole.length),
    wrong: faults(model),
    bites: faults({ ...model, mistakes: { order: true } }).size > 0,
    totals,
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
    offerOrder,
    showSum,
    showEnd,
    showProducts,
    askNext,
  ])
    part(view);
}

function go(count) {
  pause();
  show(within(count));
}

/** Another sweep, from a step on. */
function setSweep(sweep, count = 0) {
  for (const button of byId("sweeps").children) button.ariaPressed = String(button.dataset.sweep === sweep);
  choose({ sweep, count });
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
  if (chosen.predict) return go(chosen.count + 1);
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

function listen() {
  for (const button of byId("sweeps").children) {
    button.addEventListener("click", () => {
      pause();
      setSweep(button.dataset.sweep);
    });
  }
  for (const mistake of ["assign", "order"]) {
    byId(mistake).addEventListener("change", () => {
      pause();
      choose({ mistakes: { ...chosen.mistakes, [mistake]: byId(mistake).checked } });
      show(stepsIn(follows.steps, "reverse")[0]?.[0] ?? chosen.count); // to watch it happen
    });
  }
  byId("check").addEventListener("click", () => {
    choose({ checking: !chosen.checking });
    byId("check").ariaPressed = String(chosen.checking);
  });
  byId("with-partials").hidden = false;
  byId("partials").addEventListener("change", () => {
    chosen.partials = byId("partials").checked;
    show(chosen.count);
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
  byId("drawing").addEventListener("scroll", placeSum);
  window.addEventListener("resize", () => {
    reserveRoom(follows);
    show(chosen.count);
  });
}

makeSources();
listenToCamera();
walkCards();
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
listenToQuiz();
listenToSharing();
followNotebook();
setSweep(chosen.sweep, chosen.count);
const asked = placeAsked();
if ("count" in asked) setSweep(asked.sweep ?? chosen.sweep, asked.count);
