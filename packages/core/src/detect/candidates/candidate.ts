import type { Actor, Id, Instant, Recorded } from '../../kernel/index.ts';
import { later, msBetween, ofTypes } from '../../kernel/index.ts';
import type { Archetype, Mark } from '../signals/index.ts';
import type {
  CandidateFact,
  CandidateId,
  LateDecision,
  Outcome,
  PageCause,
  Related,
  Summary,
  ToldChannel,
} from './facts.ts';
import { CANDIDATE_FACTS } from './facts.ts';
import { keptReasons } from './reasons.ts';
import { joinSummaries } from './summary.ts';

export const CANDIDATE_STATES = ['forming', 'coherent', 'paged', 'promoted', 'closed', 'dismissed', 'merged'] as const;
/** `forming`, `coherent` and `paged` are open; `promoted` is with its incident, `closed` when that is; the others are ends. */
export type CandidateState = (typeof CANDIDATE_STATES)[number];
export const OPEN_STATES = ['forming', 'coherent', 'paged'] as const satisfies readonly CandidateState[];

/** One time somebody was told. */
export interface Page {
  readonly page: number;
  readonly at: Instant;
  readonly severity: 1 | 2 | 3 | 4;
  readonly cause: PageCause;
  readonly because: string;
  /** Null: not worked out yet. Empty: nobody could be told, no channel is subscribed. */
  readonly to: readonly ToldChannel[] | null;
  /** What became of it at each channel. */
  readonly handed: readonly {
    readonly to: string;
    readonly at: Instant;
    readonly taken: boolean;
    readonly says: string;
  }[];
}
const PAGES_KEPT = 20;
const DEPLOYMENTS_KEPT = 100;

/** Signals believed to be one event. */
export interface Candidate {
  readonly id: CandidateId;
  readonly state: CandidateState;
  readonly title: string;
  readonly system: string;
  readonly feature: string | null;
  readonly archetype: Archetype | null;
  readonly probe: boolean;
  readonly openedAt: Instant;
  readonly coheredAt: Instant | null;
  readonly coheredBecause: string | null;
  /** When its last fact was recorded. */
  readonly changedAt: Instant;
  readonly summary: Summary;
  /** Why these signals are believed to belong together, latest first, at most eight sentences. */
  readonly reasons: readonly string[];
  readonly related: readonly Related[];
  readonly splitFrom: CandidateId | null;
  readonly splitInto: readonly CandidateId[];
  readonly absorbed: readonly CandidateId[];
  readonly mergedInto: CandidateId | null;
  readonly incident: Id<'inc'> | null;
  readonly ended: {
    readonly at: Instant;
    readonly by: Actor;
    readonly as: Outcome | null;
    readonly reason: string;
  } | null;
  /** Every time somebody was told, latest last, at most twenty. */
  readonly pages: readonly Page[];
  readonly acknowledged: { readonly at: Instant; readonly by: Actor; readonly page: number } | null;
  /** What the last page said, which the next is compared with; null: never paged. */
  readonly pagedAt: { readonly severity: 1 | 2 | 3 | 4; readonly deployments: readonly string[] } | null;
  readonly closedAt: Instant | null;
  /** When its incident was contained or resolved; absent while that goes on. */
  readonly easedAt?: Instant | null | undefined;
  /** Null of everything real. */
  readonly mark: Mark | null;
  /** The candidate of a system it depends on that began first; the last one proposed. */
  readonly parent: {
    readonly candidate: CandidateId;
    readonly system: string;
    readonly because: string;
    readonly proposedAt: Instant;
    readonly decided: {
      readonly at: Instant;
      readonly by: Actor;
      readonly accepted: boolean;
      readonly reason: string;
    } | null;
  } | null;
  /** What people told after its incident was closed, and what was seen again while that was open. */
  readonly late: {
    readonly summary: Summary;
    readonly lastAt: Instant;
    readonly reasons: readonly string[];
    /** Null: nobody has looked since the last one. */
    readonly decided: {
      readonly at: Instant;
      readonly by: Actor;
      readonly as: LateDecision;
      readonly reason: string;
    } | null;
  } | null;
}

function apply(state: Candidate | null, fact: Recorded<CandidateFact>): Candidate | null {
  if (fact.type === 'candidate.opened') {
    const { data } = fact;
    return {
      id: data.candidate,
      state: 'forming',
      title: data.title,
      system: data.system,
      feature: data.feature,
      archetype: data.archetype,
      probe: data.probe,
      openedAt: fact.at,
      coheredAt: null,
      coheredBecause: null,
      changedAt: fact.at,
      summary: data.summary,
      reasons: keptReasons(data.reasons),
      related: data.related,
      splitFrom: data.splitFrom,
      splitInto: [],
      absorbed: [],
      mergedInto: null,
      incident: null,
      ended: null,
      pages: [],
      acknowledged: null,
      pagedAt: null,
      closedAt: null,
      mark: data.mark ?? null,
      parent: null,
      late: null,
    };
  }
  if (state === null) return null;
  const changedAt = fact.at;
  const ended = (reason: string, as: Outcome | null) => ({ at: fact.at, by: fact.by, as, reason });
  switch (fact.type) {
    case 'candidate.joined':
      return {
        ...state,
        changedAt,
        summary: joinSummaries(state.summary, fact.data.added),
        reasons: keptReasons(fact.data.reasons, state.reasons),
      };
    case 'candidate.absorbed':
      return {
        ...state,
        changedAt,
        summary: joinSummaries(state.summary, fact.data.added),
        reasons: keptReasons([`merged by hand: ${fact.data.reason}`], state.reasons),
        absorbed: [...state.absorbed, fact.data.from].slice(-50),
        related: state.related.filter((r) => r.candidate !== fact.data.from),
        ...absorbPage(state, fact.data.pagedAt),
      };
    case 'candidate.cohered':
      return {
        ...state,
        changedAt,
        state: state.state === 'forming' ? 'coherent' : state.state,
        coheredAt: fact.at,
        coheredBecause: fact.data.because,
      };
    case 'candidate.merged':
      return { ...state, changedAt, state: 'merged', mergedInto: fact.data.into, ended: ended(fact.data.reason, null) };
    case 'candidate.split':
      return {
        ...state,
        changedAt,
        summary: { ...fact.data.left, deployments: fact.data.left.deployments ?? [] },
        splitInto: [...state.splitInto, fact.data.into].slice(-50),
      };
    case 'candidate.dismissed':
      return { ...state, changedAt, state: 'dismissed', ended: ended(fact.data.reason, fact.data.as) };
    case 'candidate.promoted':
      return {
        ...state,
        changedAt,
        state: 'promoted',
        incident: fact.data.incident,
        ended:
          fact.data.kind === 'near-miss'
            ? ended('filed as a near miss', 'near-miss')
            : ended('became an incident', null),
      };
    case 'candidate.paged': {
      const { candidate: _, deployments, ...page } = fact.data;
      return {
        ...state,
        changedAt,
        state: isOpen(state) ? 'paged' : state.state,
        pages: [...state.pages, { ...page, at: fact.at, to: null, handed: [] }].slice(-PAGES_KEPT),
        pagedAt: { severity: page.severity, deployments: deployments.slice(0, DEPLOYMENTS_KEPT) },
        // What changed since asks for another look.
        acknowledged: page.cause === 'not-acknowledged' ? state.acknowledged : null,
      };
    }
    case 'candidate.told':
      return { ...state, changedAt, pages: onPage(state.pages, fact.data.page, () => ({ to: fact.data.to })) };
    case 'candidate.handed': {
      const { to, taken, says } = fact.data;
      return {
        ...state,
        changedAt,
        pages: onPage(state.pages, fact.data.page, ({ handed }) => ({
          handed: [...handed.filter((each) => each.to !== to), { to, at: fact.at, taken, says }],
        })),
      };
    }
    case 'candidate.acknowledged':
      return { ...state, changedAt, acknowledged: { at: fact.at, by: fact.by, page: fact.data.page } };
    case 'candidate.unmerged':
      return {
        ...state,
        changedAt,
        state: state.pagedAt !== null ? 'paged' : state.coheredAt !== null ? 'coherent' : 'forming',
        summary: fact.data.summary,
        mergedInto: null,
        ended: null,
        reasons: keptReasons([`parted again: ${fact.data.reason}`], state.reasons),
      };
    case 'candidate.released':
      return {
        ...state,
        changedAt,
        summary: fact.data.left,
        absorbed: state.absorbed.filter((each) => each !== fact.data.into),
        reasons: state.reasons.filter((each) => !each.startsWith('merged by hand')),
      };
    case 'candidate.parent-proposed': {
      const { parent: candidate, system, because } = fact.data;
      return { ...state, changedAt, parent: { candidate, system, because, proposedAt: fact.at, decided: null } };
    }
    case 'candidate.parent-decided':
      return {
        ...state,
        changedAt,
        parent: state.parent && {
          ...state.parent,
          decided: { at: fact.at, by: fact.by, accepted: fact.data.accepted, reason: fact.data.reason },
        },
      };
    case 'candidate.reported-late':
      return {
        ...state,
        changedAt,
        late: {
          summary: state.late === null ? fact.data.added : joinSummaries(state.late.summary, fact.data.added),
          lastAt: fact.at,
          reasons: keptReasons(fact.data.reasons, state.late?.reasons),
          decided: null,
        },
      };
    case 'candidate.late-decided':
      return {
        ...state,
        changedAt,
        late: state.late && {
          ...state.late,
          decided: { at: fact.at, by: fact.by, as: fact.data.as, reason: fact.data.reason },
        },
      };
    case 'candidate.incident-moved':
      return { ...state, changedAt, easedAt: fact.data.to === 'open' ? null : (state.easedAt ?? fact.at) };
    case 'candidate.closed':
      return { ...state, changedAt, state: 'closed', closedAt: fact.at };
  }
}

const onPage = (pages: readonly Page[], page: number, change: (held: Page) => Partial<Page>): readonly Page[] =>
  pages.map((held) => (held.page === page ? { ...held, ...change(held) } : held));

/** Of two candidates that are one event, whoever was told of either is not told again of both. */
function absorbPage(
  { pagedAt, state, summary }: Candidate,
  other: 1 | 2 | 3 | 4 | undefined,
): Partial<Pick<Candidate, 'pagedAt' | 'state'>> {
  if (other === undefined) return {};
  const gravest = pagedAt === null || other < pagedAt.severity ? other : pagedAt.severity;
  return {
    state: state === 'forming' || state === 'coherent' ? 'paged' : state,
    pagedAt: { severity: gravest, deployments: pagedAt?.deployments ?? summary.deployments },
  };
}

/** The candidate these facts tell of, or null where they tell of none. */
export function foldCandidate(facts: readonly Recorded[]): Candidate | null {
  return ofTypes<CandidateFact>(facts, CANDIDATE_FACTS).reduce<Candidate | null>(apply, null);
}

/** One more fact on top of what is known: what boards and live screens use. */
export function foldCandidateFact(state: Candidate | null, fact: Recorded): Candidate | null {
  const [known] = ofTypes<CandidateFact>([fact], CANDIDATE_FACTS);
  return known === undefined ? state : apply(state, known);
}

export const isOpen = (candidate: Pick<Candidate, 'state'>): boolean =>
  candidate.state === 'forming' || candidate.state === 'coherent' || candidate.state === 'paged';

/**
 * While its incident goes on, a story goes on joining its candidate as long as it is heard this often; after a longer silence
 * it is seen again, as a late report. Once the incident is contained or resolved, what still comes after so long is a relapse,
 * and opens a candidate of its own, which pages. What follows a near miss does so at once.
 */
export const PROMOTED_TAKES_MS = 3_600_000;

type Standing = Pick<Candidate, 'state' | 'ended' | 'easedAt' | 'late'> & {
  readonly summary: { readonly heardAt: Instant };
};

const ofIncident = ({ state, ended }: Pick<Candidate, 'state' | 'ended'>): boolean =>
  state === 'promoted' && ended !== null && ended.as !== 'near-miss';

export function takesSignals(candidate: Standing, at: Instant): boolean {
  if (isOpen(candidate)) return true;
  if (!ofIncident(candidate)) return false;
  const { ended, easedAt, summary, late } = candidate;
  const from = easedAt ?? later(summary.heardAt, late?.lastAt ?? summary.heardAt);
  return msBetween(later(ended!.at, from), at) <= PROMOTED_TAKES_MS;
}

/** Whether its incident goes on, so that what is seen again of it is no news for anybody else. */
export const isGoingOn = (candidate: Pick<Candidate, 'state' | 'ended' | 'easedAt'>): boolean =>
  ofIncident(candidate) && candidate.easedAt == null;
