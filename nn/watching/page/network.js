// The network: a circle for each neuron, a line for each weight, as thick as it is large.

const ROWS_SHOWN = 12; // neurons of a layer
const RADIUS = 19;
const APART = { across: 150, down: 50 };
const THIN = 0.6;
const THICK = 5;

const COLUMNS = [
  DATA.rows[0].map((_, j) => ({ name: named("x", 1, j).replace("⁽¹⁾", "") })),
  ...DATA.layers.map(({ biases }, l) => biases.map((_, i) => ({ name: named("a", l + 2, i), layer: l, i }))),
];
const drawnNet = { circles: [], lines: [] };

function makeNetwork() {
  const svg = byId("network");
  const columns = COLUMNS.map((column) => column.slice(0, ROWS_SHOWN));
  const high = Math.max(...columns.map((column) => column.length));
  const [wide, tall] = [(columns.length - 1) * APART.across + 2 * RADIUS + 60, high * APART.down + 44];
  setAll(svg, { viewBox: `0 0 ${wide} ${tall}` });
  const place = (c, r) => [
    30 + RADIUS + c * APART.across,
    24 + (tall - 44) / 2 + (r - (columns[c].length - 1) / 2) * APART.down,
  ];
  DATA.layers.forEach(({ weights }, l) => {
    weights.slice(0, ROWS_SHOWN).forEach((row, i) => {
      row.slice(0, ROWS_SHOWN).forEach((parameter, j) => {
        const [[x1, y1], [x2, y2]] = [place(l, j), place(l + 1, i)];
        const line = inSvg("line", svg);
        setAll(line, { x1, y1, x2, y2 });
        drawnNet.lines.push({ line, parameter, title: inSvg("title", line) });
      });
    });
  });
  columns.forEach((column, c) => {
    column.forEach(({ name, layer, i }, r) => {
      const [x, y] = place(c, r);
      const group = inSvg("g", svg);
      const [circle, text, state] = ["circle", "text", "text"].map((tag) => inSvg(tag, group));
      setAll(circle, { cx: x, cy: y, r: RADIUS });
      setAll(text, { x, y: y + 4, class: "number" });
      setAll(state, { x, y: y + RADIUS + 11, class: "state" });
      drawnNet.circles.push({ group, text, state, title: inSvg("title", group), name, column: c, layer, i, input: r });
    });
    const [x] = place(c, 0);
    const label = inSvg("text", svg);
    const more = COLUMNS[c].length - column.length;
    setAll(label, { x, y: 14, class: "label" });
    label.textContent = `${c ? named("a", c + 1) : "x"}${more ? `, ${more} more` : ""}`;
  });
  const hidden = COLUMNS.some((column) => column.length > ROWS_SHOWN);
  byId("cut").textContent = hidden
    ? `Of layers of more than ${ROWS_SHOWN} neurons the first ${ROWS_SHOWN} are drawn; all of them are trained.`
    : "";
}

/** Circles show a of an example, or δ; what a moment is about is lit. */
function drawNetwork({ example, moment, states, backward }) {
  const fed = feed(trainer.rows[example]);
  runOn(example);
  const numberOf = ({ layer, i, input }) => {
    if (layer === undefined) return backward ? null : trainer.rows[example][input];
    return backward ? deltaOf(layer, i) : fed[layer].a[i];
  };
  const largest = Math.max(...drawnNet.circles.map((c) => Math.abs(numberOf(c) ?? 0)).filter(Number.isFinite)) || 1;
  for (const circle of drawnNet.circles) {
    const { group, text, state, title, name, layer, i } = circle;
    const x = numberOf(circle);
    group.style.setProperty("--card", x === null ? "var(--plain)" : shade(x, largest));
    set(text, x === null ? "" : written(x, 2));
    set(title, x === null ? name : `${backward ? named("δ", layer + 2, i) : name} = ${full(x)}`);
    const ill = layer === undefined ? "" : (states[layer]?.[i] ?? "");
    set(state, ill);
    group.setAttribute("class", `neuron ${isLit(moment, circle) ? "lit" : ""} ${ill}`);
  }
  const heaviest = Math.max(...trainer.parameters.map(Math.abs)) || 1;
  for (const { line, parameter, title } of drawnNet.lines) {
    const w = trainer.parameters[parameter];
    const size = Math.min(1, Math.abs(w) / heaviest);
    const lit = moment?.parameter === parameter;
    line.setAttribute("stroke-width", lit ? THICK + 1 : (THIN + (THICK - THIN) * size).toFixed(2));
    line.style.stroke = lit ? "var(--reverse)" : shade(w, heaviest);
    set(title, `${parameterName(parameter)} = ${full(w)}`);
  }
}

function isLit(moment, { column, layer, i }) {
  if (!moment) return false;
  const { kind, parameter } = moment;
  if (kind === "forward" || kind === "delta") return column === moment.layer + 1;
  if (kind === "loss") return column === COLUMNS.length - 1;
  const place = PLACES[parameter];
  return layer === place.layer && i === place.i;
}
