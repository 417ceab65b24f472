// Paths: an adjoint is the sum, over all paths from the output to its node, of the products of partials along them.

const MOST_PATHS = 1e6; // that are told apart

/** How many paths lead from a node up to an output whose adjoint is a seed, for each node; every edge is one way. */
function pathCounts({ data, adjoints }) {
  const counts = data.nodes.map(() => 0);
  data.outputs.forEach((slot, i) => {
    if (adjoints[i]) counts[slot] += 1;
  });
  for (let slot = data.nodes.length - 1; slot >= 0; slot--) {
    for (const to of data.nodes[slot].operands) if (isSlot(to)) counts[to] += counts[slot];
  }
  return counts;
}

/** The edges {slot, position} along which each node is used. */
function usesOf({ data }) {
  const uses = data.nodes.map(() => []);
  data.nodes.forEach(({ operands }, slot) => {
    operands.forEach((to, position) => {
      if (isSlot(to)) uses[to].push({ slot, position });
    });
  });
  return uses;
}

/** The k-th path from a node up to an output: its edges, the output's first; and the seed that it begins with. */
function pathAt(model, counts, from, k) {
  const uses = usesOf(model);
  const edges = [];
  let [at, left] = [from, k];
  for (;;) {
    const seeds = model.data.outputs.flatMap((slot, i) => (slot === at && model.adjoints[i] ? [i] : []));
    if (left < seeds.length) return { edges: edges.reverse(), seed: model.adjoints[seeds[left]] };
    left -= seeds.length;
    const edge = uses[at].find(({ slot }) => {
      if (left < counts[slot]) return true;
      left -= counts[slot];
      return false;
    });
    edges.push(edge);
    at = edge.slot;
  }
}

/** The product of the partials along a path, and the seed. */
function productAlong({ slopes }, { edges, seed }) {
  return edges.reduce((product, { slot, position }) => chained(product, slopes[slot][position]), seed);
}
