import type { Rule } from '@firebreak/contract/respond/decision-rights';
import { ACTS } from '@firebreak/core/respond/decision-rights';

export const ACT_TITLES: Readonly<Record<(typeof ACTS)[number], string>> = {
  pull: 'Pull',
  extend: 'Extend',
  ask: 'Ask to let go',
  approve: 'Agree to let go',
  'break-glass': 'Break the glass',
};

/** What else a rule asks of a pull, one thing to a line. */
export function ruleWords({ second, freshMinutes, typed, quiet }: Rule): string[] {
  return [
    ...(second === null
      ? []
      : [
          second.when === 'before'
            ? `a second person agrees first, within ${second.minutes} min`
            : `goes at once; a second person adopts it within ${second.minutes} min`,
        ]),
    ...(typed ? ['the system’s key is typed'] : []),
    ...(quiet ? ['nobody is paged when all of the system is touched'] : []),
    ...(freshMinutes === null ? [] : [`password given within ${freshMinutes} min, to pull and to let go`]),
  ];
}

const names = (list: readonly string[]) => [...list].sort().join();

/** What somebody changed of a rule, for the button; empty: nothing. */
export function isSame(a: Rule, b: Rule): boolean {
  return (
    a.typed === b.typed &&
    a.quiet === b.quiet &&
    a.freshMinutes === b.freshMinutes &&
    JSON.stringify(a.second) === JSON.stringify(b.second) &&
    ACTS.every(
      (act) =>
        names(a.who[act].roles) === names(b.who[act].roles) && names(a.who[act].seats) === names(b.who[act].seats),
    )
  );
}
