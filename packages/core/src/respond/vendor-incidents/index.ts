import { addMs, type Instant } from '../../kernel/index.ts';
import type { IncidentKind, IncidentState } from '../incidents/index.ts';

export interface CountedIncident {
  readonly systems: readonly string[];
  readonly state: IncidentState;
  readonly kind: IncidentKind;
  readonly declaredAt: Instant;
}

export interface Frequency {
  readonly total: number;
  /** Of the last 365 days. */
  readonly lastYear: number;
  readonly open: number;
  readonly nearMisses: number;
}

const YEAR_MS = 365 * 86_400_000;

/**
 * How often the systems that use a vendor had an incident. It does not say that the vendor caused it: that is for a
 * review to find. Near misses are counted apart, and drills are not handed in.
 */
export function frequencyOf(
  incidents: readonly CountedIncident[],
  systems: ReadonlySet<string>,
  now: Instant,
): Frequency {
  const theirs = incidents.filter((each) => each.systems.some((system) => systems.has(system)));
  const real = theirs.filter(({ kind }) => kind !== 'near-miss');
  return {
    total: real.length,
    lastYear: real.filter(({ declaredAt }) => declaredAt > addMs(now, -YEAR_MS)).length,
    open: real.filter(({ state }) => state === 'open' || state === 'contained').length,
    nearMisses: theirs.length - real.length,
  };
}
