// Names, numbers and sentences, as Python's notation.py and stepping.py write them.

const DOT = "\u0307"; // combining: v̇
const BAR = "\u0304"; // v̄
const TRUTH = { 1: "true", 0: "false" }; // of a condition

const number = (x) => (typeof x === "string" ? Number(x) : x); // JSON has no nan and no ∞

function written(x, digits) {
  if (!Number.isFinite(x)) return Number.isNaN(x) ? "nan" : x > 0 ? "∞" : "−∞";
  let [mantissa, exponent] = formatted(x, digits).split("e");
  if (mantissa.includes(".")) mantissa = mantissa.replace(/\.?0+$/, "");
  const text = exponent === undefined ? mantissa : `${mantissa}e${Number(exponent)}`;
  return text === "-0" ? "0" : text.replaceAll("-", "−");
}

/** With so many decimals, below 1 with so many significant digits. */
function formatted(x, digits) {
  const size = Math.abs(x);
  if (size >= 1e7) return x.toExponential(digits);
  if (size >= 1 || x === 0) return halfEven(x, digits);
  const text = x.toExponential(Math.max(digits, 1) - 1);
  const exponent = Number(text.split("e")[1]);
  return exponent < -4 ? text : halfEven(x, Math.max(digits, 1) - 1 - exponent);
}

function halfEven(x, digits) {
  const text = x.toFixed(digits);
  const tie = Math.abs((x * 2 ** (digits + 1)) % 2) === 1; // toFixed rounds a tie up, Python to the even digit
  return tie && Number(text.at(-1)) % 2 === 1 ? (x - Math.sign(x) * 0.25 * 10 ** -digits).toFixed(digits) : text;
}

function full(x) {
  return written(x, 0) === "nan" || !Number.isFinite(x) ? written(x, 0) : String(x).replaceAll("-", "−");
}

function accented(name, accent) {
  const [first, ...rest] = name;
  return first + accent + rest.join("");
}

function grouped(text) {
  return /^−| [+−/] /.test(text) ? `(${text})` : text;
}

function applied(node, operands) {
  const { symbol } = node;
  const [left, right] = operands;
  if (node.infix && operands.length === 2) {
    if ("+−".includes(symbol) && right.startsWith("−")) {
      return `${left} ${symbol === "+" ? "−" : "+"} ${right.slice(1)}`;
    }
    return `${symbol === "^" ? grouped(left) : left} ${symbol} ${grouped(right)}`;
  }
  if (symbol === "where") return `${TRUTH[left] ?? left} ? ${right} : ${operands[2]}`;
  if (operands.length === 1) {
    return symbol === "²" ? `${left}²` : `${symbol}${"−√∛".includes(symbol) ? "" : " "}${grouped(left)}`;
  }
  return `${symbol}(${operands.join(", ")})`;
}

function sentenceOf(model, step) {
  const { data, values } = model;
  const write = (x) => written(x, data.digits);
  const { name, operands } = data.nodes[step.slot];
  if (step.phase === "evaluate") {
    const node = data.nodes[step.slot];
    const computed = node.op ? [node.expression, applied(node, read(values, operands).map(write))] : [];
    return [...new Set([name, ...computed, write(step.after)])].join(" = ");
  }
  const accent = step.phase === "forward" ? DOT : BAR;
  const [to, from] = [step.to, step.from].map((slot) => accented(data.nodes[slot ?? step.to].name, accent));
  if (step.seed) return `${to} = ${write(step.after)}   (seed)`;
  const product = `${write(step.rate)} × ${grouped(write(step.slope))} = ${write(step.contribution)}`;
  return `${to} ${assignment(model, step)} ${from}·${partialName(data, step)} = ${product}   (${write(step.before)} → ${write(step.after)})`;
}

function assignment(model, step) {
  return model.mistakes?.assign && step.phase === "reverse" ? "=" : "+=";
}

function partialName(data, { slot, position }) {
  const node = data.nodes[slot];
  return `∂${node.name}/∂${data.nodes[node.operands[position]].name}`;
}
