// The race: every optimizer's path from the start, as long as its numbers are finite.
//
//   racer  {rule, alpha, path: [{at, value, slopes, kept}, …], trouble}

const machine = new Machine(DATA.tape);
const LIMIT = 1e300; // beyond which a number is as good as infinite

/** f and its gradient. */
function heightAt(at) {
  machine.put(0, at);
  machine.run();
  return { value: machine.at(0), slopes: at.map((_, i) => machine.at(i + 1)) };
}

const fine = ({ value, slopes }) => [value, ...slopes].every((x) => Math.abs(x) < LIMIT);

/** A racer at its start. */
function placed(rule, start, alpha) {
  const kept = Array.from({ length: rule.memory }, () => start.map(() => 0));
  const first = { at: start, ...heightAt(start), kept };
  return {
    rule,
    alpha,
    mover: new Machine(rule.tape),
    path: [first],
    trouble: fine(first) ? "" : "not finite at the start",
  };
}

const rateOf = ({ alpha, rule, path }) => alpha ?? rule.rates[Math.min(path.length - 1, rule.rates.length - 1)];

/** One step of its rule; none where a number is not finite any more. */
function goOn(racer) {
  if (racer.trouble) return;
  const { rule, path, mover } = racer;
  const last = path.at(-1);
  const norm = Math.hypot(...last.slopes);
  const short = rule.clip !== null && norm > rule.clip ? rule.clip / norm : 1;
  const kept = last.kept.map((state) => state.slice());
  const at = last.at.map((x, i) => {
    mover.put(0, [
      rateOf(racer),
      rule.steps + path.length - 1,
      x,
      last.slopes[i] * short,
      ...last.kept.map((state) => state[i]),
    ]);
    mover.run();
    kept.forEach((state, k) => {
      state[i] = mover.at(k + 1);
    });
    return mover.at(0);
  });
  const next = { at, ...heightAt(at), kept };
  if (fine(next) && at.every((x) => Math.abs(x) < LIMIT)) path.push(next);
  else racer.trouble = `diverged at step ${path.length - 1}, from f = ${written(last.value, 3)}`;
}
