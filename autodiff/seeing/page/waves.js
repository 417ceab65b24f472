// As in autodiff/core/special.py: sin πx and its like, the inverse of erf, shares of powers of 2.

/** x less its nearest even multiple of 1: exact, in [−1, 1]. */
function halfTurns(x) {
  const r = x % 2;
  return Math.abs(r) > 1 ? r - 2 * Math.sign(r) : r;
}

/** sin πx, exact in its zeros. */
function sinPi(x) {
  let r = halfTurns(x);
  if (Math.abs(r) > 0.5) r = Math.sign(r) - r;
  return Math.abs(r) <= 0.25 ? Math.sin(Math.PI * r) : Math.sign(r) * Math.cos(Math.PI * (0.5 - Math.abs(r)));
}

/** cos πx, exact in its zeros. */
function cosPi(x) {
  const r = Math.abs(halfTurns(x));
  if (r < 0.25) return Math.cos(Math.PI * r);
  return r > 0.75 ? -Math.cos(Math.PI * (1 - r)) : Math.sin(Math.PI * (0.5 - r));
}

const sinc = (x) => (x === 0 ? 1 : sinPi(x) / (Math.PI * x));

/** dⁿ/dxⁿ of sin πx / πx: x·fₙ + n·fₙ₋₁ = πⁿ⁻¹ sin(πx + nπ/2), near 0 the power series. */
function sincSlope(n, x) {
  if (!(Number.isInteger(n) && n >= 0 && n <= 170)) return NaN;
  if (Math.abs(x) === Infinity) return 0;
  if (Math.abs(Math.PI * x) > Math.max(1, n)) {
    let found = sinc(x);
    for (let k = 1; k <= n; k++) {
      const wave = (k % 2 ? cosPi : sinPi)(x) * (k % 4 > 1 ? -1 : 1);
      found = (Math.PI ** (k - 1) * wave - k * found) / x;
    }
    return found;
  }
  const first = Math.ceil(n / 2);
  let term = (-1) ** first * Math.PI ** (2 * first) * x ** (2 * first - n);
  let sum = 0;
  for (let k = first; k < first + 30; k++) {
    sum += term / (2 * k + 1);
    term *= -((Math.PI * x) ** 2) / ((2 * k + 1 - n) * (2 * k + 2 - n));
  }
  return sum;
}

/** The whole number nearest, of two the even one. */
function roundHalfEven(x) {
  const floor = Math.floor(x);
  const up = x - floor > 0.5 || (x - floor === 0.5 && floor % 2 !== 0);
  return floor + oneIf(up) + 0;
}

const copySign = (x, y) => (y < 0 || Object.is(y, -0) ? -Math.abs(x) : Math.abs(x));
const xLogY = (x, y) => (x === 0 && !Number.isNaN(y) ? 0 : x * Math.log(y));

/** x · 2ⁿ, in steps that 2ⁿ does not overflow in. */
function scaled(x, n) {
  if (!Number.isInteger(n)) return NaN;
  let left = Math.max(-5000, Math.min(n, 5000));
  let found = x;
  for (; left > 1023; left -= 1023) found *= 2 ** 1023;
  for (; left < -1022; left += 969) found *= 2 ** -969; // 53 bits short of the least, so that it is rounded once
  return found * 2 ** left;
}

/** log₂(2ˣ + 2ʸ), as max + log₂(1 + 2^−|x − y|). */
function logAddExp2(x, y) {
  return x === y ? x + 1 : Math.max(x, y) + Math.log1p(2 ** -Math.abs(x - y)) / Math.LN2;
}

/** 2ˣ / (2ˣ + 2ʸ), with what x − y rounds off put back. */
function share2(x, y) {
  if (x === y) return 0.5;
  const d = x - y;
  const back = d - x;
  const lost = x - (d - back) - (y + back);
  const e = 2 ** -Math.abs(d);
  const s = d > 0 ? 1 / (1 + e) : e / (1 + e);
  return s + (Number.isNaN(lost) ? 0 : (Math.LN2 * lost * e) / (1 + e) ** 2);
}

// The inverse of erf

/** x − erf y, in the tails by erfc, which has their digits. */
function missing(y, x) {
  return Math.abs(x) < 0.5 ? x - erf(y) : Math.sign(x) * (erfc(Math.abs(y)) - (1 - Math.abs(x)));
}

/** Winitzki's approximation. */
function nearErfInv(x) {
  if (Math.abs(x) < 1e-4) return x / BELL;
  const rest = -Math.log((1 - Math.abs(x)) * (1 + Math.abs(x)));
  const half = 2 / (Math.PI * 0.147) - rest / 2;
  return Math.sign(x) * Math.sqrt(Math.sqrt(half * half + rest / 0.147) - half);
}

/** The y with erf y = x, by Halley's steps. */
function erfInv(x) {
  if (!(Math.abs(x) < 1)) return NaN;
  let y = nearErfInv(x);
  for (let i = 0; i < 3; i++) {
    const step = (missing(y, x) * Math.exp(y * y)) / BELL;
    y += step / (1 - y * step);
  }
  return y;
}

/** ½√π exp(y²), y the inverse of erf at x; what y was rounded by put back. */
function erfInvSlope(x) {
  if (Math.abs(x) === 1) return Infinity;
  const y = erfInv(x);
  const slope = 1 / (BELL * expOfSquare(-1, y));
  return slope * (1 + 2 * y * missing(y, x) * slope);
}

/** Γ(x): the product down to [1, 2], and e^(log Γ) there. */
function gammaOf(x) {
  if (x === 0) return 1 / x;
  if ((x < 0 && Number.isInteger(x)) || x === -Infinity || Number.isNaN(x)) return NaN;
  if (x < -170) return Math.PI / (sinPi(x) * gammaOf(1 - x));
  if (x > 171.7) return Infinity;
  let [z, above, below] = [x, 1, 1];
  for (; z > 2 && above < 1e290; z--) above *= z - 1;
  for (; z < 1; z++) below *= z;
  return z > 2 ? above * gammaOf(z) : (above / below) * Math.exp(lgamma(z));
}
