// Search: a name, or a part of what is written on a node, finds it.

/** Of things with names and texts, which fit, the best first. */
function found(things, sought) {
  const plain = (text) => text.normalize("NFKC").toLowerCase();
  const wanted = plain(sought.trim());
  if (!wanted) return [];
  const rank = ({ name, text }) => {
    const [own, all] = [plain(name), plain(text)];
    return own === wanted ? 0 : own.startsWith(wanted) ? 1 : own.includes(wanted) ? 2 : all.includes(wanted) ? 3 : 4;
  };
  const ranked = things.map((thing) => ({ thing, rank: rank(thing) })).filter((each) => each.rank < 4);
  return ranked.sort((a, b) => a.rank - b.rank).map((each) => each.thing);
}

/** What is typed shows the first that fits; Enter the next. */
function makeSearch(things, show) {
  const [field, told] = [byId("search"), byId("found")];
  let [place, fits] = [0, []];
  const tell = () => {
    const many = fits.length > 1 ? `${place + 1} of ${fits.length}` : "";
    told.textContent = !field.value.trim() ? "" : fits.length ? `${fits[place].name} ${many}` : "nothing found";
    if (fits.length) show(fits[place]);
  };
  field.addEventListener("input", () => {
    [place, fits] = [0, found(things, field.value)];
    tell();
  });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !fits.length) return;
    place = (place + (event.shiftKey ? fits.length - 1 : 1)) % fits.length;
    tell();
  });
}
