// The data, as points: they are chosen, dragged, added, taken out, by pointer and by keyboard.

const SHAPES = [
  "M-6 0a6 6 0 1 0 12 0a6 6 0 1 0 -12 0",
  "M-5.5 -5.5H5.5V5.5H-5.5Z",
  "M0 -7L6.5 5H-6.5Z",
  "M0 -7L7 0L0 7L-7 0Z",
];
const STEP_OF_POINT = 0.02; // of the range, by a key
const editable = inputs <= 2 && !Array.isArray(DATA.targets[0]);

/** The classes, in order: those of the loss, or those that there are. */
const CLASSES =
  DATA.kind.classes === null
    ? []
    : DATA.kind.classes.length
      ? DATA.kind.classes
      : [...new Set(DATA.targets.map(Number))].sort((a, b) => a - b);

function makePoints(changed) {
  const layer = byId("points");
  layer.replaceChildren();
  trainer.rows.forEach((_, i) => {
    const point = inSvg("path", layer);
    const place = Math.max(0, CLASSES.indexOf(trainer.targets[i]));
    setAll(point, { d: SHAPES[place % SHAPES.length], tabindex: i === chosen.example ? 0 : -1, role: "button" });
    point.setAttribute("class", `point class${place % SHAPES.length}`);
    put(point, i);
    point.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      event.preventDefault();
      layer.setPointerCapture?.(event.pointerId);
      chooseExample(i);
      chosen.dragged = i;
    });
    point.addEventListener("keydown", (event) => onPointKey(event, i, changed));
  });
}

/** A point where its row says, with its numbers. */
function put(point, i) {
  const [row, target] = [trainer.rows[i], trainer.targets[i]];
  const y = inputs === 2 ? row[1] : flat(target)[0];
  point.setAttribute("transform", `translate(${acrossOf(row[0]).toFixed(1)} ${upOf(y).toFixed(1)})`);
  point.setAttribute(
    "aria-label",
    `Example ${i + 1}: ${row.map(short).join(", ")}, target ${flat(target).map(short).join(", ")}`,
  );
}

function chooseExample(i) {
  chosen.example = i;
  [...byId("points").children].forEach((point, j) => {
    point.setAttribute("tabindex", i === j ? 0 : -1);
  });
  redraw();
}

/** The point that circles and lines are about. */
function markPoint(example) {
  [...byId("points").children].forEach((point, j) => {
    point.classList.toggle("selected", example === j);
  });
}

/** Another place of a point: of one input its target goes along. */
function movePoint(i, x, y) {
  const rows = trainer.rows.slice();
  const targets = trainer.targets.slice();
  rows[i] = inputs === 2 ? [x, y] : [x];
  if (inputs === 1) targets[i] = y;
  Object.assign(trainer, { rows, targets, changed: true });
  put(byId("points").children[i], i);
  redraw();
}

const heightOf = (i) => (inputs === 2 ? trainer.rows[i][1] : flat(trainer.targets[i])[0]);

function onPointKey(event, i, changed) {
  const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
  const [wide, high] = [shown.x[1] - shown.x[0], shown.y[1] - shown.y[0]];
  if (event.key in ways && editable) {
    const [dx, dy] = ways[event.key];
    movePoint(i, trainer.rows[i][0] + dx * wide * STEP_OF_POINT, heightOf(i) + dy * high * STEP_OF_POINT);
  } else if (event.key === "Delete" && editable) removePoint(i, changed);
  else if (event.key === " " || event.key === "Enter") chooseExample(i);
  else if (event.key === "n" || event.key === "p") {
    const next = (i + (event.key === "n" ? 1 : trainer.rows.length - 1)) % trainer.rows.length;
    chooseExample(next);
    byId("points").children[next].focus();
  } else return;
  event.preventDefault();
  event.stopPropagation();
}

function removePoint(i, changed) {
  if (trainer.rows.length === 1) return;
  Object.assign(trainer, {
    rows: trainer.rows.toSpliced(i, 1),
    targets: trainer.targets.toSpliced(i, 1),
    changed: true,
  });
  chosen.example = Math.min(i, trainer.rows.length - 1);
  changed();
  byId("points").children[chosen.example].focus();
}

function addPoint(x, y, changed) {
  const target = inputs === 1 ? y : CLASSES.length ? Number(byId("class").value) : 0;
  Object.assign(trainer, {
    rows: [...trainer.rows, inputs === 2 ? [x, y] : [x]],
    targets: [...trainer.targets, target],
    changed: true,
  });
  chosen.example = trainer.rows.length - 1;
  changed();
}

function listenToPoints(changed) {
  const [area, layer] = [byId("plane"), byId("points")];
  const place = ({ clientX, clientY }) => {
    const box = area.getBoundingClientRect();
    return [xAt(((clientX - box.left) / box.width) * SIDE), yAt(((clientY - box.top) / box.height) * SIDE)];
  };
  area.addEventListener("pointerdown", (event) => {
    if (!editable || event.button !== 0 || layer.contains(event.target)) return;
    addPoint(...place(event), changed);
    chosen.dragged = chosen.example;
  });
  area.addEventListener("pointermove", (event) => {
    if (chosen.dragged !== null && event.buttons && editable) movePoint(chosen.dragged, ...place(event));
  });
  window.addEventListener("pointerup", () => {
    chosen.dragged = null;
  });
  byId("add").addEventListener("click", () => {
    addPoint((shown.x[0] + shown.x[1]) / 2, (shown.y[0] + shown.y[1]) / 2, changed);
    byId("points").lastChild.focus();
  });
  byId("remove").addEventListener("click", () => removePoint(chosen.example, changed));
  byId("class").append(...CLASSES.map((x) => element("option", { value: x }, short(x))));
  byId("class").closest("label").hidden = CLASSES.length === 0;
  byId("edit").hidden = !editable;
}
