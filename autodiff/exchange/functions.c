static double chained(double x, double y) { return x == 0.0 || y == 0.0 ? 0.0 : x * y; } /* nothing of 0 * inf */

static double sign(double x) { return (double)((x > 0.0) - (x < 0.0)); }

static double larger(double x, double y) { return x != x || y != y ? x + y : y > x ? y : x; }

static double smaller(double x, double y) { return x != x || y != y ? x + y : y < x ? y : x; }

static double modulo(double x, double y) {
  const double rest = fmod(x, y);
  if (rest == 0.0) return copysign(0.0, y);
  return (rest < 0.0) == (y < 0.0) ? rest : rest + y;
}

static double floor_divide(double x, double y) {
  const double rest = fmod(x, y);
  const double whole = (x - rest) / y - (rest != 0.0 && (rest < 0.0) != (y < 0.0) ? 1.0 : 0.0);
  return y == 0.0 ? NAN : whole == 0.0 ? copysign(0.0, x / y) : floor(whole + 0.5);
}

static double sigmoid(double x) {
  const double e = exp(-fabs(x));
  return (x < 0.0 ? e : 1.0) / (1.0 + e);
}

static double softplus(double x) { return (x <= 0.0 ? 0.0 : x) + log1p(exp(-fabs(x))); }

static double lost_by(double x, double y) { /* what x - y rounds off (TwoSum, Knuth); 0 where one is infinite */
  const double d = x - y, back = d - x, lost = (x - (d - back)) - (y + back);
  return lost == lost ? lost : 0.0;
}

static double logaddexp(double x, double y) {
  const double d = x - y, e = exp(-fabs(d));
  if (x == y) return x + 0.6931471805599453;
  return larger(x, y) + (log1p(e) - copysign(e / (1.0 + e), d) * lost_by(x, y));
}

static double share(double x, double y) {
  const double d = x - y, s = sigmoid(d);
  return x == y ? 0.5 : s + s * sigmoid(-d) * lost_by(x, y);
}

static double spread(double x, double y) {
  const double d = x - y, e = exp(-fabs(d)), s = e / ((1.0 + e) * (1.0 + e));
  return x == y ? 0.25 : s - s * copysign((1.0 - e) / (1.0 + e), d) * lost_by(x, y);
}

static double logaddexp2(double x, double y) {
  return x == y ? x + 1.0 : larger(x, y) + log1p(exp2(-fabs(x - y))) / 0.6931471805599453;
}

static double share2(double x, double y) {
  const double d = x - y, e = exp2(-fabs(d)), s = (d > 0.0 ? 1.0 : e) / (1.0 + e);
  return x == y ? 0.5 : s + 0.6931471805599453 * lost_by(x, y) * e / ((1.0 + e) * (1.0 + e));
}

static double logit(double x) { return x < 0.25 ? log(x / (1.0 - x)) : 2.0 * atanh(2.0 * x - 1.0); }

static double xlogy(double x, double y) { return x != 0.0 || y != y ? x * log(y) : 0.0; }

static double entropy(double x) { return x != 0.0 ? -x * log(x) : 0.0; }

static double cbrt_slope(double x) {
  return x == 0.0 ? INFINITY : isinf(x) ? 0.0 : cbrt(x) / x / 3.0;
}

static double length(int n, const double *xs) { /* the root of the sum of squares */
  double h = 0.0;
  for (int i = 0; i < n; i++) h = hypot(h, xs[i]);
  return h;
}

static double direction(int n, const double *xs) { /* xs[0] / length: scaled at the ends of the range */
  const double h = length(n, xs);
  int infinite = 0;
  for (int i = 0; i < n; i++) infinite += isinf(xs[i]) != 0;
  if (h > 1e-290 && h < INFINITY) return xs[0] / h;
  if (infinite) {
    for (int i = 0; i < n; i++) if (xs[i] != xs[i]) return NAN;
    return infinite > 1 ? NAN : isinf(xs[0]) ? sign(xs[0]) : 0.0;
  }
  if (h == 0.0 || h != h) return h;
  const double scale = h > 1.0 ? ldexp(1.0, -600) : ldexp(1.0, 600);
  double small = 0.0;
  for (int i = 0; i < n; i++) small = hypot(small, xs[i] * scale);
  return xs[0] * scale / small;
}

static double atan2_slope(double x, double y) { /* y / (x*x + y*y) */
  const double h = hypot(x, y), scale = h > 1.0 ? ldexp(1.0, -600) : ldexp(1.0, 600);
  if (isinf(x) || isinf(y)) return x != x || y != y ? NAN : 0.0;
  if (h > 1e-290 && h < INFINITY) return y / h / h;
  const double small = hypot(x * scale, y * scale);
  return y * scale / small / small * scale;
}

static double sinpi(double x) {
  double r = fmod(x, 2.0);
  if (fabs(r) > 1.0) r -= copysign(2.0, r);
  if (fabs(r) > 0.5) r = copysign(1.0, r) - r;
  return fabs(r) <= 0.25 ? sin(3.141592653589793 * r) : copysign(cos(3.141592653589793 * (0.5 - fabs(r))), r);
}

static double cospi(double x) {
  double r = fabs(fmod(x, 2.0));
  if (r > 1.0) r = 2.0 - r;
  if (r < 0.25) return cos(3.141592653589793 * r);
  return r > 0.75 ? -cos(3.141592653589793 * (1.0 - r)) : sin(3.141592653589793 * (0.5 - r));
}

static double sinc(double x) { return x == 0.0 ? 1.0 : sinpi(x) / (3.141592653589793 * x); }

static double sinc_slope(double order, double x) { /* its n-th derivative */
  const int n = (int)order;
  if (!(order >= 0.0 && order <= 170.0 && order == n)) return NAN;
  if (isinf(x)) return 0.0;
  if (fabs(3.141592653589793 * x) > (n > 1 ? n : 1)) {
    double found = sinc(x), power = 1.0;
    for (int k = 1; k <= n; k++) {
      const double wave = (k % 2 ? cospi(x) : sinpi(x)) * (k % 4 > 1 ? -1.0 : 1.0);
      found = (power * wave - k * found) / x;
      power *= 3.141592653589793;
    }
    return found;
  }
  const int first = (n + 1) / 2;
  double term = (first % 2 ? -1.0 : 1.0) * pow(3.141592653589793, 2 * first) * pow(x, 2 * first - n), sum = 0.0;
  for (int k = first; k < first + 30; k++) {
    sum += term / (2 * k + 1);
    term *= -(3.141592653589793 * x) * (3.141592653589793 * x) / ((2.0 * k + 1 - n) * (2.0 * k + 2 - n));
  }
  return sum;
}

static double exp_of_square(double factor, double x) { /* the square split in two: it would round */
  const double high = floor(x * 1048576.0) / 1048576.0, e = exp(factor * high * high);
  if (!(fabs(x) < 40.0)) return x != x ? x : 0.0;
  return e + e * expm1(factor * (x - high) * (x + high));
}

static double cdf(double x) { /* of the normal distribution, with what -x * sqrt(0.5) rounds off put back */
  const double t = -x * 0.7071067811865476, high = floor(x * 1048576.0) / 1048576.0, root = 741455.0 / 1048576.0;
  if (!(x > -40.0 && x < 0.0)) return 0.5 * erfc(t);
  const double lost = (high * root + t) + (x - high) * root + x * 1.9091555143065085e-07;
  return 0.5 * erfc(t) + lost * exp(-t * t) / 1.7724538509055159;
}

static double mills(double order, double x) { /* i_n / cdf, n i_n = x i_(n-1) + i_(n-2); far down read backwards */
  const int n = (int)order;
  if (!(order >= -1.0 && order <= 170.0 && order == n)) return NAN;
  if (x < -0.75) {
    const int last = 20 + 2 * n + (int)(250.0 / (x * x));
    double ratio = 2.0 / (-x + sqrt(x * x + 4.0 * last)), result = 1.0;
    for (int k = last - 1; k > 0; k--) {
      ratio = 1.0 / (-x + (k + 1.0) * ratio);
      if (k <= n) result *= ratio;
    }
    return n < 0 ? -x + ratio : result;
  }
  double before = 0.3989422804014327 * exp_of_square(-0.5, x) / cdf(x), result = 1.0;
  for (int k = 1; k <= n; k++) {
    const double next = (x * result + before) / k;
    before = result;
    result = next;
  }
  return n < 0 ? before : result;
}

static double log_cdf(double x) {
  if (x < -1.0) return -0.5 * x * x - log(mills(-1.0, x) / 0.3989422804014327);
  return x < 0.0 ? log(cdf(x)) : log1p(-cdf(-x));
}

static double erf_missing(double y, double x) { /* x - erf y */
  return fabs(x) < 0.5 ? x - erf(y) : copysign(1.0, x) * (erfc(fabs(y)) - (1.0 - fabs(x)));
}

static double erfinv(double x) { /* Halley's steps from Winitzki's approximation */
  const double a = 0.147, rest = -log((1.0 - fabs(x)) * (1.0 + fabs(x))), half = 2.0 / (3.141592653589793 * a) - rest / 2.0;
  if (!(fabs(x) < 1.0)) return fabs(x) == 1.0 ? x * INFINITY : NAN;
  double y = fabs(x) < 1e-4 ? 0.886226925452758 * x : copysign(sqrt(sqrt(half * half + rest / a) - half), x);
  for (int i = 0; i < 3; i++) {
    const double step = erf_missing(y, x) * 0.886226925452758 * exp(y * y);
    y += step / (1.0 - y * step);
  }
  return y;
}

static double erfinv_slope(double x) {
  const double y = erfinv(x), slope = 0.886226925452758 / exp_of_square(-1.0, y);
  return fabs(x) == 1.0 ? INFINITY : slope * (1.0 + 2.0 * y * erf_missing(y, x) * slope);
}

static double loggamma(double x) { return x <= 0.0 && x == floor(x) ? INFINITY : lgamma(x); }

static double hurwitz(double s, double a) { /* the sum of (a + k)^-s, by Euler and Maclaurin */
  static const double bernoulli[8] = {1.0 / 6, -1.0 / 30, 1.0 / 42, -1.0 / 30, 5.0 / 66, -691.0 / 2730, 7.0 / 6, -3617.0 / 510};
  double sum = 0.0;
  if (a <= 0.0 && a == floor(a)) return INFINITY;
  for (; a < 10.0 + s; a += 1.0) sum += pow(a, -s);
  sum += pow(a, 1.0 - s) / (s - 1.0) + pow(a, -s) / 2.0;
  double factor = s / 2.0 * pow(a, -s - 1.0);
  for (int j = 0; j < 8; j++) {
    sum += bernoulli[j] * factor;
    factor *= (s + 2 * j + 1) / a * ((s + 2 * j + 2) / a / ((2.0 * j + 3) * (2.0 * j + 4)));
  }
  return sum;
}

static double digamma(double x) {
  static const double bernoulli[8] = {1.0 / 6, -1.0 / 30, 1.0 / 42, -1.0 / 30, 5.0 / 66, -691.0 / 2730, 7.0 / 6, -3617.0 / 510};
  double sum = 0.0;
  if (x == 0.0) return -1.0 / x;
  if (x < 0.0 && x == floor(x)) return NAN;
  if (x < -10.0) return digamma(1.0 - x) - 3.141592653589793 * cospi(x) / sinpi(x);
  for (; x < 10.0; x += 1.0) sum -= 1.0 / x;
  for (int j = 0; j < 8; j++) sum -= bernoulli[j] / (2 * j + 2) / pow(x, 2 * j + 2);
  return sum + log(x) - 0.5 / x;
}

static double cotangent_slope(int n, double x) { /* of cot(pi x): -pi^n (1 + c^2) P(c), no two terms of which cancel */
  double p[173] = {1.0}, next[173], found = 0.0;
  for (int order = 1; order < n; order++) {
    for (int k = 0; k <= order; k++) {
      const int up = k + 1;
      next[k] = up * ((up < order ? p[up] : 0.0) + (up >= 2 ? p[up - 2] : 0.0));
    }
    for (int k = 0; k <= order; k++) p[k] = next[k];
  }
  const double c = cospi(x) / sinpi(x);
  for (int k = n - 1; k >= 0; k--) found = found * fabs(c) + p[k];
  return -pow(3.141592653589793, n) * (1.0 + c * c) * found * (n % 2 ? 1.0 : -sign(c));
}

static double polygamma(double order, double x) {
  const int n = (int)order;
  if (!(order >= 1.0 && order <= 170.0 && order == n)) return NAN;
  if (x < 0.0 && !isinf(x) && x != floor(x))
    return (n % 2 ? -1.0 : 1.0) * polygamma(order, 1.0 - x) - 3.141592653589793 * cotangent_slope(n, x);
  return (n % 2 ? 1.0 : -1.0) * tgamma(n + 1.0) * hurwitz(n + 1.0, x);
}

static double times_power(double factor, double x, double y, int m) { /* factor * x^(y - m) */
  const double low = y - m;
  const int whole = (low + m == y && y - low == m) || x == 0.0 || x == INFINITY;
  const double power = pow(x, whole ? low : y);
  double result = power == 0.0 && !isfinite(factor) ? 0.0 : factor * power;
  for (int i = 0; i < m && !whole; i++) result /= x;
  return result;
}

static double power_slope(double x, double y, double by_x, double by_y) { /* d^m/dx^m d^n/dy^n of x^y */
  const int m = (int)by_x, n = (int)by_y;
  double p[172] = {1.0}, sum = 0.0, ways = 1.0;
  int count = 0;
  if (!(by_x >= 0.0 && by_x <= 170.0 && by_x == m && by_y >= 0.0 && by_y <= 170.0 && by_y == n)) return NAN;
  if (n > 0 && x < 0.0) return NAN;
  for (int i = 0; i < m; i++)
    for (int k = i + 1; k >= 0; k--) p[k] = (k <= i && p[k] != 0.0 && y != i ? (y - i) * p[k] : 0.0) + (k ? p[k - 1] : 0.0);
  const double ln = n > 0 ? log(x) : 0.0;
  for (int k = 0; k <= n && k <= m; k++) {
    if (p[k] != 0.0 && !(count && isinf(ln))) {
      const double power = pow(ln, n - k);
      sum += power == 0.0 ? 0.0 : ways * p[k] * power;
      count++;
    }
    ways *= n - k;
  }
  return count ? times_power(sum, x, y, m) : 0.0;
}
