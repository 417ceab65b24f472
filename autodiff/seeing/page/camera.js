// The camera over the drawing: zoom, pan, fit, a map of it all where there is more than is seen, and what follows a step.

const MARGIN = 32; // pixels around what is scrolled into sight: a heading stands there
const SMALLEST = 0.65; // how far a large drawing is shrunk before it scrolls
const LARGEST = 4; // how far one is enlarged
const PHONE = 480; // pixels, up to which all of a drawing is seen first
const LEGIBLE = 0.25; // unless it would be smaller than this
const STEP = 1.25; // by a key or a button
const MAP = 150; // pixels, of the map

const panel = byId("drawing");
const picture = panel.querySelector("svg");
const natural = picture.viewBox.baseVal.width * (96 / 72); // pixels, of points
const shape = picture.viewBox.baseVal.height / picture.viewBox.baseVal.width;

function zoomOf() {
  return picture.getBoundingClientRect().width / natural;
}

/** Zoom to so many times its size, around a point of the panel, by default its middle. */
function zoomTo(zoom, x = panel.clientWidth / 2, y = panel.clientHeight / 2) {
  const before = zoomOf();
  const now = Math.max(Math.min(SMALLEST, fitting()) / 2, Math.min(LARGEST, zoom));
  const place = [panel.scrollLeft + x, panel.scrollTop + y].map((end) => (end * now) / before);
  Object.assign(picture.style, { width: `${now * natural}px`, maxWidth: "none", minWidth: "0" });
  panel.scrollTo({ left: place[0] - x, top: place[1] - y, behavior: "instant" });
  showMap();
}

/** How large it is where all of it is seen. */
function fitting() {
  const style = getComputedStyle(panel);
  const high = Number.parseFloat(style.maxHeight) - 2 * Number.parseFloat(style.paddingTop);
  return Math.min((panel.clientWidth - 2 * Number.parseFloat(style.paddingLeft)) / natural, high / (natural * shape));
}

function fit() {
  zoomTo(Math.min(1, fitting()));
}

/** As large as what is in it can be seen, and that in the middle. */
function zoomOn(group) {
  const { width, height } = group.getBoundingClientRect();
  const room = Math.min((panel.clientWidth - 2 * MARGIN) / width, (panel.clientHeight - 2 * MARGIN) / height);
  zoomTo(Math.min(1, zoomOf() * room));
  const [outer, box] = [panel, group].map((each) => each.getBoundingClientRect());
  const far = (side, size) => box[side] + box[size] / 2 - outer[side] - outer[size] / 2;
  panel.scrollBy({ left: far("left", "width"), top: far("top", "height"), behavior: "instant" });
}

/** As large as it is drawn where there is room; where there is none, not too small to be read; on a phone all of it. */
function sizeDrawing() {
  const small = panel.clientWidth < PHONE && fitting() > LEGIBLE;
  picture.style.minWidth = small ? "0" : `${SMALLEST * natural}px`;
  showMap();
}

/** What is inside of a panel into sight: only the panel scrolls, never the notebook around it. */
function scrollInside(outside, inner) {
  bring(outside, inner.getBoundingClientRect());
}

function bring(outside, { left, right, top, bottom }) {
  const outer = outside.getBoundingClientRect();
  const before = [left - outer.left, top - outer.top].map((far) => Math.min(0, far - MARGIN));
  const behind = [right - outer.right, bottom - outer.bottom].map((far) => Math.max(0, far + MARGIN));
  const [x, y] = before.map((far, i) => far || behind[i]);
  if (x || y) outside.scrollBy(x, y);
}

/** What a step is about into sight, all of it where there is room, else its last part. */
function follow(groups) {
  const boxes = groups.map((group) => group.getBoundingClientRect());
  const [left, top] = ["left", "top"].map((side) => Math.min(...boxes.map((box) => box[side])));
  const [right, bottom] = ["right", "bottom"].map((side) => Math.max(...boxes.map((box) => box[side])));
  const fits = right - left + 2 * MARGIN < panel.clientWidth && bottom - top + 2 * MARGIN < panel.clientHeight;
  bring(panel, fits ? { left, top, right, bottom } : boxes.at(-1));
}

// The map: all of the drawing, small, and a frame around what is seen

const map = byId("map");
const seen = document.createElementNS("http://www.w3.org/2000/svg", "rect");

function makeMap() {
  picture.querySelector("g").id = "all";
  map.setAttribute("viewBox", picture.getAttribute("viewBox"));
  inSvg("use", map).setAttribute("href", "#all");
  seen.id = "seen";
  map.append(seen);
  const go = ({ buttons, clientX, clientY }) => {
    if (!buttons) return;
    const small = map.getBoundingClientRect();
    const scale = picture.getBoundingClientRect().width / small.width;
    const [x, y] = [clientX - small.left, clientY - small.top].map((far) => far * scale);
    const [left, top] = [x - panel.clientWidth / 2, y - panel.clientHeight / 2];
    panel.scrollTo({ left, top, behavior: "instant" });
  };
  for (const kind of ["pointerdown", "pointermove"]) map.addEventListener(kind, go);
}

/** The map is there where the drawing is more than is seen of it. */
function showMap() {
  const { width, height } = picture.getBoundingClientRect();
  const hidden = width <= panel.clientWidth + 1 && height <= panel.clientHeight + 1;
  map.toggleAttribute("hidden", hidden);
  if (hidden) return;
  const [wide, high] = [Math.min(MAP, MAP / shape), Math.min(MAP, MAP * shape)];
  setAll(map, { width: wide, height: high });
  const box = picture.viewBox.baseVal;
  const units = box.width / width;
  setAll(seen, {
    x: box.x + panel.scrollLeft * units,
    y: box.y + panel.scrollTop * units,
    width: Math.min(panel.clientWidth * units, box.width),
    height: Math.min(panel.clientHeight * units, box.height),
  });
}

/** The drawing is moved by what moves a page, and by dragging its ground. */
function listenToDrags() {
  let from = null;
  panel.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "mouse" && event.button === 0) from = [event.clientX, event.clientY];
  });
  panel.addEventListener("pointermove", ({ clientX, clientY, buttons }) => {
    if (!from || !buttons) return;
    const by = [from[0] - clientX, from[1] - clientY];
    panel.scrollBy({ left: by[0], top: by[1], behavior: "instant" });
    from = [clientX, clientY];
  });
  window.addEventListener("pointerup", () => {
    from = null;
  });
}

function listenToCamera() {
  const middle = (factor) => () => zoomTo(zoomOf() * factor);
  const actions = { nearer: middle(STEP), farther: middle(1 / STEP), fit };
  for (const [id, action] of Object.entries(actions)) byId(id).addEventListener("click", action);
  const keys = { "+": actions.nearer, "=": actions.nearer, "-": actions.farther, 0: fit };
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input:not([type=range], [type=checkbox]), select, textarea");
    if (typing || event.ctrlKey || event.metaKey || event.altKey || !(event.key in keys)) return;
    event.preventDefault();
    keys[event.key]();
  });
  panel.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey && !event.metaKey) return; // a pinch comes as a wheel with ctrl
      event.preventDefault();
      const { left, top } = panel.getBoundingClientRect();
      zoomTo(zoomOf() * 2 ** (-event.deltaY / 200), event.clientX - left, event.clientY - top);
    },
    { passive: false },
  );
  panel.addEventListener("scroll", showMap);
  window.addEventListener("resize", showMap);
  listenToDrags();
  makeMap();
}
