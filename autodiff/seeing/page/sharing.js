// To take along: a step as text or as LaTeX, and a link to it.

const SUBSCRIPTS = "₋₀₁₂₃₄₅₆₇₈₉ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ";
const LOWERED = "-0123456789aehijklmnoprstuvx";
const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾⁻ᵀ";
const RAISED_TO = "0123456789()-T";
// biome-ignore format: a table
const SIGNS = {
  "×": "\\times ", "·": "\\cdot ", "−": "-", "∂": "\\partial ", "∞": "\\infty ", "→": "\\to ", "≤": "\\le ", "≥": "\\ge ",
  "≠": "\\ne ", "√": "\\sqrt ", "∛": "\\sqrt[3]", "%": "\\%", "&": "\\&", "#": "\\#", "_": "\\_", "$": "\\$", "{": "\\{", "}": "\\}",
  "π": "\\pi ", "…": "\\ldots ", "÷": "\\div ", "⌊": "\\lfloor ", "⌋": "\\rfloor ", "+=": "\\mathrel{+}= ", "~": "\\sim ",
  "\\": "\\backslash ", "^": "\\hat{}",
};
const FUNCTIONS = new Set(["sin", "cos", "tan", "sinh", "cosh", "tanh", "ln", "log", "exp", "max", "min"]);

const scripts = (run, from, to) => [...run].map((letter) => to[from.indexOf(letter)] ?? letter).join("");
const accent = (mark, inner) => (mark === DOT ? `\\dot{${inner}}` : mark === BAR ? `\\bar{${inner}}` : inner);

/** A name or a sentence as LaTeX's mathematics. */
function latexOf(text) {
  const token = new RegExp(
    `(?<root>[√∛])(?:\\((?<under>[^()]*)\\)|(?<atom>\\p{L}[${SUBSCRIPTS}]*|[\\d.]+))|\\^\\s*(?<power>−?[\\d.]+|\\((?<inner>[^()]*)\\))|(?<sub>[${SUBSCRIPTS}]+(?:,[${SUBSCRIPTS}]+)*)|(?<sup>[${SUPERSCRIPTS}]+)|` +
      `(?<number>\\d[\\d.]*)e(?<exponent>−?\\d+)|(?<letter>\\p{L})(?<mark>[${DOT}${BAR}]?)(?<rest>\\p{L}*)|(?<sign>\\+=|[^\\s\\p{L}])(?<over>[${DOT}${BAR}]?)|(?<space>\\s+)`,
    "gu",
  );
  const pieces = [...text.matchAll(token)].map(({ 0: all, groups: g }) => {
    if (g.root) return `${SIGNS[g.root].trim()}{${latexOf(g.under ?? g.atom)}}`;
    if (g.power) return `^{${latexOf(g.inner ?? g.power)}}`;
    if (g.sub) return `_{${scripts(g.sub, SUBSCRIPTS, LOWERED)}}`;
    if (g.sup) return `^{${scripts(g.sup, SUPERSCRIPTS, RAISED_TO)}}`;
    if (g.exponent) return `${g.number} \\times 10^{${g.exponent.replace("−", "-")}}`;
    if (g.rest) return g.mark ? accent(g.mark, `\\mathit{${g.letter}${g.rest}}`) : wordOf(all);
    if (g.letter) return accent(g.mark, SIGNS[g.letter] ?? g.letter);
    return g.sign ? accent(g.over, SIGNS[g.sign] ?? g.sign) : all;
  });
  return pieces.join("").trim();
}

const wordOf = (word) => (FUNCTIONS.has(word) ? `\\${word} ` : `\\mathit{${word}}`);

/** ∂y/∂x in a sentence as fractions. */
function latexSentence(sentence) {
  const partial = /∂([^\s/·×=]+)\/∂([^\s/·×=]+)/gu;
  const parts = sentence.split(partial);
  const told = parts.map((part, i) => {
    if (i % 3 === 0) return latexOf(part);
    return i % 3 === 1 ? `\\frac{\\partial ${latexOf(part)}}` : `{\\partial ${latexOf(part)}}`;
  });
  return told.join("").replace(/\s+/g, " ").trim();
}

function sentencesNow() {
  const step = follows.steps[chosen.count - 1];
  return partsOf(step).map((part) => sentenceOf(follows.model, part));
}

/** The address of the page at this step. */
function linkHere() {
  const place = new URLSearchParams(chosen.sweep === DATA.sweep ? {} : { sweep: chosen.sweep });
  place.set("step", chosen.count);
  return `${location.href.split("#")[0]}#${place}`;
}

/** What an address says of sweep and step: nothing where it says nothing, or no such thing. */
function placeAsked() {
  const asked = new URLSearchParams(location.hash.slice(1));
  const [step, sweep] = [asked.get("step"), asked.get("sweep")];
  const count = step !== null && /^-?\d+$/.test(step) ? { count: Number(step) } : {};
  return sweep === "all" || Object.hasOwn(SWEEPS, sweep ?? "") ? { sweep, ...count } : count;
}

async function copy(text) {
  byId("copied").value = text;
  byId("copied").hidden = false;
  try {
    await navigator.clipboard.writeText(text);
    set(byId("copied-told"), "Copied.");
  } catch {
    byId("copied").select();
    set(byId("copied-told"), "Not copied by itself: it stands here, to copy.");
  }
}

function listenToSharing() {
  const copies = {
    "copy-text": () => sentencesNow().join("\n") || DATA.nodes[DATA.outputs[0]].name,
    "copy-latex": () => sentencesNow().map(latexSentence).join(" \\\\\n"),
    "copy-link": linkHere,
  };
  for (const [id, what] of Object.entries(copies)) byId(id).addEventListener("click", () => copy(what()));
  byId("copy-link").hidden = location.protocol === "about:"; // in a notebook's frame there is no address
  window.addEventListener("hashchange", () => {
    pause();
    setSweep(placeAsked().sweep ?? chosen.sweep, placeAsked().count ?? chosen.count);
  });
}
