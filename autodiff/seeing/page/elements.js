// Elements: what makes them, and what changes their texts.

const byId = (id) => document.getElementById(id);

function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

function button(className, title, onClick, ...children) {
  const made = element("button", { className, title }, ...children);
  made.addEventListener("click", onClick);
  return made;
}

function inSvg(tag, parent) {
  return parent.appendChild(document.createElementNS("http://www.w3.org/2000/svg", tag));
}

function set(target, text) {
  if (target.textContent !== text) target.textContent = text;
}

const RAISED = / ?\^ ?(?:\(((?:[^()]|\([^()]*\))*)\)|(−?[^\s()^,]+))/g;

/** A text as nodes, what stands behind ^ raised: to those who listen, and who copy it, it is the text that it was. */
function typeset(text) {
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(RAISED)) {
    const up = match[1] ?? match[2];
    const [before, after] = [match[0].slice(0, match[0].indexOf(up)), match[1] === undefined ? "" : ")"];
    nodes.push(text.slice(end, match.index), element("span", { className: "unseen" }, before), element("sup", {}, up));
    if (after) nodes.push(element("span", { className: "unseen" }, after));
    end = match.index + match[0].length;
  }
  return [...nodes, text.slice(end)];
}

function setWords(target, text) {
  if (target.textContent !== text) target.replaceChildren(...typeset(text));
}

function setAll(target, attributes) {
  for (const [name, value] of Object.entries(attributes)) target.setAttribute(name, value);
}
