// What the network says over the plane of its two inputs, or its curve over the one.

const CELLS = 44; // of the plane, along each side
const SAMPLES = 160; // of a curve
const EDGE = 0.12; // of the range of the data, around them
const SIDE = 400; // of the plane, in its own units

/** The range of numbers, a little wider. */
function widened(xs) {
  const [low, high] = [Math.min(...xs), Math.max(...xs)];
  const margin = (high - low || 1) * EDGE;
  return [low - margin, high + margin];
}

const inputs = DATA.rows[0].length;
const shown = { x: [0, 1], y: [0, 1] }; // the ranges that are seen

/** The ranges of the data, which stay while points are moved inside of them. */
function rangeOfData() {
  shown.x = widened(trainer.rows.map((row) => row[0]));
  shown.y = widened(inputs === 2 ? trainer.rows.map((row) => row[1]) : trainer.targets.flatMap(flat));
}

const acrossOf = (x) => ((x - shown.x[0]) / (shown.x[1] - shown.x[0])) * SIDE;
const upOf = (y) => SIDE - ((y - shown.y[0]) / (shown.y[1] - shown.y[0])) * SIDE;
const xAt = (across) => shown.x[0] + (across / SIDE) * (shown.x[1] - shown.x[0]);
const yAt = (up) => shown.y[0] + ((SIDE - up) / SIDE) * (shown.y[1] - shown.y[0]);

/** The border between two classes on the scale of the network's output; null where targets are numbers. */
const BORDER = DATA.kind.classes ? 0 : null;

/** A colour of the style sheet as [red, green, blue]. */
function rgbOf(name) {
  const probe = byId("probe");
  probe.style.color = `var(--${name})`;
  return getComputedStyle(probe)
    .color.match(/[\d.]+/g)
    .slice(0, 3)
    .map(Number);
}

const mixed = (a, b, way) => a.map((x, i) => x + (b[i] - x) * way);

/** Colours of outputs: of one its sign and size, of several that of the largest. */
function colourist(outputs) {
  const [cold, warm, plain, third] = ["cold", "warm", "paper", "forward"].map(rgbOf);
  if (outputs[0].length > 1) {
    const palette = [cold, warm, third, rgbOf("reverse"), rgbOf("mark")];
    return (a) => mixed(plain, palette[a.indexOf(Math.max(...a)) % palette.length], 0.55);
  }
  const middle =
    BORDER ?? (Math.min(...trainer.targets.flatMap(flat)) + Math.max(...trainer.targets.flatMap(flat))) / 2;
  const reach = Math.max(...outputs.map(([a]) => (Number.isFinite(a) ? Math.abs(a - middle) : 0))) || 1;
  return ([a]) => mixed(plain, a < middle ? cold : warm, Math.min(1, 0.12 + 0.7 * (Math.abs(a - middle) / reach)));
}

/** The plane in colours, and the line where one output changes sides. */
function drawPlane(canvas, lines) {
  const outputs = [];
  for (let r = 0; r < CELLS; r++) {
    for (let c = 0; c < CELLS; c++) {
      outputs.push(feed([xAt((c / (CELLS - 1)) * SIDE), yAt((r / (CELLS - 1)) * SIDE)]).at(-1).a);
    }
  }
  const [colour, image] = [colourist(outputs), new ImageData(CELLS, CELLS)];
  outputs.forEach((a, i) => {
    image.data.set([...colour(a), 255], 4 * i);
  });
  canvas.width = canvas.height = CELLS;
  canvas.getContext("2d").putImageData(image, 0, 0);
  const scale = SIDE / (CELLS - 1);
  const border = outputs[0].length === 1 && BORDER !== null;
  const segments = border
    ? contour(
        outputs.map(([a]) => a),
        CELLS,
        CELLS,
        BORDER,
      )
    : [];
  setAll(lines, {
    d: segments
      .map((s) => `M${s.map(([c, r]) => `${(c * scale).toFixed(1)} ${(r * scale).toFixed(1)}`).join("L")}`)
      .join(""),
  });
}

/** The curve of a function of one number. */
function drawCurve(lines) {
  const at = Array.from({ length: SAMPLES }, (_, i) => {
    const across = (i / (SAMPLES - 1)) * SIDE;
    return `${i ? "L" : "M"}${across.toFixed(1)} ${Math.max(-SIDE, Math.min(2 * SIDE, upOf(feed([xAt(across)]).at(-1).a[0]))).toFixed(1)}`;
  });
  setAll(lines, { d: at.join("") });
}

function drawFunction() {
  if (inputs === 2) drawPlane(byId("heat"), byId("border"));
  else if (inputs === 1) drawCurve(byId("border"));
}
