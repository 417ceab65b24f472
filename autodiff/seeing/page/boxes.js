// Boxes: frames that close under a lid, which tells what is inside, and open again.

const LID = { small: 12, large: 90, lines: 7.6, letter: 0.62 }; // sizes of its letters, so that they fill it
const FRAMES = DATA.frames.map((frame, i) => ({ ...frame, group: byId(`f${i}`), open: true }));
FRAMES.forEach((frame, i) => {
  frame.slots = DATA.inside.flatMap((inside, slot) => (around(inside).includes(i) ? [slot] : []));
});

/** The frames around a frame, itself first. */
function around(i) {
  return i < 0 ? [] : [i, ...around(FRAMES[i].parent)];
}

/** The outermost lid over what is in a frame; none where all around it is open. */
function lidOver(i) {
  const closed = around(i).filter((frame) => !FRAMES[frame].open);
  return closed.length ? FRAMES[closed.at(-1)].lid : null;
}

function setOpen(i, open) {
  const { group, lid } = FRAMES[i];
  FRAMES[i].open = open;
  lid.toggleAttribute("hidden", open);
  lid.style.display = open ? "none" : "";
  group.querySelector("text").setAttribute("aria-expanded", String(open));
}

/** Open whatever something stands in. */
function reveal(i) {
  for (const frame of around(i)) setOpen(frame, true);
}

/** A button that is part of a drawing; without a label its own title says what it is. */
function drawnButton(target, label, onPress) {
  setAll(target, { role: "button", tabindex: 0, ...(label && { "aria-label": label }) });
  const press = (event) => {
    event.stopPropagation();
    event.preventDefault();
    onPress();
  };
  target.addEventListener("click", press);
  target.addEventListener("keydown", (event) => [" ", "Enter"].includes(event.key) && press(event));
}

/** How large letters are on a lid, those beside it being alike. */
function sizesOfLids() {
  const rooms = FRAMES.map(({ group, name, told }) => {
    const { width, height } = group.querySelector("path").getBBox();
    const longest = Math.max(name.length, told.length, 14);
    return Math.max(LID.small, Math.min(LID.large, width / (LID.letter * longest), height / LID.lines));
  });
  return FRAMES.map((_, i) => Math.min(...rooms.filter((_, j) => around(j).length === around(i).length)));
}

/** Lids lie on what they cover, the outer ones on the inner ones. */
function makeBoxes(changed) {
  const sizes = sizesOfLids();
  const order = FRAMES.map((_, i) => i).sort((a, b) => around(b).length - around(a).length);
  for (const i of order) {
    const { group, name, told } = FRAMES[i];
    const title = group.querySelector("text");
    const { lid, texts } = makeLid(group, [name, told, "", "", ""], sizes[i]);
    const press = (open) => () => {
      setOpen(i, open);
      changed();
      if (open) zoomOn(group);
      (open ? title : lid).focus({ preventScroll: true });
    };
    Object.assign(FRAMES[i], {
      lid,
      card: { texts: texts.slice(2), title: inSvg("title", lid), end: FRAMES[i].slots.at(-1) },
    });
    title.classList.add("fold");
    drawnButton(title, `Close ${name}`, press(false));
    drawnButton(lid, `Open ${name}: ${told}`, press(true));
    setOpen(i, around(i).length <= DATA.open);
  }
}

/** A frame's own outline, filled, with lines of text as large as it has room for. */
function makeLid(group, lines, size) {
  const lid = inSvg("g", picture.querySelector("g"));
  lid.setAttribute("class", "node lid");
  lid.append(group.querySelector("path").cloneNode());
  const { x, y } = group.querySelector("path").getBBox();
  const texts = lines.map((line, i) => {
    const text = inSvg("text", lid);
    setAll(text, { x: x + size, y: y + size * (1.5 + 1.25 * i), "font-size": size });
    text.textContent = line;
    return text;
  });
  return { lid, texts };
}

/** All of it is seen first where boxes are closed. */
function openDrawing() {
  if (FRAMES.some(({ open }) => !open)) fit();
  else sizeDrawing();
}
