// The colours of numbers.

const LEAST = 8; // percent of the way to either end: what is not 0 is seen

/** The colour of a number, by its sign and its size against the largest, as in autodiff/words/colours.py. */
function shade(x, largest) {
  if (!x || !largest) return "var(--plain)";
  const way = LEAST + (100 - LEAST) * Math.min(1, Math.abs(x) / largest);
  return `color-mix(in srgb, var(--${x < 0 ? "cold" : "warm"}) ${way.toFixed(1)}%, var(--plain))`;
}
