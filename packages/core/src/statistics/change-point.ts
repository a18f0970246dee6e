/** Some of all: `bad` of `all` in one unit of time. */
export interface Tally {
  readonly bad: number;
  readonly all: number;
}

export interface ChangePoint {
  /** Index of the first tally after the change. */
  readonly index: number;
  readonly before: Tally;
  readonly after: Tally;
  /** How much better two rates explain the tallies than one, in natural log likelihood, less the price of the search. */
  readonly gain: number;
}

const likelihood = ({ bad, all }: Tally): number =>
  bad === 0 || bad === all ? 0 : bad * Math.log(bad / all) + (all - bad) * Math.log((all - bad) / all);
const rate = ({ bad, all }: Tally): number => (all === 0 ? 0 : bad / all);

/** A change has to explain this much more than chance does: about one false find in 400. */
const LEAST_GAIN = 6;

/**
 * Where a rate went up, if it did: the split of the tallies into two binomial rates with the greatest likelihood
 * (Hinkley & Hinkley 1970), when it gains at least 6 + ln(number of splits). Null: the tallies look like one rate.
 */
export function changePoint(tallies: readonly Tally[]): ChangePoint | null {
  const total = tallies.reduce<Tally>((sum, it) => ({ bad: sum.bad + it.bad, all: sum.all + it.all }), {
    bad: 0,
    all: 0,
  });
  const flat = likelihood(total);
  const price = Math.log(Math.max(1, tallies.length - 1));
  let best: ChangePoint | null = null;
  let before: Tally = { bad: 0, all: 0 };
  for (let index = 1; index < tallies.length; index++) {
    const passed = tallies[index - 1]!;
    before = { bad: before.bad + passed.bad, all: before.all + passed.all };
    const after = { bad: total.bad - before.bad, all: total.all - before.all };
    if (before.all === 0 || rate(after) <= rate(before)) continue;
    const gain = likelihood(before) + likelihood(after) - flat - price;
    if (gain >= LEAST_GAIN && (best === null || gain > best.gain)) best = { index, before, after, gain };
  }
  return best;
}
