import type { SystemDescription, SystemParts } from '../inventory/index.ts';

/** An AI system as far as its entry says. */
export type Entry = { readonly key: string } & SystemDescription & SystemParts;

export interface RiskReason {
  /** 1 (worth a look) to 5 (grave); for ordering, never added up. */
  readonly weight: number;
  readonly says: string;
}

const AUTONOMY: Readonly<Partial<Record<Entry['autonomy'], RiskReason>>> = {
  'acts-alone': { weight: 5, says: 'it acts alone' },
  'acts-within-limits': { weight: 4, says: 'it acts alone within limits' },
  'acts-after-approval': { weight: 2, says: 'it acts, after a person approved' },
};
const CRITICALITY: Readonly<Partial<Record<Entry['criticality'], RiskReason>>> = {
  critical: { weight: 5, says: 'people or the business are in danger when it fails' },
  high: { weight: 3, says: 'customers or staff are stuck when it fails' },
  medium: { weight: 1, says: 'work slows down when it fails' },
};

/**
 * Why a system is risky, gravest first, from its entry alone. What an agent may do by itself and nobody wrote down is
 * read the stricter way.
 */
export function riskReasons(entry: Entry): RiskReason[] {
  const reasons: (RiskReason | undefined | false)[] = [
    entry.riskClass.startsWith('annex-iii') && { weight: 5, says: 'it is high risk under the EU AI Act (Annex III)' },
    entry.autonomy === 'unsaid' && entry.type === 'agent'
      ? { weight: 4, says: 'it is an agent, and nobody said how far it acts by itself' }
      : AUTONOMY[entry.autonomy],
    CRITICALITY[entry.criticality],
    entry.tools.length > 0 && {
      weight: 3,
      says: `it can reach ${entry.tools.length === 1 ? 'a tool' : `${entry.tools.length} tools`}: ${entry.tools
        .slice(0, 3)
        .map(({ name }) => name)
        .join(', ')}`,
    },
    entry.population !== '' && { weight: 3, says: `people meet it: ${entry.population}` },
    entry.dependencies.some(({ direction }) => direction === 'down') && { weight: 2, says: 'others need it' },
    (entry.riskClass === 'limited' || entry.type === 'voice') && {
      weight: 2,
      says: 'people talk to it as if to a person',
    },
    entry.riskClass === 'unassessed' && { weight: 1, says: 'nobody has assessed its risk class' },
    !entry.guardrails.some(({ active }) => active) && { weight: 1, says: 'no guardrail is on' },
    entry.owner === '' && { weight: 1, says: 'nobody answers for it' },
  ];
  return reasons
    .filter((reason): reason is RiskReason => typeof reason === 'object')
    .map((reason, place) => ({ reason, place }))
    .sort((a, b) => b.reason.weight - a.reason.weight || a.place - b.place)
    .map(({ reason }) => reason);
}

/** Gravest reason against gravest reason: any number of small ones never outweighs a grave one. */
function compareReasons(a: readonly RiskReason[], b: readonly RiskReason[]): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const difference = (b[i]?.weight ?? 0) - (a[i]?.weight ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The system a playbook is most needed for, with the reasons; null without systems. A proposal: a person decides. */
export function riskiestOf<E extends Entry>(
  entries: readonly E[],
): { readonly entry: E; readonly reasons: readonly RiskReason[] } | null {
  return (
    entries
      .map((entry) => ({ entry, reasons: riskReasons(entry) }))
      .sort(
        (a, b) =>
          compareReasons(a.reasons, b.reasons) || (a.entry.key < b.entry.key ? -1 : a.entry.key > b.entry.key ? 1 : 0),
      )[0] ?? null
  );
}
