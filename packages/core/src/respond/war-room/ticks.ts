import type { Recorded } from '../../kernel/index.ts';

type Shown = (facts: readonly Recorded[], what: string) => boolean;

const unresolved = (facts: readonly Recorded[]): string[] => {
  const ended = new Set(
    facts.filter((f) => f.type === 'containment.lifted' || f.type === 'containment.expired').map((f) => f.data.hold),
  );
  return facts
    .filter((f) => f.type === 'containment.ordered' && !ended.has(f.data.hold))
    .map((f) => f.data.hold as string);
};

const SHOWN: Readonly<Record<string, Shown>> = {
  fact: (facts, type) => facts.some((fact) => fact.type === type),
  role: (facts, role) =>
    facts.findLast((fact) => (fact.type === 'role.taken' || fact.type === 'role.released') && fact.data.role === role)
      ?.type === 'role.taken',
  severity: (facts) =>
    facts.findLast((f) => f.type === 'incident.declared' || f.type === 'severity.called')?.data.provisional === false,
  holds: (facts) => {
    const sure = new Set(facts.filter((f) => f.type === 'containment.confirmed').map((f) => f.data.hold));
    const open = unresolved(facts);
    return open.length > 0 && open.every((hold) => sure.has(hold));
  },
  times: (facts, least) =>
    new Set(facts.filter((f) => f.type === 'time.stated').map((f) => f.data.which)).size >= Number(least),
};

/** Whether the record itself shows a step as done: `fact:evidence.preserved`, `role:legal`, `times:3` … */
export function shownByRecord(facts: readonly Recorded[], doneBy: string | null): boolean {
  if (doneBy === null) return false;
  const [kind, what] = doneBy.split(':') as [string, string];
  return SHOWN[kind]?.(facts, what) ?? false;
}
