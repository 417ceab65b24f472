// Inside of a step: every example forward, its δ back, each += of the gradient, and the update; one thing at a time.
//
//   moment  {kind: "forward" | "loss" | "delta" | "add" | "update", example, layer, parameter}

const MOST_LINES = 8; // that are told of a layer
const SUBSCRIPT = "₀₁₂₃₄₅₆₇₈₉";
const SUPERSCRIPT = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const scripted = (n, digits) => [...String(n)].map((digit) => digits[digit]).join("");

/** z⁽²⁾₁, W⁽¹⁾₂,₃: places count from 1. */
function named(letter, layer, ...places) {
  return `${letter}⁽${scripted(layer, SUPERSCRIPT)}⁾${places.map((i) => scripted(i + 1, SUBSCRIPT)).join(",")}`;
}

/** Where each parameter stands: layer, neuron, and which input, none of a bias. */
const PLACES = [];
DATA.layers.forEach(({ weights, biases }, layer) => {
  biases.forEach((bias, i) => {
    weights[i].forEach((place, j) => {
      PLACES[place] = { layer, i, j };
    });
    PLACES[bias] = { layer, i, j: null };
  });
});
const ORDER = DATA.layers.flatMap(({ weights, biases }) => biases.flatMap((bias, i) => [...weights[i], bias]));

const parameterName = (p) => {
  const { layer, i, j } = PLACES[p];
  return j === null ? named("b", layer + 1, i) : named("W", layer + 1, i, j);
};

const anExample = () => 2 * DATA.layers.length + 1 + ORDER.length;
const momentsOf = (rows) => rows.length * anExample() + ORDER.length;

function momentAt(rows, at) {
  const each = anExample();
  const k = Math.floor(at / each);
  if (k >= rows.length) return { kind: "update", parameter: ORDER[at - rows.length * each], k: rows.length };
  const [rest, L] = [at - k * each, DATA.layers.length];
  const example = rows[k];
  if (rest < L) return { kind: "forward", example, k, layer: rest };
  if (rest === L) return { kind: "loss", example, k };
  if (rest <= 2 * L) return { kind: "delta", example, k, layer: 2 * L - rest };
  return { kind: "add", example, k, parameter: ORDER[rest - 2 * L - 1] };
}

/** The gradient of the batch before its k-th example. */
function gradientBefore(rows, k) {
  const slopes = new Float64Array(trainer.parameters.length);
  for (const row of rows.slice(0, k)) {
    const step = runOn(row);
    for (let i = 0; i < slopes.length; i++) slopes[i] += step.at(i + 1) / rows.length;
  }
  return slopes;
}

/** A moment in words: a heading, and its lines. */
function wordsOfMoment(rows, moment) {
  const words = { forward: forwardWords, loss: lossWords, delta: deltaWords, add: addWords, update: updateWords };
  return words[moment.kind](rows, moment);
}

const some = (lines) =>
  lines.length > MOST_LINES ? [...lines.slice(0, MOST_LINES), `… ${lines.length - MOST_LINES} more`] : lines;
const inputOf = (fed, row, layer) => (layer ? fed[layer - 1].a : trainer.rows[row]);
const inputName = (layer, j) => named("a", layer + 1, j);
const product = (x, y) => `${grouped(short(x))} × ${grouped(short(y))}`;
const several = (terms, most = 3) => (terms.length > most ? [...terms.slice(0, most), "…"] : terms).join(" + ");

function forwardWords(_, { example, layer }) {
  const fed = feed(trainer.rows[example]);
  const { weights, biases } = DATA.layers[layer];
  const inputs = inputOf(fed, example, layer);
  const activation = activationOf(layer);
  const lines = biases.map((bias, i) => {
    const terms = weights[i].map((p, j) => product(trainer.parameters[p], inputs[j]));
    const z = `${named("z", layer + 2, i)} = ${several([...terms, grouped(short(trainer.parameters[bias]))])} = ${short(fed[layer].z[i])}`;
    return `${z},  ${named("a", layer + 2, i)} = ${activation === "linear" ? "z" : `${activation}(z)`} = ${short(fed[layer].a[i])}`;
  });
  return { heading: `Example ${example + 1}, forward: layer ${layer + 2}`, lines: some(lines) };
}

const activationOf = (layer) =>
  layer === DATA.layers.length - 1
    ? DATA.layers[layer].activation
    : DATA.layers[layer].activation === "linear"
      ? "linear"
      : trainer.activation;

function lossWords(_, { example }) {
  const outputs = feed(trainer.rows[example]).at(-1).a.map(short).join(", ");
  const told = `J = ${DATA.loss}(${outputs}; y = ${flat(trainer.targets[example]).map(short).join(", ")}) = ${short(runOn(example).at(0))}`;
  return { heading: `Example ${example + 1}: the loss`, lines: [told] };
}

/** δ⁽ˡ⁾ᵢ = ∂J/∂z⁽ˡ⁾ᵢ, which is what the bias of the neuron is handed. */
const deltaOf = (layer, i) => machines.step.at(DATA.layers[layer].biases[i] + 1);

function deltaWords(_, { example, layer }) {
  const fed = feed(trainer.rows[example]);
  runOn(example);
  const next = DATA.layers[layer + 1];
  const lines = DATA.layers[layer].biases.map((_, i) => {
    const name = named("δ", layer + 2, i);
    const slope = short(fed[layer].slope[i]);
    if (!next) return `${name} = ∂J/∂${named("z", layer + 2, i)} = ${short(deltaOf(layer, i))}`;
    const names = several(
      next.biases.map((_, k) => `${named("W", layer + 2, k, i)} ${named("δ", layer + 3, k)}`),
      2,
    );
    const numbers = several(
      next.biases.map((_, k) => product(trainer.parameters[next.weights[k][i]], deltaOf(layer + 1, k))),
      2,
    );
    return `${name} = (${names}) f′(${named("z", layer + 2, i)}) = (${numbers}) × ${grouped(slope)} = ${short(deltaOf(layer, i))}`;
  });
  return { heading: `Example ${example + 1}, back: δ of layer ${layer + 2}`, lines: some(lines) };
}

function addWords(rows, { example, k, parameter }) {
  const { layer, i, j } = PLACES[parameter];
  const before = gradientBefore(rows, k)[parameter];
  const fed = feed(trainer.rows[example]);
  runOn(example);
  const delta = deltaOf(layer, i);
  const input = j === null ? 1 : inputOf(fed, example, layer)[j];
  const share = rows.length > 1 ? ` / ${rows.length}` : "";
  const added = machines.step.at(parameter + 1) / rows.length;
  const names = `${named("δ", layer + 2, i)}${j === null ? "" : ` ${inputName(layer, j)}`}${rows.length > 1 ? " / m" : ""}`;
  const numbers = `${j === null ? grouped(short(delta)) : product(delta, input)}${share}`;
  const told = `∂J/∂${parameterName(parameter)} += ${names} = ${numbers} = ${short(added)}   (${short(before)} → ${short(before + added)})`;
  return { heading: `Example ${example + 1}: the gradient`, lines: [told] };
}

function updateWords(rows, { parameter }) {
  const { slopes } = objective(rows);
  const next = moved(trainer, slopes);
  const [name, rule] = [parameterName(parameter), DATA.rules[trainer.rule]];
  const [x, g, to] = [trainer.parameters[parameter], slopes[parameter], next.parameters[parameter]];
  const plain = rule.memory === 0 && rule.clip === null;
  const penalty = DATA.l2 ? `, with 2 λ ${name} of the penalty` : "";
  const told = plain
    ? `${name} ← ${name} − α ∂J/∂${name} = ${short(x)} − ${product(rateNow(), g)} = ${short(to)}${penalty}`
    : `${name} ← ${short(x)} − ${grouped(short(x - to))} = ${short(to)}, by ${rule.told} of ∂J/∂${name} = ${short(g)}${penalty}`;
  return { heading: "The update", lines: [told] };
}
