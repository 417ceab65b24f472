// The table of autodiff/core/primitives.py, in JavaScript: its rows under their names, its accurate forms, its conventions
// at kinks. IEEE 754 throughout: nothing throws; nan and ±∞ where Python raises.
//
//   name: [function, partials]   a partial for each operand, a number or a function of (out, ...operands);
//                                for rows of any number of operands, one function of (i, out, ...operands)

const cosineOf = (x) => Math.sqrt((1 - x) * (1 + x)); // 1 − x² cancels near ±1
const overSquare = (x, h) => (h === Infinity ? 0 : x / h / h); // h² would overflow

// Partials too long for a row

function powerX(out, x, y) {
  if (y === 0) return 0;
  if (x !== 0 && x !== Infinity && y < 0.5) return (y * out) / x; // y − 1 rounds, and x^(y − 1) would show it
  return y * powerOf(x, y - 1);
}

const powerY = (out, x, y) => (x === 0 && y >= 0 ? 0 : out * Math.log(x));
const fmodY = (out, x, y) => -signOf(x) * signOf(y) * floorDivide(Math.abs(x), Math.abs(y));
const cbrtX = (out, x) => (x === 0 ? Infinity : Math.abs(x) === Infinity ? 0 : out / (3 * x));
const atan2X = (out, x, y) => overSquare(y, Math.hypot(x, y));
const atan2Y = (out, x, y) => -overSquare(x, Math.hypot(x, y));
const acoshX = (out, x) => 1 / (Math.sqrt(x - 1) * Math.sqrt(x + 1)); // x² − 1 cancels near 1
const tanhX = (out, x) => 4 * sigmoid(2 * x) * sigmoid(-2 * x); // 1 − out² is 0 beyond 19
const tied = (i, out, ...xs) => oneIf(xs[i] === out) / xs.filter((x) => x === out).length; // those that tie share alike
const along = (i, out, ...xs) => (out === 0 ? 0 : xs[i] / out); // a norm's sub-gradient of least norm

// biome-ignore format: a table
const PRIMITIVES = {
  add:           [(x, y) => x + y,          [1, 1]],
  subtract:      [(x, y) => x - y,          [1, -1]],
  multiply:      [(x, y) => x * y,          [(out, x, y) => y, (out, x, y) => x]],
  divide:        [(x, y) => x / y,          [(out, x, y) => 1 / y, (out, x, y) => -(out / y)]],
  negate:        [(x) => -x,                [-1]],
  power:         [powerOf,                  [powerX, powerY]],
  floor_divide:  [floorDivide,              [0, 0]],
  modulo:        [modulo,                   [1, (out, x, y) => -floorDivide(x, y)]],
  fmod:          [(x, y) => x % y,          [1, fmodY]],
  reciprocal:    [(x) => 1 / x,             [(out, x) => -(out * out)]],
  square:        [(x) => x * x,             [(out, x) => 2 * x]],
  identity:      [(x) => x,                 [1]],
  detach:        [(x) => x,                 [0]],

  absolute:      [Math.abs,                 [(out, x) => signOf(x)]],
  sign:          [signOf,                   [0]],
  floor:         [(x) => Math.floor(x) + 0, [0]],
  relu:          [(x) => (x <= 0 ? 0 : x),  [(out, x) => signOf(out)]],
  maximum:       [(...xs) => winner(xs, (x, y) => x > y), tied],
  minimum:       [(...xs) => winner(xs, (x, y) => x < y), tied],
  where:         [(c, x, y) => (c === 0 ? y : x), [0, (out, c) => oneIf(c !== 0), (out, c) => oneIf(c === 0)]],

  less:          [(x, y) => oneIf(x < y),   [0, 0]],
  less_equal:    [(x, y) => oneIf(x <= y),  [0, 0]],
  greater:       [(x, y) => oneIf(x > y),   [0, 0]],
  greater_equal: [(x, y) => oneIf(x >= y),  [0, 0]],
  equal:         [(x, y) => oneIf(x === y), [0, 0]],
  not_equal:     [(x, y) => oneIf(x !== y), [0, 0]],

  exp:           [Math.exp,                 [(out, x) => out]],
  exp2:          [(x) => 2 ** x,            [(out, x) => Math.LN2 * out]],
  expm1:         [Math.expm1,               [(out, x) => Math.exp(x)]], // out + 1 is 0 below −37
  log:           [Math.log,                 [(out, x) => 1 / x]],
  log2:          [Math.log2,                [(out, x) => Math.LOG2E / x]],
  log10:         [Math.log10,               [(out, x) => Math.LOG10E / x]],
  log1p:         [Math.log1p,               [(out, x) => 1 / (1 + x)]],
  sqrt:          [Math.sqrt,                [(out, x) => 0.5 / out]],
  cbrt:          [Math.cbrt,                [cbrtX]],

  sin:           [Math.sin,                 [(out, x) => Math.cos(x)]],
  cos:           [Math.cos,                 [(out, x) => -Math.sin(x)]],
  tan:           [Math.tan,                 [(out, x) => 1 + out * out]],
  asin:          [Math.asin,                [(out, x) => 1 / cosineOf(x)]],
  acos:          [Math.acos,                [(out, x) => -1 / cosineOf(x)]],
  atan:          [Math.atan,                [(out, x) => overSquare(1, Math.hypot(1, x))]],
  atan2:         [Math.atan2,               [atan2X, atan2Y]],
  hypot:         [Math.hypot,               along],

  sinh:          [Math.sinh,                [(out, x) => Math.cosh(x)]],
  cosh:          [Math.cosh,                [(out, x) => Math.sinh(x)]],
  tanh:          [Math.tanh,                [tanhX]],
  asinh:         [Math.asinh,               [(out, x) => 1 / Math.hypot(1, x)]],
  acosh:         [Math.acosh,               [acoshX]],
  atanh:         [Math.atanh,               [(out, x) => 1 / ((1 - x) * (1 + x))]],
  sigmoid:       [sigmoid,                  [(out, x) => out * sigmoid(-x)]], // 1 − out is 0 beyond 37
  softplus:      [softplus,                 [(out, x) => sigmoid(x)]],
  logaddexp:     [logaddexp,                [(out, x, y) => share(x, y), (out, x, y) => share(y, x)]],
  share:         [share,                    [(out, x, y) => out * share(y, x), (out, x, y) => -out * share(y, x)]],

  erf:           [erf,                      [(out, x) => BELL * gaussian(x)]],
  erfc:          [erfc,                     [(out, x) => -BELL * gaussian(x)]],
  gaussian:      [gaussian,                 [(out, x) => (out === 0 ? 0 : -2 * x * out)]], // not ∞ · 0
  lgamma:        [lgamma,                   [(out, x) => digamma(x)]],
  digamma:       [digamma,                  [(out, x) => polygamma(1, x)]],
  polygamma:     [polygamma,                [NaN, (out, n, x) => polygamma(n + 1, x)]],
};

/** A row's value at these operands. */
function evaluatePrimitive(name, xs) {
  const [compute] = PRIMITIVES[name];
  return compute(...xs);
}

/** ∂out/∂operand at a position. */
function partialOf(name, position, out, xs) {
  const [, partials] = PRIMITIVES[name];
  const partial = typeof partials === "function" ? partials.bind(null, position) : partials[position];
  return typeof partial === "function" ? partial(out, ...xs) : partial;
}
