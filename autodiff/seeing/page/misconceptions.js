// Answers: numbers as people write them, and what a wrong one tells of what was thought.
//
//   question  {kind: "value" | "contribution" | "sum", answer, margin, phase, step, …}: what is asked for, how far off
//             it may be rounded, and what is there to be mistaken for it

const FRACTION = /^([^/]+)\/([^/]+)$/;
const POWER = /^(.*?)\s*(?:[·×*]\s*10\s*(?:\^|\*\*)?\s*\(?([+-]?\d+)\)?)$/;
const PLAIN = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const RAISED_DIGITS = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻";

/** The number that was written, as 1/2, −0.5, .5, 2e-3, 2 · 10⁻³, 0,5 or √2; NaN for what is none. */
function answerOf(text) {
  const raised = [...text]
    .map((c) => (RAISED_DIGITS.includes(c) ? "0123456789-"[RAISED_DIGITS.indexOf(c)] : c))
    .join("");
  const plain = raised
    .trim()
    .replace(/[−–]/g, "-")
    .replace(/^(-?)\s+/, "$1")
    .replace(/^([^.]*\d|-?),(\d+)(?=$|[e\s/])/, "$1.$2");
  const fraction = plain.match(FRACTION);
  if (fraction) return answerOf(fraction[1]) / answerOf(fraction[2]);
  const power = plain.match(POWER);
  if (power) return answerOf(power[1]) * 10 ** Number(power[2]);
  const root = plain.match(/^(-?)√\(?([\d.]+)\)?$/);
  if (root) return PRIMITIVES.sqrt(Number(root[2])) * (root[1] ? -1 : 1);
  if (/^[+-]?(∞|inf(inity)?)$/i.test(plain)) return plain.startsWith("-") ? -Infinity : Infinity;
  return PLAIN.test(plain) ? Number(plain) : Number.NaN;
}

/** Half of the last digit that is shown of a number. */
function halfDigit(x, digits) {
  if (x === 0 || !Number.isFinite(x)) return 0.5 * 10 ** -digits;
  const exponent = Number(x.toExponential().split("e")[1]);
  const last = exponent >= 7 ? exponent - digits : exponent >= 0 ? -digits : exponent + 1 - Math.max(digits, 1);
  return 0.5 * 10 ** last;
}

/** Whether a number is the answer, rounded as it is shown, or as one gets it from numbers that are. */
function isAnswer(x, answer, margin) {
  return Object.is(x, answer) || x === answer || Math.abs(x - answer) <= margin * (1 + 1e-6);
}

const ROUGHLY = 0.01; // relative: how near to a wrong number an answer shows what was thought
const DEGREE = 0.017453292519943295; // π/180
const ANGLES = new Set(["sin", "cos", "tan"]);
const ARITHMETIC = ["add", "subtract", "multiply", "divide"];

// What one may have thought, of a question; each gives the numbers that one then comes to.
// biome-ignore format: a table
const MISCONCEPTIONS = [
  { kind: "forgot +=", told: "that is the new contribution alone: += adds it to what is there already", of: (q) => q.kind === "sum" ? [q.contribution] : [] },
  { kind: "gave the sum", told: "that is what it comes to with what was there; asked is the contribution alone", of: (q) => q.kind === "contribution" && q.before !== 0 ? [q.after] : [] },
  { kind: "added nothing", told: "that is what was there before: the contribution has to be added", of: (q) => q.kind === "sum" ? [q.before] : [] },
  { kind: "forgot the upstream rate", told: (q) => `that is the partial alone: it is multiplied by the ${q.rateName} that is handed on`, of: (q) => q.kind === "contribution" ? [q.slope] : [] },
  { kind: "forgot the partial", told: (q) => `that is the ${q.rateName} alone: it is multiplied by the partial`, of: (q) => q.kind === "contribution" ? [q.rate] : [] },
  { kind: "partial of the other operand", told: "that is with the partial by the other operand", of: (q) => q.kind === "contribution" ? q.others.map((slope) => q.rate * slope) : [] },
  { kind: "swapped operands", told: "the operands are swapped", of: (q) => q.swapped },
  { kind: "value for the partial", told: "that is with a value in the place of the partial", of: (q) => q.kind === "contribution" ? q.values.map((x) => q.rate * x) : [] },
  { kind: "wrong sign", told: "the sign is wrong", of: (q) => q.kind === "sum" ? [q.before - q.contribution, -q.answer] : [-q.answer] },
  { kind: "divided", told: "the rate and the partial are multiplied, not divided", of: (q) => q.kind === "contribution" ? [q.rate / q.slope, q.slope / q.rate] : [] },
  { kind: "degrees", told: "angles are in radians", of: (q) => q.degrees },
  { kind: "another operation", told: "that is another operation of the same operands", of: (q) => q.arithmetic },
  { kind: "gave an operand", told: "that is the value of an operand", of: (q) => q.kind === "value" ? q.operands : [] },
];

/** What a wrong answer tells: the misconceptions that lead to this very number. */
function misconceptionsOf(question, x) {
  const { answer, margin } = question;
  const leads = (wrong) =>
    Number.isFinite(wrong) &&
    !isAnswer(wrong, answer, margin) &&
    isAnswer(x, wrong, Math.max(margin, halfDigit(wrong, question.digits), ROUGHLY * Math.abs(wrong)));
  return MISCONCEPTIONS.filter(({ of }) => of(question).some(leads));
}

/** The questions of a step: what it computes or hands on, then what that comes to where something was there. */
function questionsOf(model, step) {
  if (step.seed || !model.data.nodes[step.slot].op) return [];
  if (step.phase === "evaluate") return [valueQuestion(model, step)];
  const contribution = contributionQuestion(model, step);
  const { before, after, contribution: added } = step;
  const margin =
    halfDigit(after, model.data.digits) + halfDigit(added, model.data.digits) + halfDigit(before, model.data.digits);
  const sum = { ...contribution, kind: "sum", answer: after, margin, swapped: [], degrees: [] };
  return before === 0 ? [contribution] : [contribution, sum];
}

function swappedOf(operands) {
  return operands.length === 2 ? [operands.toReversed()] : [];
}

function valueQuestion({ data, values }, step) {
  const { op, operands: places } = data.nodes[step.slot];
  const [operands, f] = [read(values, places), PRIMITIVES[op]];
  const spread = operands.map((x) =>
    Math.abs(f(...operands.map((y) => (y === x ? y + halfDigit(y, data.digits) : y))) - step.after),
  );
  const margin = halfDigit(step.after, data.digits) + spread.filter(Number.isFinite).reduce((a, b) => a + b, 0);
  return {
    kind: "value", phase: "evaluate", step, answer: step.after, margin, digits: data.digits, operands,
    swapped: swappedOf(operands).map((xs) => f(...xs)),
    degrees: ANGLES.has(op) ? [f(operands[0] * DEGREE)] : [],
    arithmetic: ARITHMETIC.includes(op) ? ARITHMETIC.filter((other) => other !== op).map((other) => PRIMITIVES[other](...operands)) : [],
  }; // biome-ignore format: data
}

function contributionQuestion({ data, values, slopes }, step) {
  const { slot, position, rate, slope, contribution, before, after, phase } = step;
  const { op, operands: places } = data.nodes[slot];
  const operands = read(values, places);
  const code = data.slopes[op]?.[places.length];
  const partials = (xs) => (code ? partialsOf(code, PRIMITIVES[op](...xs), xs) : []);
  const half = (x) => halfDigit(x, data.digits);
  const margin = half(contribution) + Math.abs(rate) * half(slope) + Math.abs(slope) * half(rate);
  const inDegrees = ANGLES.has(op) ? partials([operands[0] * DEGREE]) : [];
  return {
    kind: "contribution", phase, step, answer: contribution, margin, digits: data.digits, rate, slope, contribution, before, after,
    rateName: phase === "reverse" ? "adjoint" : "tangent",
    others: slopes[slot].filter((_, i) => i !== position),
    swapped: swappedOf(operands).map((xs) => rate * partials(xs)[position]),
    values: [...operands, values[slot]],
    degrees: inDegrees.map((partial) => rate * partial),
    arithmetic: [],
  }; // biome-ignore format: data
}
