// The functions that Math lacks. IEEE 754 throughout: nothing throws; nan and ±∞ where Python raises.

const BELL = 2 / Math.sqrt(Math.PI);
const EULER = 0.5772156649015329;
const BERNOULLI = [1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510]; // B₂, B₄ …
const FAR = 10; // from here on eight terms of the asymptotic series reach the last bit

// As in autodiff/core/floats.py

const oneIf = (condition) => (condition ? 1 : 0);
const signOf = (x) => (Number.isNaN(x) ? x : oneIf(x > 0) - oneIf(x < 0));
const sigmoid = (x) => (x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x)));
const softplus = (x) => (x <= 0 ? 0 : x) + Math.log1p(Math.exp(-Math.abs(x)));

/** A product of the chain rule: 0 where either factor is, whatever the other. */
function chained(x, y) {
  return x === 0 || y === 0 ? 0 : x * y;
}

/** The operand that beats all others, the first of equals: Math.max would prefer 0 to −0. */
function winner(xs, beats) {
  return xs.some(Number.isNaN) ? NaN : xs.reduce((best, x) => (beats(x, best) ? x : best));
}

/** xʸ; Math.pow takes 1 to the power of nan, and ±1 to that of ±∞, for nan. */
function powerOf(x, y) {
  return x === 1 || (x === -1 && Math.abs(y) === Infinity) ? 1 : x ** y;
}

/** ∂ᵐₓ∂ⁿᵧ xʸ = x^(y − m) Σ C(n, k) p⁽ᵏ⁾(y) lnⁿ⁻ᵏ x, p = y (y − 1) … (y − m + 1); as in autodiff/core/powers.py. */
function powerSlope(x, y, m, n) {
  const isOrder = (order) => Number.isInteger(order) && order >= 0 && order <= 170;
  if (!(isOrder(m) && isOrder(n)) || (n > 0 && x < 0)) return NaN;
  let p = [1];
  for (let i = 0; i < m; i++) p = [...p, 0].map((a, k) => chained(y - i, a) + (k ? p[k - 1] : 0));
  const [log, terms] = [Math.log(x), []];
  let ways = 1; // n! / (n − k)!
  for (let k = 0; k <= n && k < p.length; k++) {
    if (p[k] !== 0) terms.push(chained(ways * p[k], log ** (n - k)));
    ways *= n - k;
  }
  if (terms.length === 0) return 0;
  return timesPower(Math.abs(log) === Infinity ? terms[0] : terms.reduce((sum, term) => sum + term), x, y, m);
}

/** factor · x^(y − m); by m divisions where y − m rounds. 0 where the power is. */
function timesPower(factor, x, y, m) {
  const low = y - m;
  const whole = (low + m === y && y - low === m) || x === 0 || x === Infinity;
  const power = powerOf(x, whole ? low : y);
  let result = power === 0 && !Number.isFinite(factor) ? 0 : factor * power;
  for (let i = 0; i < m && !whole; i++) result /= x;
  return result;
}

/** x − y⌊x / y⌋, with the sign of y. */
function modulo(x, y) {
  const rest = x % y;
  if (rest === 0) return y < 0 ? -0 : 0;
  return rest < 0 === y < 0 ? rest : rest + y;
}

/** ⌊x / y⌋ of the exact quotient: that of the rounded one may be one too large. */
function floorDivide(x, y) {
  const rest = x % y;
  const quotient = (x - rest) / y - oneIf(rest !== 0 && rest < 0 !== y < 0);
  return y === 0 ? NaN : quotient === 0 ? 0 * Math.sign(x / y) : Math.round(quotient);
}

/** x / √(x² + …), scaled where the root is subnormal or overflows; 0 at 0, its limit at one infinity, nan at two. */
function directionOf(x, ...others) {
  const isInfinite = (y) => Math.abs(y) === Infinity;
  const [h, infinite] = [Math.hypot(x, ...others), [x, ...others].filter(isInfinite).length];
  if (h > 1e-290 && h < Infinity) return x / h;
  if (infinite > 0) return infinite > 1 || [x, ...others].some(Number.isNaN) ? NaN : isInfinite(x) ? signOf(x) : 0;
  const scale = h > 1 ? 2 ** -600 : 2 ** 600;
  return h === 0 ? 0 : (x * scale) / Math.hypot(x * scale, ...others.map((y) => y * scale));
}

/** y / (x² + y²), as y / h / h with h = √(x² + y²), scaled where h is subnormal or overflows; nan at 0. */
function atan2Slope(x, y) {
  const h = Math.hypot(x, y);
  if (h > 1e-290 && h < Infinity) return y / h / h;
  if (Math.abs(x) === Infinity || Math.abs(y) === Infinity) return Number.isNaN(x) || Number.isNaN(y) ? NaN : 0;
  const scale = h > 1 ? 2 ** -600 : 2 ** 600;
  const scaled = Math.hypot(x * scale, y * scale);
  return ((y * scale) / scaled / scaled) * scale;
}

/** 1 / (3 ∛x²), as ∛x / x / 3. */
function cbrtSlope(x) {
  return x === 0 || Math.abs(x) === Infinity ? 1 / Math.abs(x) : Math.cbrt(x) / x / 3;
}

/** log(eˣ + eʸ), as max + log1p(e^−|x − y|). */
function logaddexp(x, y) {
  if (x === y) return x + Math.LN2;
  const [d, lost] = difference(x, y);
  const e = Math.exp(-Math.abs(d));
  return Math.max(x, y) + (Math.log1p(e) - ((signOf(d) * e) / (1 + e)) * lost);
}

/** eˣ / (eˣ + eʸ), as sigmoid(x − y) with what the subtraction rounded off put back; ½ where they are equal. */
function share(x, y) {
  if (x === y) return 0.5;
  const [d, lost] = difference(x, y);
  return sigmoid(d) + sigmoid(d) * sigmoid(-d) * lost;
}

/** eᵈ / (1 + eᵈ)² with d = x − y. */
function spread(x, y) {
  if (x === y) return 0.25;
  const [d, lost] = difference(x, y);
  const e = Math.exp(-Math.abs(d));
  const s = e / ((1 + e) * (1 + e));
  return s - ((s * signOf(d) * (1 - e)) / (1 + e)) * lost;
}

/** x − y, and what it rounded off (TwoSum, Knuth); nothing where one is infinite. */
function difference(x, y) {
  const d = x - y;
  const back = d - x;
  const lost = x - (d - back) - (y + back);
  return [d, Number.isNaN(lost) ? 0 : lost];
}

/** log(x / (1 − x)). */
function logit(x) {
  return x < 0.25 ? Math.log(x / (1 - x)) : 2 * Math.atanh(2 * x - 1);
}

/** exp(factor · x²), the square split in two: its rounding error would be e^that relative. */
function expOfSquare(factor, x) {
  if (Math.abs(x) >= 40) return 0;
  const high = Math.floor(x * 2 ** 20) * 2 ** -20;
  const e = Math.exp(factor * high * high);
  return e + e * Math.expm1(factor * (x - high) * (x + high));
}

// Error functions: within 4 ulp

/** By e^(−x²)·2/√π·Σ 2ⁿx²ⁿ⁺¹/(2n + 1)!!, whose terms all have one sign, while that is short. */
function erf(x) {
  if (Math.abs(x) > 1) return x < 0 ? erfc(-x) - 1 : 1 - erfc(x);
  let [term, sum] = [x, x];
  for (let n = 3; Math.abs(term) > Math.abs(sum) * 1e-17; n += 2) {
    term *= (2 * x * x) / n;
    sum += term;
  }
  return BELL * expOfSquare(-1, x) * sum;
}

/** By Laplace's fraction e^(−x²)/√π / (x + ½/(x + 1/(x + ³⁄₂/(x + …)))) where 1 − erf x would cancel. */
function erfc(x) {
  if (x < 0.5) return 1 - erf(x);
  let fraction = x;
  for (let n = Math.ceil(30 + 200 / (x * x)); n > 0; n--) fraction = x + n / 2 / fraction;
  return ((BELL / 2) * expOfSquare(-1, x)) / fraction;
}

/** φ(x) = exp(−x²/2) / √2π. */
function density(x) {
  return (1 / Math.sqrt(2 * Math.PI)) * expOfSquare(-0.5, x);
}

/** Φ(x), below −¾ by its ratio to φ. */
function cdf(x) {
  return x < -0.75 ? density(x) / mills(-1, x) : erfc(-x * Math.SQRT1_2) / 2;
}

/** log Φ(x); below −1 as log(φ / (φ/Φ)), which does not underflow, from 0 on as log1p(−Φ(−x)). */
function logCdf(x) {
  if (x < -1) return -0.5 * x * x - Math.log(mills(-1, x) * Math.sqrt(2 * Math.PI));
  return x < 0 ? Math.log(cdf(x)) : Math.log1p(-cdf(-x));
}

/** iₙ / Φ with i₋₁ = φ, i₀ = Φ, n iₙ = x iₙ₋₁ + iₙ₋₂; below −¾ read backwards, as Laplace's fraction. */
function mills(n, x) {
  if (!(Number.isInteger(n) && n >= -1 && n <= 170)) return NaN;
  if (x < -0.75) {
    const last = 20 + 2 * n + Math.floor(250 / (x * x));
    let [ratio, result] = [2 / (Math.sqrt(x * x + 4 * last) - x), 1];
    for (let k = last - 1; k > 0; k--) {
      ratio = 1 / ((k + 1) * ratio - x);
      if (k <= n) result *= ratio;
    }
    return n < 0 ? ratio - x : result;
  }
  let [before, result] = [density(x) / cdf(x), 1];
  for (let k = 1; k <= n; k++) [before, result] = [result, (x * result + before) / k];
  return n < 0 ? before : result;
}

// Gamma functions: recurrence to where a series converges. Within 1e−15 of max(1, |value|), 1e−14 where x < 0.

/** Hurwitz' ζ(s, a) = Σ (a + k)⁻ˢ for a whole s > 1, by Euler–Maclaurin; ∞ at its poles. */
function hurwitz(s, a) {
  if (a <= 0 && (Number.isInteger(a) || a === -Infinity)) return Infinity;
  let sum = 0;
  for (; a < FAR + s; a++) sum += a ** -s;
  sum += a ** (1 - s) / (s - 1) + a ** -s / 2;
  let factor = (s / 2) * a ** (-s - 1);
  BERNOULLI.forEach((b, j) => {
    sum += b * factor;
    factor *= ((s + 2 * j + 1) / a) * ((s + 2 * j + 2) / a / ((2 * j + 3) * (2 * j + 4)));
  });
  return sum;
}

const ZETA = Array.from({ length: 28 }, (_, k) => hurwitz(k + 2, 2)); // ζ(k) − 1

/** log |Γ(x)|: Taylor about 2 (its zeros keep their digits), Stirling far out, reflection far below. */
function lgamma(x) {
  if (Math.abs(x) === Infinity || (x <= 0 && Number.isInteger(x))) return Infinity;
  if (x < -FAR) return Math.log(Math.PI / Math.abs(sinPi(x))) - lgamma(1 - x);
  if (x >= FAR) {
    const tail = BERNOULLI.reduce((sum, b, j) => sum + b / ((2 * j + 2) * (2 * j + 1)) / x ** (2 * j + 1), 0);
    return (x - 0.5) * (Math.log(x) - 1) + ((Math.log(2 * Math.PI) - 1) / 2 + tail);
  }
  let [z, above, below] = [x - 1, 1, x]; // Γ(x) = Γ(2 + z)·above / below
  for (; z > 0.5; z--) above *= z + 1;
  for (; z < -0.5; z++) below *= z + 2;
  const series = ZETA.reduceRight((sum, zeta, k) => -z * (sum - zeta / (k + 2)), 0);
  return z * (1 - EULER + series) + (Math.log(above) - Math.log(Math.abs(below)));
}

/** ψ(x) = d log Γ(x) / dx; ∓∞ at ±0, nan at the other poles. */
function digamma(x) {
  if (x === 0) return -1 / x;
  if (x < 0 && (Number.isInteger(x) || x === -Infinity)) return NaN;
  if (x < -FAR) return digamma(1 - x) - (Math.PI * sinPi(x + 0.5)) / sinPi(x);
  let sum = 0;
  for (; x < FAR; x++) sum -= 1 / x;
  const tail = BERNOULLI.reduce((total, b, j) => total + b / (2 * j + 2) / x ** (2 * j + 2), 0);
  return sum + Math.log(x) - 0.5 / x - tail;
}

/** dⁿ/dxⁿ of cot πx: −πⁿ (1 + c²) Pₙ(c) with c = cot πx, P₁ = 1, Pₙ₊₁ = −((1 + c²) Pₙ)′. */
function cotangentSlope(n, x) {
  let powers = [1]; // of |Pₙ|
  for (let order = 1; order < n; order++) {
    const whole = [...powers, 0, 0].map((a, k) => a + (powers[k - 2] ?? 0));
    powers = whole.map((a, k) => k * a).slice(1);
  }
  const c = sinPi(x + 0.5) / sinPi(x);
  return (
    -(Math.PI ** n) *
    (1 + c * c) *
    powers.reduceRight((sum, a) => sum * Math.abs(c) + a, 0) *
    (n % 2 ? 1 : -Math.sign(c))
  );
}

/** ψ⁽ⁿ⁾(x) = (−1)ⁿ⁺¹ n! ζ(n + 1, x) for a whole n ≥ 1; below 0, where ζ takes |x| steps, (−1)ⁿ ψ⁽ⁿ⁾(1 − x) − π dⁿ cot πx. */
function polygamma(n, x) {
  if (!(Number.isInteger(n) && n >= 1 && n <= 170)) return NaN;
  if (x < 0 && Number.isFinite(x) && !Number.isInteger(x))
    return (n % 2 ? -1 : 1) * polygamma(n, 1 - x) - Math.PI * cotangentSlope(n, x);
  let factorial = n % 2 ? 1 : -1;
  for (let k = 2; k <= n; k++) factorial *= k;
  return factorial * hurwitz(n + 1, x);
}
