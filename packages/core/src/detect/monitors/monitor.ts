import {
  type Actor,
  type Decision,
  type Fact,
  type Id,
  type Instant,
  ofTypes,
  type Recorded,
  refuse,
} from '../../kernel/index.ts';
import { webAddress } from './item.ts';
import type { Keywords } from './relevance.ts';
import type { JsonPaths, MonitorKind } from './sources.ts';

export type MonitorId = Id<'mon'>;

export interface MonitorDescription {
  readonly name: string;
  readonly kind: MonitorKind;
  /** Where it looks; empty: where the kind usually is, made from the words. */
  readonly address: string;
  /** Key of the AI system it is about; null for a status page, whose incidents are about every system that depends on the vendor. */
  readonly system: string | null;
  /** Id of the vendor whose status page it is. */
  readonly vendor: string | null;
  readonly keywords: Keywords;
  /** Least relevance, 0 to 1. */
  readonly threshold: number;
  readonly everyMinutes: number;
  readonly paths: JsonPaths | null;
  /** Whether a person told it to page with what it finds; absent: it does not. */
  readonly pages?: boolean | undefined;
}

export type MonitorFact =
  | Fact<'monitor.added', { readonly monitor: MonitorId } & MonitorDescription>
  | Fact<'monitor.described', MonitorDescription>
  | Fact<'monitor.paused', { readonly reason: string }>
  | Fact<'monitor.resumed', Record<string, never>>
  | Fact<'monitor.removed', { readonly reason: string }>
  /** It could not look for several times: silence, which is not the same as no news. */
  | Fact<'monitor.fell-silent', { readonly why: string; readonly failures: number; readonly since: Instant | null }>
  | Fact<'monitor.heard-again', Record<string, never>>;

export const MONITOR_FACTS = [
  'monitor.added',
  'monitor.described',
  'monitor.paused',
  'monitor.resumed',
  'monitor.removed',
  'monitor.fell-silent',
  'monitor.heard-again',
] as const satisfies readonly MonitorFact['type'][];

export interface Monitor extends MonitorDescription {
  readonly id: MonitorId;
  readonly addedAt: Instant;
  readonly changedAt: Instant;
  readonly changedBy: Actor;
  /** Why it does not look; null: it does. */
  readonly paused: string | null;
  readonly removed: string | null;
  readonly silent: { readonly at: Instant; readonly why: string } | null;
}

export function foldMonitor(facts: readonly Recorded[]): Monitor | null {
  return ofTypes<MonitorFact>(facts, MONITOR_FACTS).reduce<Monitor | null>((monitor, fact) => {
    const { at, by } = fact;
    if (fact.type === 'monitor.added') {
      const { monitor: id, ...said } = fact.data;
      return { id, ...said, addedAt: at, changedAt: at, changedBy: by, paused: null, removed: null, silent: null };
    }
    if (monitor === null) return null;
    const changed = { ...monitor, changedAt: at, changedBy: by };
    switch (fact.type) {
      case 'monitor.described':
        return { ...changed, ...fact.data };
      case 'monitor.paused':
        return { ...changed, paused: fact.data.reason };
      case 'monitor.resumed':
        return { ...changed, paused: null };
      case 'monitor.removed':
        return { ...changed, removed: fact.data.reason };
      case 'monitor.fell-silent':
        return { ...monitor, silent: { at, why: fact.data.why } };
      default:
        return { ...monitor, silent: null };
    }
  }, null);
}

export const MONITOR_LIMITS = { monitors: 200, words: 30, leastMinutes: 5, mostMinutes: 1_440 } as const;

/** Where the kind is found, for the first of its words; null where it has to be said. */
export function usualAddress(kind: MonitorKind, { brand, must }: Keywords): string | null {
  const query = encodeURIComponent(brand[0] ?? must[0] ?? '');
  if (kind === 'incident-database') return 'https://incidentdatabase.ai/rss.xml';
  if (query === '') return null;
  if (kind === 'hacker-news')
    return `https://hn.algolia.com/api/v1/search_by_date?query=${query}&tags=(story,comment)&hitsPerPage=100`;
  return kind === 'reddit' ? `https://www.reddit.com/search.json?q=${query}&sort=new&limit=100` : null;
}

/** Where it looks, or null. */
export const addressOf = (it: Pick<MonitorDescription, 'address' | 'kind' | 'keywords'>): string | null =>
  it.address === '' ? usualAddress(it.kind, it.keywords) : webAddress(it.address);

/** What keeps it from looking at all. */
export function monitorFault(it: MonitorDescription) {
  if (addressOf(it) === null)
    return refuse(
      'monitor.bad-address',
      it.address === ''
        ? 'Say where to look: this kind has no address of its own, or needs a word to search for.'
        : 'The address must begin with http:// or https://.',
      '/address',
    );
  if (/^https?:\/\/[^/]*@/i.test(it.address))
    return refuse(
      'monitor.bad-address',
      'An address with a password in it would stand in every list. Leave it out.',
      '/address',
    );
  const { brand, must, any } = it.keywords;
  if (it.kind !== 'status-page' && it.kind !== 'incident-database' && brand.length + must.length + any.length === 0)
    return refuse(
      'monitor.no-words',
      'Without a word to look for, everything or nothing would be found. Name the product.',
      '/keywords/brand',
    );
  if (it.kind === 'json' && (it.paths === null || it.paths.id === '' || it.paths.title === ''))
    return refuse(
      'monitor.bad-paths',
      'Polled JSON needs to know where the id and the title of an entry stand.',
      '/paths',
    );
  if (it.kind === 'status-page' ? it.vendor === null && it.system === null : it.system === null)
    return refuse(
      'monitor.about-nothing',
      it.kind === 'status-page'
        ? 'Say whose status page it is: a vendor, or the AI system that depends on it.'
        : 'Say which AI system it is about, so that somebody is told.',
      it.kind === 'status-page' ? '/vendor' : '/system',
    );
  return null;
}

export function addMonitor(
  state: Monitor | null,
  want: { readonly monitor: MonitorId } & MonitorDescription,
  beside: number,
): Decision<MonitorFact> {
  if (state !== null) return [];
  if (beside >= MONITOR_LIMITS.monitors)
    return refuse('monitor.too-many', `There are ${MONITOR_LIMITS.monitors} monitors already. Remove one first.`);
  return monitorFault(want) ?? [{ type: 'monitor.added', data: want }];
}

const unknown = () =>
  refuse('monitor.unknown', 'There is no such monitor. List the monitors to see the ones there are.');

function held(state: Monitor | null, decide: (monitor: Monitor) => Decision<MonitorFact>): Decision<MonitorFact> {
  return state === null || state.removed !== null ? unknown() : decide(state);
}

export const describeMonitor = (state: Monitor | null, want: MonitorDescription): Decision<MonitorFact> =>
  held(state, () => monitorFault(want) ?? [{ type: 'monitor.described', data: want }]);

export const pauseMonitor = (state: Monitor | null, want: { readonly reason: string }): Decision<MonitorFact> =>
  held(state, ({ paused }) => (paused !== null ? [] : [{ type: 'monitor.paused', data: want }]));

export const resumeMonitor = (state: Monitor | null): Decision<MonitorFact> =>
  held(state, ({ paused }) => (paused === null ? [] : [{ type: 'monitor.resumed', data: {} }]));

export const removeMonitor = (state: Monitor | null, want: { readonly reason: string }): Decision<MonitorFact> =>
  state?.removed != null ? [] : held(state, () => [{ type: 'monitor.removed', data: want }]);

/** Failures in a row after which a monitor counts as silent. */
export const SILENT_AFTER = 3;

/** What a look changes about the monitor itself: most looks nothing. */
export function looked(
  state: Monitor | null,
  want: { readonly fault: string | null; readonly failures: number; readonly lastGood: Instant | null },
): Decision<MonitorFact> {
  if (state === null || state.removed !== null) return [];
  if (want.fault === null) return state.silent === null ? [] : [{ type: 'monitor.heard-again', data: {} }];
  if (want.failures < SILENT_AFTER || state.silent !== null) return [];
  const { fault: why, failures, lastGood: since } = want;
  return [{ type: 'monitor.fell-silent', data: { why, failures, since } }];
}

const MOST_WAIT_MS = 6 * 3_600_000;
/** How long until the next look: the interval, doubled with each failure up to six hours, and never before the host allows it. */
export function waitAfter(everyMinutes: number, failures: number, retryAfterMs: number | null): number {
  const every = everyMinutes * 60_000;
  const backedOff =
    failures === 0 ? every : Math.max(every, Math.min(MOST_WAIT_MS, every * 2 ** Math.min(failures, 20)));
  return Math.max(backedOff, Math.min(retryAfterMs ?? 0, 24 * 3_600_000));
}
