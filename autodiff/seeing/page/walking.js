// The drawing by keyboard: one node is reached by Tab, the arrow keys go on to the nearest in their direction.

const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function centre(group) {
  const { left, right, top, bottom } = group.getBoundingClientRect();
  return [(left + right) / 2, (top + bottom) / 2];
}

/** Of those that are seen, the nearest to one in a direction: what lies aside counts double. */
function nearest(from, [dx, dy], groups) {
  const [x, y] = centre(from);
  const far = groups.map((group) => {
    const [gx, gy] = centre(group);
    const [along, aside] = [(gx - x) * dx + (gy - y) * dy, Math.abs((gx - x) * dy) + Math.abs((gy - y) * dx)];
    return along > 1 && along > aside / 2 ? along + 2 * aside : Infinity;
  });
  const best = Math.min(...far);
  return Number.isFinite(best) ? groups[far.indexOf(best)] : null;
}

function walkCards() {
  const reach = (group) => {
    for (const card of cards) card.group.setAttribute("tabindex", card.group === group ? 0 : -1);
  };
  for (const { group } of cards) {
    group.addEventListener("focus", () => {
      reach(group);
      follow([group]);
    });
    group.addEventListener("keydown", (event) => {
      if (!(event.key in WAYS) || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      event.stopPropagation();
      const seen = cards.filter(({ end }) => groupOf(end) === byId(cardOf[end])).map((card) => card.group);
      nearest(
        group,
        WAYS[event.key],
        seen.filter((other) => other !== group),
      )?.focus({ preventScroll: true });
    });
  }
  reach(cards[0].group);
}
