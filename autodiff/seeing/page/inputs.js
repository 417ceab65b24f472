// What is chosen about the inputs: their numbers, and what tangents and adjoints begin with.

/** A slider and a box for an input; returns what puts it back. */
function makeSlider({ name }, slot) {
  const reach = Math.max(1, 2 * Math.abs(start[slot]));
  const limits = { min: start[slot] - reach, max: start[slot] + reach, step: "any" };
  const slider = element("input", { type: "range", ...limits, ariaLabel: name });
  const box = element("input", { type: "number", step: "any", ariaLabel: `${name}, typed` });
  const put = (x) => {
    slider.value = box.value = x;
  };
  const move = (x, other) => {
    if (!Number.isFinite(x)) return; // half typed
    other.value = x;
    byId("reset").hidden = false;
    pause();
    choose({ inputs: chosen.inputs.with(slot, x) });
  };
  slider.addEventListener("input", () => move(Number(slider.valueAsNumber.toPrecision(4)), box));
  box.addEventListener("input", () => move(box.valueAsNumber, slider));
  byId("sliders").append(element("label", {}, element("span", {}, name), slider, box));
  put(start[slot]);
  return () => put(start[slot]);
}

const ops = new Set([...DATA.nodes, ...DATA.aside].map((node) => node.op));
const unknown = [...ops].filter((op) => op && !(op in PRIMITIVES));

function makeInputs() {
  byId("fixed").hidden = !(unknown.length || DATA.unseen);
  if (unknown.length) {
    byId("fixed").textContent =
      `The page does not know how to compute ${unknown.join(", ")}: the inputs stay as they are.`;
  }
  const widest = Math.max(...start.map((_, slot) => nameOf(slot).length), 0);
  byId("sliders").style.setProperty("--label", `${Math.min(widest + 1, 14)}ch`);
  const resets = unknown.length ? [] : DATA.nodes.slice(0, DATA.inputs).map(makeSlider);
  byId("reset").addEventListener("click", () => {
    for (const reset of resets) reset();
    byId("reset").hidden = true;
    choose({ inputs: start });
  });
}

/** A choice of the input or output whose seed is 1; seeds of another kind, as they were given, are a choice too. */
function makeSeeds(id, key, slots) {
  const given = chosen[key];
  const unit = (i) => slots.map((_, j) => Number(i === j));
  const options = slots.map((slot, i) => [nameOf(slot), unit(i)]);
  const same = options.findIndex(([, seeds]) => seeds.every((x, i) => x === given[i]));
  if (same < 0) options.unshift([`(${given.map(short).join(", ")})`, given]);
  byId(id).append(...options.map(([name], value) => element("option", { value }, name)));
  byId(id).value = Math.max(0, same);
  byId(id).addEventListener("change", () => choose({ [key]: options[Number(byId(id).value)][1] }));
}
