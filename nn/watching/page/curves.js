// The curve of the loss, and lines of equal height.

const WIDE = 420; // of a curve, in its own units
const HIGH = 170;
const ROOM = { left: 58, right: 10, top: 12, bottom: 26 };
const MOST_POINTS = 600; // of a curve

/** A few of many numbers, evenly, the last among them. */
function thinned(xs) {
  const every = Math.ceil(xs.length / MOST_POINTS);
  return xs.map((x, i) => [i, x]).filter(([i]) => i % every === 0 || i === xs.length - 1);
}

/** Curves over steps in an SVG, on a logarithmic scale where all are above 0: a list of {xs, className}. */
function drawCurves(svg, curves) {
  const known = curves.flatMap(({ xs }) => xs).filter(Number.isFinite);
  const logarithmic = known.length > 0 && known.every((x) => x > 0);
  const scaled = (x) => (logarithmic ? Math.log10(x) : x);
  const [low, high] = [Math.min(...known.map(scaled)), Math.max(...known.map(scaled))];
  const last = Math.max(1, ...curves.map(({ xs }) => xs.length - 1));
  const x = (i) => ROOM.left + (i / last) * (WIDE - ROOM.left - ROOM.right);
  const y = (value) =>
    HIGH - ROOM.bottom - ((scaled(value) - low) / (high - low || 1)) * (HIGH - ROOM.top - ROOM.bottom);
  svg.replaceChildren();
  setAll(svg, { viewBox: `0 0 ${WIDE} ${HIGH}` });
  const label = (text, at, anchor) => {
    const told = inSvg("text", svg);
    setAll(told, { ...at, "text-anchor": anchor, class: "tick" });
    told.textContent = text;
  };
  if (!known.length) return label("no step yet", { x: WIDE / 2, y: HIGH / 2 }, "middle");
  const value = (scale) => (logarithmic ? 10 ** scale : scale);
  label(tick(value(high)), { x: ROOM.left - 6, y: ROOM.top + 4 }, "end");
  if (high > low) label(tick(value(low)), { x: ROOM.left - 6, y: HIGH - ROOM.bottom + 4 }, "end");
  label("0", { x: ROOM.left, y: HIGH - 8 }, "middle");
  label(`step ${last}`, { x: WIDE - ROOM.right, y: HIGH - 8 }, "end");
  const frame = inSvg("path", svg);
  setAll(frame, { d: `M${ROOM.left} ${ROOM.top}V${HIGH - ROOM.bottom}H${WIDE - ROOM.right}`, class: "axis" });
  for (const { xs, className } of curves) {
    const path = inSvg("path", svg);
    const at = thinned(xs).filter(([, value]) => Number.isFinite(value));
    setAll(path, {
      d: at.map(([i, value], k) => `${k ? "L" : "M"}${x(i).toFixed(1)} ${y(value).toFixed(1)}`).join(""),
      class: `curve ${className}`,
    });
  }
}

const tick = (x) => written(Number(x.toPrecision(3)), 3);

/** The segments of a line of equal height through a grid of numbers, in its cells (marching squares). */
function contour(heights, columns, rows, level) {
  const segments = [];
  const across = (a, b) => (level - a) / (b - a);
  for (let r = 0; r + 1 < rows; r++) {
    for (let c = 0; c + 1 < columns; c++) {
      const at = r * columns + c;
      const [a, b, d, e] = [heights[at], heights[at + 1], heights[at + columns + 1], heights[at + columns]];
      if (![a, b, d, e].every(Number.isFinite)) continue;
      const edges = [];
      if (a < level !== b < level) edges.push([c + across(a, b), r]);
      if (b < level !== d < level) edges.push([c + 1, r + across(b, d)]);
      if (d < level !== e < level) edges.push([c + 1 - across(d, e), r + 1]);
      if (e < level !== a < level) edges.push([c, r + 1 - across(e, a)]);
      for (let k = 0; k + 1 < edges.length; k += 2) segments.push([edges[k], edges[k + 1]]);
    }
  }
  return segments;
}
