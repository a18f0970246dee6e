const MOST = 8;
const MOST_REPEATS = 2;
const REPEATS = /, the same again: “/;
const APART = /(?:^|, )(?:under )?\d+ (?:s|min|h|days) apart(?=,|$)/;

/** What a reason says apart from how long ago the other one was. */
const gist = (reason: string): string => reason.replace(APART, '').toLowerCase();

/**
 * The reasons worth keeping, newest first: what joins different words or channels before what says that one thing came again,
 * each said once, whatever time lay between.
 */
export function keptReasons(newest: readonly string[], held: readonly string[] = []): string[] {
  const said = new Map<string, string>();
  for (const reason of [...newest, ...held]) if (!said.has(gist(reason))) said.set(gist(reason), reason);
  if (said.size > 1) said.delete('first signal');
  const all = [...said.values()];
  const repeats = all.filter((reason) => REPEATS.test(reason)).slice(0, MOST_REPEATS);
  const telling = all.filter((reason) => !REPEATS.test(reason)).slice(0, MOST - repeats.length);
  return [...telling, ...repeats];
}
