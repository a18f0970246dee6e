import { type Asked, addMs, type Decision, type Instant, later } from '../../kernel/index.ts';
import { CHANNEL_NAMES, type DetectionChannel } from '../../prepare/inventory/index.ts';
import type { SeverityTable } from '../../prepare/rubric/index.ts';
import {
  type Candidate,
  type CandidateFact,
  COMPANIONS_MS,
  coherence,
  earlyReading,
  foldCandidateFact,
  isOpen,
  type PageCause,
  type Summary,
  settle,
  spanInWords,
  summarise,
} from '../candidates/index.ts';
import type { Signal } from '../signals/index.ts';
import { type ConditionReading, isUnder, sayRule } from './condition.ts';
import { isSilenced, type Silence } from './silence.ts';

/** How often a page nobody acknowledges is told again, and after how long by severity. */
export const MOST_REPEATS = 3;
const REPEAT_MS = { 1: 5 * 60_000, 2: 15 * 60_000, 3: 60 * 60_000, 4: 60 * 60_000 } as const;

/** Something that keeps a candidate, or a signal of it, from being paged. */
export interface Hindrance {
  readonly kind:
    | 'over'
    | 'told'
    | 'acknowledged'
    | 'no-channel'
    | 'forming'
    | 'companions'
    | 'one-key'
    | 'weak'
    | 'resolved'
    | 'silence'
    | 'condition';
  readonly says: string;
  /** The silence or condition it comes from, else null. */
  readonly of: string | null;
  /** Signals it holds back; 0 where it is about the candidate. */
  readonly signals: number;
}

export interface Weighed {
  readonly counted: readonly Signal[];
  /** When the last of all that counts was said to be over, by whoever sent it; absent or null: something goes on. */
  readonly overSince?: Instant | null;
  readonly left: readonly { readonly signal: Signal; readonly why: Hindrance }[];
}

/** Which signals count for a page, and why the others do not. A finding that proves itself at Sev 1 breaks through. */
export function weigh(
  signals: readonly Signal[],
  silences: readonly Silence[],
  conditions: readonly ConditionReading[],
  severity: number,
): Weighed {
  const counted: Signal[] = [];
  const left: { signal: Signal; why: Hindrance }[] = [];
  for (const signal of signals) {
    const breaks = signal.evidenceClass === 'verified' && (signal.severityHint === 1 || severity === 1);
    const silence = silences.find((it) => isSilenced(signal, it) && (!breaks || it.holdsSevOne));
    const unmet = breaks ? undefined : conditions.find((it) => !it.met && isUnder(signal, it.condition));
    if (silence !== undefined)
      left.push({
        signal,
        why: { kind: 'silence', of: silence.id, signals: 1, says: `silenced: ${silence.reason} (${silence.owner})` },
      });
    else if (unmet !== undefined)
      left.push({
        signal,
        why: {
          kind: 'condition',
          of: unmet.condition.id,
          signals: 1,
          says: `${sayRule(unmet.condition.rule)}; ${unmet.says}`,
        },
      });
    else counted.push(signal);
  }
  return { counted, left };
}

/**
 * When the last of what counts was said to be over by its sender; null where something goes on. `resolved`: of these signals,
 * since when. `going`: signals of the candidate nobody called over, whether they were weighed or not.
 */
export function overSince(
  { counted, left }: Pick<Weighed, 'counted' | 'left'>,
  resolved: ReadonlyMap<string, Instant>,
  going: number,
): Instant | null {
  const heldBack = left.filter(({ signal }) => !resolved.has(signal.id)).length;
  if (counted.length === 0 || going > heldBack) return null;
  return counted.reduce<Instant | null>((last, { id }) => {
    const at = resolved.get(id);
    return at === undefined ? last : last === null ? at : later(last, at);
  }, null);
}

/** The hindrances of the signals that do not count, each once with its number. */
function leftOut({ left }: Weighed): Hindrance[] {
  const byCause = new Map<string, Hindrance>();
  for (const { why } of left) {
    const key = why.of ?? why.kind;
    const held = byCause.get(key);
    byCause.set(key, held === undefined ? why : { ...held, signals: held.signals + 1 });
  }
  return [...byCause.values()];
}

export interface PageReading {
  readonly page: {
    readonly cause: PageCause;
    readonly severity: 1 | 2 | 3 | 4;
    readonly because: string;
    readonly deployments: readonly string[];
  } | null;
  /** When to look again though nothing comes in; null: only something new changes the answer. */
  readonly next: Instant | null;
  /** Why nobody is told now; empty where somebody is. */
  readonly hindrances: readonly Hindrance[];
}

const about = (kind: Hindrance['kind'], says: string): Hindrance => ({ kind, says, of: null, signals: 0 });
const listed = (all: readonly string[]): string => [...new Set(all)].slice(0, 3).join(', ');
/** Who found it; a program that names no detector goes by its key, which says nothing to anybody. */
const detectorsIn = ({ detectors }: Summary): string =>
  listed(Object.keys(detectors).map((name) => (/^(?:key|usr)_/.test(name) ? 'the program that sent it' : name)));
const channelsIn = ({ channels }: Summary): string =>
  listed(Object.keys(channels).map((each) => CHANNEL_NAMES[each as DetectionChannel].toLowerCase()));

/** What is still missing for one event, in words. */
function formingSays({ count, channels }: Summary): string {
  const seen = `${count} ${count === 1 ? 'signal' : 'signals'} through ${Object.keys(channels).length === 1 ? 'one channel' : `${Object.keys(channels).length} channels`}`;
  return `still forming: ${seen}; it takes three signals, two channels, a strong finding and another detector, or one finding that proves itself`;
}

/**
 * Whether somebody is told now, by one rule for the pager and for “why was I not paged?”. A finding that proves itself
 * pages alone, at once where it reads as Sev 1 or 2, else after a minute for companions; one that is rarely wrong pages
 * with a second of another detector or channel; a source that may page alone does after the minute for companions, at once
 * where it names Sev 1 or 2 itself (what is only unknown reads as Sev 2, and loses nothing by a minute); heuristics never
 * page alone. After the first page only a graver severity,
 * another deployment, or nobody's answer pages again. What its sources say is over pages nobody while that is so.
 */
export function readPage(candidate: Candidate, weighed: Weighed, now: Instant, table: SeverityTable): PageReading {
  const not = (hindrances: readonly Hindrance[], next: Instant | null = null): PageReading => ({
    page: null,
    next,
    hindrances: [...hindrances, ...leftOut(weighed)],
  });
  if (!isOpen(candidate))
    return not([
      about(
        'over',
        candidate.incident === null ? `it was ${candidate.state}` : 'it became an incident, which calls its own people',
      ),
    ]);
  if (weighed.counted.length === 0)
    return not(
      candidate.pagedAt === null && weighed.left.length > 0 ? [] : [about('forming', 'no signal is left that counts')],
    );
  if (weighed.overSince != null)
    return not([
      about(
        'resolved',
        `its source says that it is over since ${weighed.overSince.slice(0, 16).replace('T', ' ')} UTC, so nobody is told${candidate.pagedAt === null ? '' : ' again'}; it stays open until somebody decides`,
      ),
    ]);
  const summary = weighed.left.length === 0 ? candidate.summary : summarise(weighed.counted);
  const { severity } = earlyReading({ ...candidate, summary }, table).call;
  const { deployments, evidence } = summary;
  const page = (cause: PageCause, because: string): PageReading => ({
    page: { cause, severity, because, deployments },
    next: null,
    hindrances: [],
  });
  if (candidate.pagedAt !== null) return again(candidate, { severity, deployments }, now, page, not);
  if (evidence.verified > 0 && severity <= 2)
    return page('proves-itself', `one finding proves itself and reads as Sev ${severity}`);
  const alone = summary.pagesAlone?.[0];
  const since = alone === undefined ? '' : `one signal may page alone, since ${alone.because}`;
  if (alone !== undefined && summary.severityHint !== null && summary.severityHint <= 2) return page('promised', since);
  if (candidate.coheredAt === null || coherence(summary) === null) {
    const settles = coherence(summary) === null ? null : later(now, addMs(candidate.summary.heardAt, COMPANIONS_MS));
    return not(
      [about('forming', settles === null ? formingSays(summary) : 'still forming: its severity has just moved')],
      settles,
    );
  }
  const two = Object.keys(summary.detectors).length >= 2 || Object.keys(summary.channels).length >= 2;
  if (evidence.verified > 0) {
    const waited = addMs(candidate.openedAt, COMPANIONS_MS);
    if (two || now >= waited) return page('proves-itself', `one finding proves itself; it reads as Sev ${severity}`);
    return not([about('companions', `it reads as Sev ${severity}, so companions are awaited for a minute`)], waited);
  }
  if (evidence.strong > 0 && two)
    return page(
      'two-agree',
      `a finding that is rarely wrong, and a second: ${Object.keys(summary.channels).length >= 2 ? channelsIn(summary) : detectorsIn(summary)}`,
    );
  if (alone !== undefined) {
    const waited = addMs(candidate.openedAt, COMPANIONS_MS);
    return two || now >= waited
      ? page('promised', since)
      : not([about('companions', `${since}; companions are awaited for a minute`)], waited);
  }
  if (evidence.strong > 0)
    return not([
      about(
        'one-key',
        `rarely wrong, but only ${detectorsIn(summary)} says so; a second detector or channel would page`,
      ),
    ]);
  return not([about('weak', 'only heuristics so far: they count beside others and never page alone')]);
}

/** After the first page: additions are silent, what changes what to do is not. */
function again(
  { pagedAt, pages, acknowledged }: Candidate,
  seen: { readonly severity: 1 | 2 | 3 | 4; readonly deployments: readonly string[] },
  now: Instant,
  page: (cause: PageCause, because: string) => PageReading,
  not: (hindrances: readonly Hindrance[], next?: Instant | null) => PageReading,
): PageReading {
  const held = pagedAt!;
  if (seen.severity < held.severity)
    return page('severity-rose', `it reads as Sev ${seen.severity} now, and was Sev ${held.severity}`);
  const known = held.deployments.length > 0 ? held.deployments : seen.deployments.slice(0, 1);
  const fresh = seen.deployments.filter((each) => !known.includes(each));
  if (fresh.length > 0) return page('new-deployment', `it is seen in ${fresh.slice(0, 3).join(', ')} as well`);
  const last = pages.at(-1);
  if (acknowledged !== null) return not([about('acknowledged', 'somebody looks at it; additions alone page nobody')]);
  if (last === undefined) return not([about('told', 'it was paged before it was merged')]);
  const nobody = last.to !== null && last.to.length === 0;
  const repeats = pages.length - 1 - pages.findLastIndex(({ cause }) => cause !== 'not-acknowledged');
  const due = addMs(last.at, REPEAT_MS[last.severity]);
  if (repeats < MOST_REPEATS && now >= due)
    return page('not-acknowledged', `nobody has acknowledged it for ${spanInWords(REPEAT_MS[last.severity])}`);
  const said = about(
    'told',
    repeats < MOST_REPEATS
      ? 'it was paged; it is told again if nobody acknowledges'
      : 'it was paged and repeated; nobody has acknowledged it',
  );
  return not(
    nobody ? [about('no-channel', 'nobody could be told: no channel is subscribed to pages'), said] : [said],
    repeats < MOST_REPEATS ? due : null,
  );
}

/** What is due for a candidate: the facts of now, and when to look again. */
export function dueFor(
  candidate: Candidate,
  asked: Asked,
  given: { readonly weighed: Weighed; readonly table: SeverityTable },
): { readonly facts: readonly CandidateFact[]; readonly next: Instant | null } {
  const settled = settle(candidate, asked, given.table);
  const facts: CandidateFact[] = Array.isArray(settled) ? [...settled] : [];
  const state = facts.reduce<Candidate | null>(
    (held, fact) => foldCandidateFact(held, { ...fact, ...asked, seq: 0, version: 0, stream: candidate.id }),
    candidate,
  )!;
  const { page, next } = readPage(state, given.weighed, asked.at, given.table);
  if (page === null) return { facts, next };
  const paged: CandidateFact = {
    type: 'candidate.paged',
    data: { candidate: candidate.id, page: (state.pages.at(-1)?.page ?? 0) + 1, ...page },
  };
  const told = foldCandidateFact(state, { ...paged, ...asked, seq: 0, version: 0, stream: candidate.id })!;
  return { facts: [...facts, paged], next: readPage(told, given.weighed, asked.at, given.table).next };
}

/** Who is being told of a page. The same page twice changes nothing. */
export function tellPage(
  candidate: Candidate | null,
  want: { readonly page: number; readonly to: readonly { readonly id: string; readonly name: string }[] },
): Decision<CandidateFact> {
  const page = candidate?.pages.find((each) => each.page === want.page);
  if (candidate === null || page === undefined || page.to !== null) return [];
  return [{ type: 'candidate.told', data: { candidate: candidate.id, ...want } }];
}

/** A channel took a page, or it was given up. */
export function handPage(
  candidate: Candidate | null,
  want: { readonly page: number; readonly to: string; readonly taken: boolean; readonly says: string },
): Decision<CandidateFact> {
  const page = candidate?.pages.find((each) => each.page === want.page);
  if (candidate === null || page === undefined || page.handed.some((each) => each.to === want.to && each.taken))
    return [];
  return [{ type: 'candidate.handed', data: { candidate: candidate.id, ...want } }];
}
