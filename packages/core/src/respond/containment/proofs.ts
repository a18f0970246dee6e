import { addMs, type Instant, later, msBetween } from '../../kernel/index.ts';
import type { Hold } from './containment.ts';
import type { Missing, SaidGone } from './facts.ts';
import { goneWords } from './gone.ts';
import { describeControl } from './kinds/ordering.ts';
import { type CheckedState, probeOf } from './probe.ts';
import type { ProofName, ProofTimes } from './proof-names.ts';
import { trafficShows } from './seen.ts';

export const PROOF_STATES = ['waiting', 'have', 'missing', 'not-possible'] as const;
export type ProofState = (typeof PROOF_STATES)[number];

/** Without a contrary event for this long, traffic counts as quiet. */
export const QUIET_MS = 60_000;
/** What was under way when the order came in is over by then, or was ended. */
const SETTLE_MS = 5_000;
/** A channel of records that was not heard for longer tells nothing. */
const RECORDED_MS = 24 * 3_600_000;

export const SURFACES = ['guard', 'gateway', 'other', 'openfeature'] as const;
/** A kind of place where orders are enforced. */
export type SurfaceKind = (typeof SURFACES)[number];

/** One instance that has to obey, with what it said of itself. */
export interface ProvingInstance {
  readonly instance: string;
  readonly host: string;
  readonly surface: SurfaceKind;
  /** When it came, where it came after the order: it is given the same time as the others had. */
  readonly since?: Instant | undefined;
  /** Null: it obeys. */
  readonly whyNot: string | null;
  /** What its own made-up requests met; null: it has not said. */
  readonly checked: CheckedState | null;
  /** Of what broke down there. */
  readonly says?: string | undefined;
  /** Whether it can try itself at all. */
  readonly checks: boolean;
}

/** What records say of one instance since everybody should obey. */
export interface InstanceTraffic {
  readonly instance: string;
  /** Of the scope of the hold, that went through it. */
  readonly records: number;
  readonly asIntended: number;
  readonly contrary: number;
  readonly lastContraryAt: Instant | null;
}

export interface TrafficFigures {
  /** When anything of the system was last recorded; null: never. */
  readonly lastRecordAt: Instant | null;
  /** Records of its scope since everybody obeyed. */
  readonly records: number;
  readonly asIntended: number;
  readonly contrary: number;
  readonly lastContraryAt: Instant | null;
  /** Requests it has touched, as guards count them. */
  readonly touched: number;
  /** Of the records, those that name no instance. */
  readonly unnamed: number;
  /** Of the contrary ones, those that name no instance. */
  readonly contraryUnnamed: number;
  /** Of the others, by instance. One that went through two is counted for both. */
  readonly instances: readonly InstanceTraffic[];
}

export interface Proving {
  readonly hold: Pick<Hold, 'what' | 'orderedAt' | 'confirmed' | 'release' | 'proofs'>;
  readonly times: ProofTimes;
  readonly instances: readonly ProvingInstance[];
  /** None of `instances`: nobody waits for these. */
  readonly gone?: readonly SaidGone[];
  readonly traffic: TrafficFigures;
}

export interface Proof {
  readonly proof: ProofName;
  readonly state: ProofState;
  /** When it came into this state, as far as it was recorded. */
  readonly since: Instant;
  /** When it counts as missing; null: it does not. */
  readonly dueAt: Instant | null;
  readonly have: number;
  readonly of: number;
  /** What it is made of, or why it is not there: a sentence. */
  readonly says: string;
  readonly missing: readonly Missing[];
  /** What to do next, as sentences. */
  readonly todo: readonly string[];
}

const count = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;
const NAMED = 5;

/** When everybody obeyed, or ought to have: what was asked before says nothing. */
export function settledAt({ orderedAt, confirmed }: Pick<Hold, 'orderedAt' | 'confirmed'>): Instant {
  const latest = addMs(orderedAt, SETTLE_MS);
  return confirmed !== undefined && confirmed.at < latest ? confirmed.at : latest;
}

function todoFor(missing: readonly (Missing & { readonly surface: SurfaceKind })[]): string[] {
  return missing.slice(0, NAMED).map(({ instance, host, surface, why }) => {
    const where = host === '' ? '' : ` on host ${host}`;
    if (why.includes('does not know')) return `Update ${instance}${where}; until then disable what it serves instead.`;
    if (surface === 'gateway')
      return `Gateway ${instance}${where} did not answer: take it out of the path, or restart it.`;
    return `Kill process ${instance}${where}: as long as it runs it goes on as before.`;
  });
}

type Draft = Omit<Proof, 'proof' | 'since' | 'dueAt'>;

function acknowledged({ hold, instances, gone = [] }: Proving): Draft {
  const asked = instances.filter(({ surface }) => surface !== 'openfeature');
  const late = asked.flatMap(({ instance, host, surface, whyNot }) =>
    whyNot === null ? [] : [{ instance, host, surface, why: whyNot }],
  );
  const figures = { have: asked.length - late.length, of: asked.length };
  const missing = late.map(({ surface: _, ...each }) => each);
  const but = (says: string, left: readonly SaidGone[] = gone) => [says, goneWords(left)].join(' ').trim();
  if (asked.length === 0 && hold.confirmed !== undefined) {
    const { instances: all, gone: then = [] } = hold.confirmed;
    const obeyed = then.length === 0 ? `Everybody obeyed (${all})` : `${all} of ${all} acknowledged`;
    return { ...figures, state: 'have', says: but(`${obeyed}, and nobody is connected now.`, then), missing, todo: [] };
  }
  if (asked.length === 0)
    return {
      ...figures,
      state: 'waiting',
      says: but('No guard or gateway of this system is connected, so nobody obeys.'),
      missing,
      todo: ['Connect a guard, or stop the system where it runs: nothing obeys this order.'],
    };
  if (late.length > 0)
    return {
      ...figures,
      state: 'waiting',
      says: but(
        `${count(late.length, 'instance does', 'instances do')} not say that ${late.length === 1 ? 'it obeys' : 'they obey'}.`,
      ),
      missing,
      todo: todoFor(late),
    };
  const says =
    gone.length === 0
      ? `Every live instance obeys: ${asked.length}.`
      : but(`${asked.length} of ${asked.length} acknowledged.`);
  return { ...figures, state: 'have', says, missing, todo: [] };
}

const FAILED: Readonly<Partial<Record<CheckedState, string>>> = {
  'not-effective': 'let a made-up request through',
  'too-wide': 'stops more than it should',
  fault: 'cannot judge with this order in force',
  unsupported: 'does not know this kind of control',
};
const SURFACE_WORDS: Readonly<Record<SurfaceKind, string>> = {
  guard: 'guards',
  gateway: 'gateways',
  other: 'other instances',
  openfeature: 'OpenFeature',
};

function probed({ hold, instances }: Proving): Draft {
  const none = { have: 0, of: 0, missing: [], todo: [] };
  if (hold.release !== undefined)
    return {
      ...none,
      state: 'not-possible',
      says: 'It lets some requests go already, so a made-up one proves nothing.',
    };
  if (probeOf(hold.what) === undefined)
    return { ...none, state: 'not-possible', says: 'No request can be made up that must meet its pattern.' };
  const able = instances.filter(({ checks }) => checks);
  if (able.length === 0)
    return {
      ...none,
      state: 'not-possible',
      says:
        instances.length === 0
          ? 'Nothing is connected that could be tried.'
          : 'No instance can try itself: their guards are older. Update them.',
    };
  const bad = able.flatMap(({ instance, host, surface, checked, says }) => {
    const why = checked === null ? undefined : FAILED[checked];
    return why === undefined ? [] : [{ instance, host, surface, why: says ? `${why}: ${says}` : why }];
  });
  const surfaces = [...new Set(able.map(({ surface }) => surface))];
  const silent = surfaces.filter(
    (surface) => !able.some((each) => each.surface === surface && each.checked === 'effective'),
  );
  const effective = able.filter(({ checked }) => checked === 'effective').length;
  const figures = { have: effective, of: able.length };
  if (bad.length > 0)
    return {
      ...figures,
      state: 'waiting',
      says: `A made-up request got past ${count(bad.length, 'instance')}.`,
      missing: bad.map(({ surface: _, ...each }) => each),
      todo: todoFor(bad),
    };
  if (silent.length > 0) {
    const unheard = able.filter(({ surface, checked }) => silent.includes(surface) && checked === null);
    const named = unheard.map(({ instance, host, surface }) => ({ instance, host, surface, why: 'has not tried it' }));
    return {
      ...figures,
      state: 'waiting',
      says: `Nothing was tried yet at: ${silent.map((surface) => SURFACE_WORDS[surface]).join(', ')}.`,
      missing: named.map(({ surface: _, ...each }) => each),
      todo: todoFor(named),
    };
  }
  return {
    ...figures,
    state: 'have',
    says: `A made-up request met “${describeControl(hold.what)}” at ${count(effective, 'instance')}: ${surfaces.map((surface) => SURFACE_WORDS[surface]).join(', ')}.`,
    missing: [],
    todo: [],
  };
}

const PAST =
  'Open what got past and see where it comes from: a program that asks the vendor directly, or an instance that does not obey.';

/** Whose requests got past in the last minute, by name, and what to do about each. */
function pastBy({ instances, traffic, gone = [] }: Proving, now: Instant): Pick<Draft, 'says' | 'missing' | 'todo'> {
  const { contrary, contraryUnnamed } = traffic;
  const lately = traffic.instances.filter(({ lastContraryAt: at }) => at !== null && msBetween(at, now) < QUIET_MS);
  const named = lately.map(({ instance, contrary: past }) => {
    const known = instances.find((each) => each.instance === instance);
    const got = `${count(past, 'request')} got past through it`;
    if (known === undefined && gone.some((each) => each.instance === instance))
      return {
        missing: { instance, host: '', why: `${got}, though it is said to be gone` },
        todo: `Look at ${instance} again: it is said to be gone, and requests get past through it.`,
      };
    if (known === undefined)
      return {
        missing: { instance, host: '', why: `${got}; no guard or gateway of this name is connected` },
        todo: `Find the process that calls itself ${instance}, and stop it: no guard or gateway of this name is connected.`,
      };
    const { host, surface } = known;
    const where = host === '' ? '' : ` on host ${host}`;
    return {
      missing: { instance, host, why: got },
      todo:
        surface === 'gateway'
          ? `Take gateway ${instance}${where} out of the path, or restart it: ${got}.`
          : `Kill process ${instance}${where}: ${got}.`,
    };
  });
  const parts = [
    ...lately.slice(0, NAMED).map(({ instance, contrary: past }) => `${past} through ${instance}`),
    ...(lately.length > NAMED ? [`others through ${count(lately.length - NAMED, 'more instance')}`] : []),
    ...(contraryUnnamed > 0 && lately.length > 0 ? [`${contraryUnnamed} without the name of an instance`] : []),
  ];
  const by = parts.length === 0 ? '' : `: ${parts.join(', ')}`;
  return {
    says: `${count(contrary, 'request')} got past since everybody should obey${by}.`,
    missing: named.map(({ missing }) => missing),
    todo: [
      ...named.slice(0, NAMED).map(({ todo }) => todo),
      ...(contraryUnnamed > 0 || named.length === 0 ? [PAST] : []),
    ],
  };
}

function trafficOf(proving: Proving, now: Instant): Draft {
  const { hold, traffic } = proving;
  const { lastRecordAt, records, asIntended, contrary, lastContraryAt, touched } = traffic;
  const shows = trafficShows(hold.what);
  const from = settledAt(hold);
  const blank = { have: 0, of: 0, missing: [], todo: [] };
  if (shows === 'nothing')
    return { ...blank, state: 'not-possible', says: 'Records do not say what started a request.' };
  if (hold.release !== undefined)
    return { ...blank, state: 'not-possible', says: 'It lets some requests go already, so traffic proves nothing.' };
  if (shows === 'touched')
    return touched > 0
      ? { ...blank, have: touched, of: touched, state: 'have', says: `${count(touched, 'request')} met it.` }
      : { ...blank, state: 'waiting', says: 'No request has met it yet; the proof comes with the first.' };
  if (lastRecordAt === null || msBetween(lastRecordAt, now) > RECORDED_MS)
    return {
      ...blank,
      state: 'not-possible',
      says: 'Nothing of this system was recorded in the last day, so traffic cannot show it.',
    };
  const figures = { have: records - contrary, of: records };
  if (contrary > 0 && lastContraryAt !== null && msBetween(lastContraryAt, now) < QUIET_MS)
    return { ...figures, state: 'missing', ...pastBy(proving, now) };
  if (shows === 'pinned') {
    if (asIntended > 0)
      return {
        ...figures,
        state: 'have',
        says: `${count(asIntended, 'answer')} came from the version that was ordered, and none from another since.`,
        missing: [],
        todo: [],
      };
    return {
      ...figures,
      state: 'waiting',
      says:
        records === 0
          ? 'No request was recorded since; the proof comes with the first answer.'
          : `${count(records, 'record')} since, and none says that the version ordered has answered.`,
      missing: [],
      todo:
        records === 0
          ? []
          : ['Have the application record the version that answers, or ask one question and look at its record.'],
    };
  }
  const quietSince = lastContraryAt !== null && lastContraryAt > from ? lastContraryAt : from;
  const quiet = msBetween(quietSince, now);
  if (quiet < QUIET_MS)
    return {
      ...figures,
      state: 'waiting',
      says: `Nothing got past for ${Math.max(0, Math.floor(quiet / 1_000))} of ${QUIET_MS / 1_000} s.`,
      missing: [],
      todo: [],
    };
  return {
    ...figures,
    state: 'have',
    says: `Nothing got past for ${QUIET_MS / 1_000} s${records === 0 ? '; no request of it was recorded since' : `, in ${count(records, 'record')}`}.`,
    missing: [],
    todo: [],
  };
}

/** A proof that waits for something that may never come, such as a request at night, is never called missing. */
function mayWait(name: ProofName, { hold, traffic }: Proving): boolean {
  if (name !== 'traffic') return false;
  return trafficShows(hold.what) !== 'pinned' || traffic.records === 0;
}

/** Where the three proofs of a hold stand at a moment, each by itself. Pure. */
export function proofsOf(proving: Proving, now: Instant): Readonly<Record<ProofName, Proof>> {
  const { hold, times, instances } = proving;
  const drafts: Readonly<Record<ProofName, Draft>> = {
    acknowledged: acknowledged(proving),
    probe: probed(proving),
    traffic: trafficOf(proving, now),
  };
  const cameAt = (instance: string) => instances.find((each) => each.instance === instance)?.since ?? hold.orderedAt;
  const settle = (name: ProofName): Proof => {
    const draft = drafts[name];
    const kept = hold.proofs?.[name];
    const first = draft.missing.map(({ instance }) => cameAt(instance)).sort()[0] ?? hold.orderedAt;
    const due = addMs(later(first, hold.orderedAt), times[name] * 1_000);
    const late = draft.state === 'waiting' && due <= now && !mayWait(name, proving);
    const state = late ? 'missing' : draft.state;
    const since = kept?.state === state ? kept.at : state === 'waiting' ? hold.orderedAt : now;
    const dueAt = draft.state === 'waiting' && !mayWait(name, proving) ? due : null;
    return { proof: name, ...draft, state, since, dueAt };
  };
  return { acknowledged: settle('acknowledged'), probe: settle('probe'), traffic: settle('traffic') };
}

/** How far an order has come, in plain words. Each level needs the ones before it. */
export const LEVELS = [
  'Recorded: the order and its evidence are kept.',
  'Delivered: it has reached an instance.',
  'Obeyed: every live instance says that it obeys.',
  'Effective: a made-up request met it at every kind of surface.',
  'Quiet: nothing has got past in traffic.',
] as const;

/** The same of an order that some are not waited for: never as if everybody had answered. */
export const levelSays = (at: keyof typeof LEVELS & number, gone: number): string =>
  at < 2 || gone === 0 ? LEVELS[at]! : `${LEVELS[at]} Not counted, as said to be gone: ${gone}.`;

export function levelOf(proofs: Readonly<Record<ProofName, Pick<Proof, 'state' | 'have'>>>): 0 | 1 | 2 | 3 | 4 {
  const { acknowledged: told, probe, traffic } = proofs;
  if (told.state !== 'have') return told.have > 0 ? 1 : 0;
  if (probe.state !== 'have') return 2;
  return traffic.state === 'have' ? 4 : 3;
}
