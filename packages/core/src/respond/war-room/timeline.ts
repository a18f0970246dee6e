import type { Instant, Recorded } from '../../kernel/index.ts';

/** What the room filters by. */
export const ENTRY_KINDS = ['decision', 'containment', 'people', 'signal', 'note', 'record'] as const;
export type EntryKind = (typeof ENTRY_KINDS)[number];

export interface Entry {
  readonly fact: Recorded;
  readonly kind: EntryKind;
  /** Where it stands on the line: when it happened as claimed, else when it was recorded. */
  readonly happenedAt: Instant;
  /** True when it was written down more than a minute after it happened. */
  readonly late: boolean;
}

function kindOf(type: string): EntryKind {
  if (/^(containment|control-test|restoration|executor|evidence)\./.test(type)) return 'containment';
  if (
    type === 'decision.recorded' ||
    type === 'severity.called' ||
    type === 'archetype.called' ||
    type === 'incident.systems-named' ||
    type === 'incident.moved' ||
    type === 'incident.declared'
  )
    return 'decision';
  if (type.startsWith('role.')) return 'people';
  if (type.startsWith('candidate.') || type.startsWith('signal.')) return 'signal';
  if (type === 'note.written') return 'note';
  return 'record';
}

/** The time line, newest first by when things happened. Nothing is left out. */
export function timeline(facts: readonly Recorded[]): Entry[] {
  const entries = facts.map((fact): Entry => {
    const happenedAt: Instant = fact.data?.occurredAt ?? (fact.type === 'time.stated' ? fact.data.at : null) ?? fact.at;
    return { fact, kind: kindOf(fact.type), happenedAt, late: Date.parse(fact.at) - Date.parse(happenedAt) > 60_000 };
  });
  return entries.sort((a, b) =>
    a.happenedAt === b.happenedAt ? b.fact.seq - a.fact.seq : a.happenedAt < b.happenedAt ? 1 : -1,
  );
}
