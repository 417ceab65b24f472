// Finite differences: what values alone say of each tangent and adjoint.

const EPSILON = 2 ** -52;
const STEPS = [2, 3, 4, 5, 6].map((k) => 16 ** -k); // relative to x, and to 1
const CHECKED = 1e-6; // relative: how far from a slope a difference may be
const DOUBTFUL = 0.01; // relative: a difference that is less sure than this says nothing

/**
 * Slopes of a function to many numbers, each by the step whose neighbour agrees best with it: five points, error of
 * order h⁴, and the rounding of the values over the step.
 */
function slopesBy(f, bases) {
  const best = f(0).map(() => ({ slope: NaN, error: Infinity }));
  for (const base of bases) {
    let coarser = null;
    for (const h of STEPS.map((step) => step * base)) {
      const [a, b, c, d] = [-2 * h, -h, h, 2 * h].map(f);
      const slopes = a.map((_, i) => (8 * (c[i] - b[i]) - (d[i] - a[i])) / (12 * h));
      slopes.forEach((slope, i) => {
        const rounding = (4 * EPSILON * Math.max(Math.abs(a[i]), Math.abs(d[i]))) / h;
        const error = coarser ? Math.abs(slope - coarser[i]) + rounding : Infinity;
        if (error < best[i].error) best[i] = { slope, error };
      });
      coarser = slopes;
    }
  }
  return best;
}

const CONDITIONS = new Set(["less", "less_equal", "greater", "greater_equal", "equal", "not_equal"]); // 0 or 1, nothing between

/** ∂y/∂v of every node by moving its value alone, and v̇ along the seed by moving the inputs. */
function differences({ data, values, tangents, adjoints }) {
  const output = (found) =>
    data.outputs.reduce((sum, slot, i) => sum + (adjoints[i] ? adjoints[i] * found[slot] : 0), 0);
  const reverse = values.map((x, slot) => {
    if (CONDITIONS.has(data.nodes[slot].op)) return { slope: 0, error: 0 };
    const moved = (t) => [output(evaluated(data, values.with(slot, x + t), Math.max(slot + 1, data.inputs)))];
    return slopesBy(moved, [Math.abs(x), 1])[0];
  });
  const along = (t) =>
    evaluated(
      data,
      values.map((x, slot) => (slot < data.inputs ? x + t * tangents[slot] : x)),
    );
  const reach = tangents.map((rate, slot) => (rate ? Math.abs(values[slot] / rate) : Infinity));
  const bases = [Math.min(...reach), 1].filter((base) => base > 0 && Number.isFinite(base));
  return { forward: slopesBy(along, bases), reverse };
}

/** "right", "wrong", or "unsure" where differences cannot tell. */
function judged(x, { slope, error }) {
  const size = Math.max(Math.abs(x), Math.abs(slope));
  if (Math.abs(x - slope) <= CHECKED * size + 8 * error && error <= DOUBTFUL * size + CHECKED) return "right";
  return Number.isFinite(slope) && error <= DOUBTFUL * size ? "wrong" : "unsure";
}
