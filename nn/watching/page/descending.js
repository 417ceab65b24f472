// The page of descent: contours, paths over them, and the sweep of a step that is chosen.

const SIDE = 480; // of the plane, in its own units
const CELLS = 90; // of the plane, along each side
const LEVELS = 16; // lines of equal height
const MARGIN_OF_PATHS = 0.15; // of the range, around the paths
const short = (x) => written(x, DATA.digits);
const two = DATA.start.length === 2;

const chosen = { start: DATA.start, running: false, racer: 0, step: 0 };
let racers;
let seen; // {x, y}: what is drawn

function restart() {
  chosen.running = false;
  racers = DATA.rules.map((rule, i) => placed(rule, chosen.start, racers?.[i].alpha ?? null));
  chosen.step = 0;
  redraw();
}

/** What is drawn: the region that was asked for, else what the paths go through in the first race, and some more. */
function regionOf() {
  if (DATA.region) return { x: DATA.region[0], y: DATA.region[1] ?? heights(DATA.region[0]) };
  const whole = DATA.rules.map((rule) => placed(rule, DATA.start, null));
  const reach = 4 * Math.max(1, ...DATA.start.map(Math.abs));
  for (let i = 0; i < DATA.steps; i++) for (const racer of whole) goOn(racer);
  const kept = whole
    .flatMap(({ path }) => path.map(({ at }) => at))
    .filter((at) => at.every((x) => Math.abs(x) <= reach));
  const range = (xs) => {
    const [low, high] = [Math.min(...xs), Math.max(...xs)];
    const margin = Math.max(high - low, 0.2) * MARGIN_OF_PATHS + 0.3;
    return [low - margin, high + margin];
  };
  const x = range(kept.map((at) => at[0]));
  return { x, y: two ? range(kept.map((at) => at[1])) : heights(x) };
}

/** The range of a function of one number. */
function heights([low, high]) {
  const values = Array.from(
    { length: CELLS },
    (_, i) => heightAt([low + ((high - low) * i) / (CELLS - 1)]).value,
  ).filter(Number.isFinite);
  const [bottom, top] = [Math.min(...values), Math.max(...values)];
  const margin = (top - bottom || 1) * 0.08;
  return [bottom - margin, top + margin];
}

const near = (x) => Math.max(-20 * SIDE, Math.min(20 * SIDE, x)); // what lies far off cannot be drawn
const along = (x) => near(((x - seen.x[0]) / (seen.x[1] - seen.x[0])) * SIDE);
const up = (y) => near(SIDE - ((y - seen.y[0]) / (seen.y[1] - seen.y[0])) * SIDE);
const spot = ({ at, value }) => [along(at[0]), up(two ? at[1] : value)];

/** Lines of equal height, as many values between each two: steep and flat parts both have some. */
function drawGround() {
  const path = (segments, scale) =>
    segments
      .map((s) => `M${s.map(([c, r]) => `${(c * scale).toFixed(1)} ${(r * scale).toFixed(1)}`).join("L")}`)
      .join("");
  if (!two) {
    const points = Array.from({ length: SIDE / 2 }, (_, i) => {
      const x = seen.x[0] + ((seen.x[1] - seen.x[0]) * i) / (SIDE / 2 - 1);
      return { at: [x], value: heightAt([x]).value };
    }).filter(({ value }) => Number.isFinite(value));
    setAll(byId("curve"), {
      d: points
        .map(
          (point, i) =>
            `${i ? "L" : "M"}${spot(point)
              .map((x) => x.toFixed(1))
              .join(" ")}`,
        )
        .join(""),
    });
    return;
  }
  const ground = [];
  for (let r = 0; r < CELLS; r++) {
    for (let c = 0; c < CELLS; c++) {
      const x = seen.x[0] + ((seen.x[1] - seen.x[0]) * c) / (CELLS - 1);
      const y = seen.y[1] - ((seen.y[1] - seen.y[0]) * r) / (CELLS - 1);
      ground.push(heightAt([x, y]).value);
    }
  }
  const sorted = ground.filter(Number.isFinite).sort((a, b) => a - b);
  const levels = Array.from(
    { length: LEVELS },
    (_, i) => sorted[Math.floor(((i + 0.5) / LEVELS) * (sorted.length - 1))],
  );
  const lines = byId("contours");
  lines.replaceChildren();
  [...new Set(levels)].forEach((level, i) => {
    const line = inSvg("path", lines);
    setAll(line, {
      d: path(contour(ground, CELLS, CELLS, level), SIDE / (CELLS - 1)),
      "stroke-opacity": (0.25 + (0.6 * i) / LEVELS).toFixed(2),
    });
    inSvg("title", line).textContent = `f = ${short(level)}`;
  });
}

function drawPaths() {
  const ground = byId("paths");
  ground.replaceChildren();
  racers.forEach(({ path }, k) => {
    const line = inSvg("path", ground);
    setAll(line, {
      d: path
        .map(
          (step, i) =>
            `${i ? "L" : "M"}${spot(step)
              .map((x) => x.toFixed(1))
              .join(" ")}`,
        )
        .join(""),
      class: `path racer${k}`,
    });
    path.forEach((step, i) => {
      const [cx, cy] = spot(step);
      if (!(cx > -9 && cy > -9 && cx < SIDE + 9 && cy < SIDE + 9)) return;
      const dot = inSvg("circle", ground);
      setAll(dot, { cx: cx.toFixed(1), cy: cy.toFixed(1), r: i === path.length - 1 ? 6 : 3.2, class: `dot racer${k}` });
      dot.addEventListener("click", (event) => {
        event.stopPropagation();
        look(k, i);
      });
    });
  });
  const { path } = racers[chosen.racer];
  const [cx, cy] = spot(path[Math.min(chosen.step, path.length - 1)]);
  setAll(byId("here"), { cx, cy });
}

/** A step of a racer's is looked at. */
function look(racer, step) {
  Object.assign(chosen, { racer, step: Math.max(0, Math.min(step, racers[racer].path.length - 1)), running: false });
  redraw();
}

/** The racers: where each is, and its α. */
function showRacers() {
  racers.forEach((racer, k) => {
    const { path, trouble } = racer;
    const row = byId("racers").tBodies[0].rows[k];
    const last = path.at(-1);
    const told = [`${path.length - 1}`, `(${last.at.map(short).join(", ")})`, short(last.value), trouble];
    told.forEach((text, i) => {
      set(row.cells[i + 2], text);
    });
    row.className = k === chosen.racer ? "selected" : "";
  });
}

function makeRacers() {
  DATA.rules.forEach((rule, k) => {
    const name = button(
      "name",
      "Look at its steps",
      () => look(k, racers[k].path.length - 1),
      rule.told.replace("GradientDescent", "Gradient descent"),
    );
    const swatch = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    setAll(swatch, { viewBox: "0 0 30 10", class: "swatch", "aria-hidden": "true" });
    setAll(inSvg("path", swatch), { d: "M0 5H30", class: `path racer${k}` });
    const rate = element("input", {
      type: "number",
      step: "any",
      min: "0",
      ariaLabel: `α of ${rule.told}`,
      value: rule.rates[0],
    });
    rate.addEventListener("change", () => {
      const alpha = rate.valueAsNumber;
      if (alpha > 0 && Number.isFinite(alpha)) racers[k].alpha = alpha;
      else rate.value = rateOf(racers[k]);
      restart();
    });
    const head = element("th", { scope: "row" }, swatch, name);
    byId("racers").tBodies[0].append(
      element("tr", {}, head, element("td", {}, rate), ...[0, 1, 2, 3].map(() => element("td"))),
    );
  });
}

/** The step that is looked at: f and its gradient there by the reverse sweep, and where the rule goes. */
function showLook() {
  const racer = racers[chosen.racer];
  const step = Math.min(chosen.step, racer.path.length - 1);
  const { at, slopes, value } = racer.path[step];
  const next = racer.path[step + 1];
  set(byId("look-title"), `${racer.rule.told}, step ${step}`);
  const names = DATA.names;
  const lines = [
    `f(${at.map(short).join(", ")}) = ${short(value)}`,
    ...slopes.map((slope, i) => `∂f/∂${names[i]} = ${short(slope)}`),
    ...(next ? at.map((x, i) => moveOf(racer, names[i], x, slopes[i], next.at[i])) : []),
  ];
  byId("look").replaceChildren(...lines.map((line) => element("li", {}, line)));
  const model = { ...modelAt(DATA.graph, at), tangents: [], adjoints: [1] };
  const told = stepsOf(model, "reverse").map((each) => element("li", {}, ...typeset(sentenceOf(model, each))));
  byId("sweep").replaceChildren(...told);
  byId("look-back").disabled = step === 0;
  byId("look-next").disabled = step >= racer.path.length - 1;
}

function moveOf(racer, name, x, slope, to) {
  const { memory, clip } = racer.rule;
  if (memory === 0 && clip === null) {
    return `${name} ← ${name} − α ∂f/∂${name} = ${short(x)} − ${short(rateOf(racer))} × ${grouped(short(slope))} = ${short(to)}`;
  }
  return `${name} ← ${short(x)} − ${grouped(short(x - to))} = ${short(to)}, by the rule and what it kept`;
}

function redraw() {
  drawPaths();
  showRacers();
  showLook();
  drawCurves(
    byId("losses"),
    racers.map(({ path }, k) => ({ xs: path.map(({ value }) => value), className: `racer${k}` })),
  );
  byId("run").ariaPressed = String(chosen.running);
  set(byId("run"), chosen.running ? "Pause" : "Run");
  if (!chosen.running)
    set(
      byId("said"),
      racers
        .map(
          ({ rule, path, trouble }) =>
            `${rule.told}: f = ${short(path.at(-1).value)} after ${path.length - 1} steps ${trouble}`,
        )
        .join("; "),
    );
}

/** One step of all. */
function step() {
  const most = Math.max(...racers.map(({ path }) => path.length - 1));
  if (most >= DATA.steps || racers.every(({ trouble }) => trouble)) return false;
  for (const racer of racers) goOn(racer);
  chosen.step = racers[chosen.racer].path.length - 1;
  return true;
}

function frame() {
  if (!chosen.running) return;
  if (!step()) chosen.running = false;
  redraw();
  requestAnimationFrame(frame);
}

function listenToRace() {
  const actions = {
    run: () => {
      chosen.running = !chosen.running;
      redraw();
      requestAnimationFrame(frame);
    },
    step: () => {
      chosen.running = false;
      step();
      redraw();
    },
    restart,
    "look-back": () => look(chosen.racer, chosen.step - 1),
    "look-next": () => look(chosen.racer, chosen.step + 1),
  }; // biome-ignore format: a table
  for (const [id, action] of Object.entries(actions)) byId(id).addEventListener("click", action);
  byId("ground").addEventListener("click", (event) => {
    const box = byId("ground").getBoundingClientRect();
    const x = seen.x[0] + ((event.clientX - box.left) / box.width) * (seen.x[1] - seen.x[0]);
    const y = seen.y[1] - ((event.clientY - box.top) / box.height) * (seen.y[1] - seen.y[0]);
    beginAt(two ? [x, y] : [x]);
  });
  DATA.start.forEach((x, i) => {
    const box = element("input", { type: "number", step: "any", value: x, id: `start${i}` });
    box.addEventListener("change", () => {
      if (Number.isFinite(box.valueAsNumber)) beginAt(chosen.start.with(i, box.valueAsNumber));
      else box.value = chosen.start[i];
    });
    byId("starts").append(element("label", { className: "choice" }, `${DATA.names[i]} = `, box));
  });
  document.addEventListener("keydown", (event) => {
    if (event.target.closest("input, select, button") || event.ctrlKey || event.metaKey || event.altKey) return;
    const keys = {
      " ": actions.run,
      ArrowRight: () => (chosen.step < racers[chosen.racer].path.length - 1 ? actions["look-next"]() : actions.step()),
      ArrowLeft: actions["look-back"],
    };
    if (!(event.key in keys)) return;
    event.preventDefault();
    keys[event.key]();
  });
}

/** Another start. */
function beginAt(start) {
  chosen.start = start.map((x) => Number(x.toPrecision(6)));
  chosen.start.forEach((x, i) => {
    byId(`start${i}`).value = x;
  });
  restart();
}

seen = regionOf();
makeRacers();
drawGround();
listenToRace();
followNotebook();
for (const [id, x] of [
  ["low-x", seen.x[0]],
  ["high-x", seen.x[1]],
  ["low-y", seen.y[0]],
  ["high-y", seen.y[1]],
])
  set(byId(id), tick(x));
set(byId("name-x"), DATA.names[0]);
set(byId("name-y"), two ? DATA.names[1] : "f");
restart();
