import type { ChannelCoverage } from '@firebreak/contract/detect/channels';
import { channelGaps } from '../detect/channels/words.ts';
import { span } from '../ui/durations.ts';

interface OpenIncident {
  readonly label: string;
  readonly severity: number;
  readonly state: string;
  readonly commander: string | null;
}
interface ActiveHold {
  readonly confirmation: 'ordered' | 'confirmed' | 'failed';
  readonly proofs?: Readonly<Record<string, { readonly state: string }>> | null;
}

const count = (n: number, one: string, many: string): string => `${n === 0 ? 'no' : n} ${n === 1 ? one : many}`;

/** The state of the house in one line, made from what is shown below it. */
export function nowSentence(open: readonly OpenIncident[], waiting: number, holds: readonly ActiveHold[]): string {
  const headless = open.filter((each) => each.commander === null);
  const disobeyed = holds.filter((each) => each.confirmation === 'failed').length;
  const unproven = holds.filter(
    ({ confirmation, proofs }) =>
      confirmation !== 'failed' && Object.values(proofs ?? {}).some(({ state }) => state === 'missing'),
  ).length;
  const parts = [
    count(open.length, 'incident open', 'incidents open'),
    count(waiting, 'candidate waiting', 'candidates waiting'),
    count(holds.length, 'hold in force', 'holds in force'),
  ];
  const first = `${parts[0]}, ${parts[1]}, ${parts[2]}.`;
  const more = [
    ...(headless.length === 1
      ? [`Nobody commands ${headless[0]!.label}.`]
      : headless.length > 1
        ? [`Nobody commands ${headless.length} of them.`]
        : []),
    ...(unproven > 0 ? [`${count(unproven, 'hold lacks', 'holds lack')} a proof that it works.`] : []),
    ...(disobeyed > 0 ? [`${count(disobeyed, 'hold is', 'holds are')} not obeyed everywhere.`] : []),
  ];
  return [first.charAt(0).toUpperCase() + first.slice(1), ...more].join(' ');
}

/** The screen where a gap is mended. */
export type Place =
  | { readonly to: '/systems/$system'; readonly params: { readonly system: string } }
  | { readonly to: '/settings' | '/roles' | '/risks' | '/start' | '/monitors' | '/review' | '/channels' }
  | { readonly to: '/quality'; readonly search: { readonly show: 'drills' } };

export interface Unready {
  readonly at: Place;
  readonly name: string;
  readonly says: string;
  readonly fix: string;
}

/** What is known of the house beside its systems. Null stands for "not known yet". */
export interface House {
  readonly roleGaps: readonly { readonly why: string }[] | null;
  readonly risks:
    | readonly { readonly title: string; readonly overdue: boolean; readonly reviewBy: string | null }[]
    | null;
  /** Where the start stands, while it is not done. */
  readonly start: string | null;
  readonly heartbeats?: readonly { readonly kind: string; readonly name: string; readonly state: string }[] | null;
  readonly reviews?: { readonly overdue: number; readonly waiting: number } | null;
  /** Who would be told of a page. */
  readonly pageChannels?: readonly object[] | null;
  /** Signals that could not be grouped. */
  readonly setAside?: number | null;
  /** Systems whose detection was not drilled to the end lately. */
  readonly drills?: readonly { readonly name: string; readonly stale: boolean }[] | null;
  readonly monitors?:
    | readonly {
        readonly name: string;
        readonly paused: string | null;
        readonly silent: { readonly why: string } | null;
      }[]
    | null;
}

const MOST_RISKS = 3;
/** These stand under names of their own. */
const TOLD_ELSEWHERE = ['monitor', 'telemetry'];

/** What of the house would fail tonight, whichever system it is about. */
export function houseGaps({
  roleGaps,
  risks,
  start,
  monitors,
  heartbeats,
  reviews,
  drills,
  pageChannels,
  setAside,
}: House): Unready[] {
  const overdue = (risks ?? []).filter((risk) => risk.overdue);
  const gaps: Unready[] = [];
  if (start !== null) gaps.push({ at: { to: '/start' }, name: 'The start', says: 'is not finished', fix: start });
  if (pageChannels?.length === 0)
    gaps.push({
      at: { to: '/settings' },
      name: 'Pages',
      says: 'reach nobody',
      fix: 'Whatever is found, no channel is subscribed to pages: subscribe PagerDuty, a chat or a webhook.',
    });
  if (setAside)
    gaps.push({
      at: { to: '/channels' },
      name: setAside === 1 ? 'One signal' : `${setAside} signals`,
      says: 'could not be grouped',
      fix: 'They are in no candidate. Look at them yourself, and try again.',
    });
  const [first] = roleGaps ?? [];
  if (first && roleGaps)
    gaps.push({
      at: { to: '/roles' },
      name: 'The role directory',
      says: roleGaps.length === 1 ? 'has a gap' : `has ${roleGaps.length} gaps`,
      fix: roleGaps.length === 1 ? first.why : `${first.why} And ${roleGaps.length - 1} more.`,
    });
  const stale = (drills ?? []).filter((each) => each.stale);
  if (stale.length > 0)
    gaps.push({
      at: { to: '/quality', search: { show: 'drills' } },
      name: 'Detection',
      says: `was not drilled lately for ${stale.length === 1 ? stale[0]!.name : `${stale.length} systems`}`,
      fix: 'Send a known failure through the real path: within five minutes somebody should have the page.',
    });
  if (reviews && reviews.overdue > 0)
    gaps.push({
      at: { to: '/review' },
      name: 'The review queue',
      says: reviews.overdue === 1 ? 'has one piece past its time' : `has ${reviews.overdue} pieces past their time`,
      fix: 'People were promised that somebody looks at what they say. Look now, or promise what can be kept.',
    });
  for (const { name, silent } of (monitors ?? []).filter(({ paused }) => paused === null))
    if (silent !== null)
      gaps.push({ at: { to: '/monitors' }, name: `Monitor “${name}”`, says: 'hears nothing', fix: silent.why });
  for (const { kind, name, state } of heartbeats ?? [])
    if (state === 'silent' && !TOLD_ELSEWHERE.includes(kind))
      gaps.push({
        at: { to: '/channels' },
        name,
        says: 'is silent',
        fix: 'It should have been heard. See whether its sender still runs, or say that it may be rare.',
      });
  for (const { title, reviewBy } of overdue.slice(0, MOST_RISKS))
    gaps.push({
      at: { to: '/risks' },
      name: `Risk “${title}”`,
      says: `was to be looked at again by ${reviewBy}`,
      fix: 'Say what has been learnt, and until when it is treated as it is.',
    });
  if (overdue.length > MOST_RISKS)
    gaps.push({
      at: { to: '/risks' },
      name: `${overdue.length - MOST_RISKS} more`,
      says: overdue.length - MOST_RISKS === 1 ? 'risk is overdue' : 'risks are overdue',
      fix: 'Look at them again, gravest first.',
    });
  return gaps;
}

/** What else is known about readiness. Null stands for "not known yet". */
export interface Coverage {
  readonly channels: readonly { readonly system: string; readonly channels: readonly ChannelCoverage[] }[] | null;
  readonly controls:
    | readonly {
        readonly system: string;
        readonly missing: readonly { readonly kind: string }[];
        readonly controls?: readonly {
          readonly name: string;
          readonly readiness: { readonly state: string; readonly says: string };
        }[];
      }[]
    | null;
  readonly unregistered: readonly { readonly key: string }[];
  /** Null, or left out: not known yet. */
  readonly tripwires?:
    | readonly {
        readonly system: string;
        readonly name: string;
        readonly state: 'armed' | 'tripped';
        readonly controlName: string | null;
      }[]
    | null;
}

const pageOf = (system: string): Place => ({ to: '/systems/$system', params: { system } });

/** Silence longer than this is worth a line. */
const SILENT_MS = 60 * 60_000;

const SENDS: ReadonlySet<string> = new Set(['predictions', 'measure']);

/**
 * When each system was heard: by its interactions, or by its predictions and the numbers it sends, which is all that a system
 * without a language model has. Null: not known yet.
 */
export function heardOf(
  telemetry: readonly { readonly system: string; readonly lastAt: string }[] | null,
  heartbeats:
    | readonly { readonly kind: string; readonly system: string | null; readonly lastAt: string | null }[]
    | null,
): { readonly system: string; readonly lastAt: string }[] | null {
  if (telemetry === null || heartbeats === null) return null;
  const latest = new Map<string, string>();
  const others = heartbeats.flatMap(({ kind, system, lastAt }) =>
    SENDS.has(kind) && system !== null && lastAt !== null ? [{ system, lastAt }] : [],
  );
  for (const { system, lastAt } of [...telemetry, ...others]) {
    const held = latest.get(system);
    if (held === undefined || held < lastAt) latest.set(system, lastAt);
  }
  return [...latest].map(([system, lastAt]) => ({ system, lastAt }));
}

/** What would fail tonight. Null stands for "not known yet", about which nothing is claimed. */
export function unready(
  systems: readonly {
    readonly key: string;
    readonly name: string;
    readonly owner: string;
    readonly retired: boolean;
  }[],
  guards: readonly { readonly system: string; readonly live: boolean }[] | null,
  telemetry: readonly { readonly system: string; readonly lastAt: string }[] | null,
  now: number,
  coverage: Coverage = { channels: null, controls: null, unregistered: [] },
): Unready[] {
  const strangers = coverage.unregistered.map(({ key }) => ({
    at: pageOf(key),
    name: key,
    says: 'is heard and not registered',
    fix: 'Nobody answers for it. Register it on the page of systems.',
  }));
  const known = systems
    .filter((system) => !system.retired)
    .flatMap(({ key, name, owner }) => {
      const gaps: Unready[] = [];
      if (guards && !guards.some((guard) => (guard.system === key || guard.system === '*') && guard.live))
        gaps.push({
          at: pageOf(key),
          name,
          says: 'has no live guard',
          fix: 'An order would be a note: nothing would obey it.',
        });
      const heard = telemetry?.find((each) => each.system === key);
      if (telemetry && !heard)
        gaps.push({
          at: pageOf(key),
          name,
          says: 'sends nothing',
          fix: 'No detector can see it. Send traces or interactions.',
        });
      else if (heard && now - Date.parse(heard.lastAt) > SILENT_MS)
        gaps.push({
          at: pageOf(key),
          name,
          says: `has been silent for ${span(now - Date.parse(heard.lastAt))}`,
          fix: 'Either nobody uses it, or its telemetry is cut.',
        });
      if (owner === '') gaps.push({ at: pageOf(key), name, says: 'has no owner', fix: 'Name who answers for it.' });
      const controls = coverage.controls?.find((each) => each.system === key);
      if (controls?.missing.some(({ kind }) => kind === 'stop-all'))
        gaps.push({
          at: pageOf(key),
          name,
          says: 'has no control that stops all of it',
          fix: 'Wire one now, so that nobody has to invent it at night.',
        });
      const [first, ...more] = (controls?.controls ?? []).filter(({ readiness }) => readiness.state !== 'ready');
      if (first)
        gaps.push({
          at: pageOf(key),
          name,
          says:
            more.length === 0
              ? `has a control that is not ready: “${first.name}”`
              : `has ${more.length + 1} controls that are not ready`,
          fix: `${more.length === 0 ? '' : `“${first.name}”: `}${first.readiness.says} Test it on the page of the system.`,
        });
      for (const tripwire of (coverage.tripwires ?? []).filter((each) => each.system === key))
        if (tripwire.controlName === null)
          gaps.push({
            at: pageOf(key),
            name,
            says: `has a tripwire that can do nothing: “${tripwire.name}”`,
            fix: 'Its control is wired no more. Set it for another one, or remove it.',
          });
        else if (tripwire.state === 'tripped')
          gaps.push({
            at: pageOf(key),
            name,
            says: `has a tripwire that has tripped: “${tripwire.name}”`,
            fix: 'It does nothing until a person arms it again, on the page of the system.',
          });
      const heardBy = coverage.channels?.find((each) => each.system === key);
      for (const says of channelGaps(heardBy?.channels ?? []))
        gaps.push({ at: pageOf(key), name, says, fix: 'Say who is told, on the page of the system.' });
      return gaps;
    });
  return [...known, ...strangers];
}
