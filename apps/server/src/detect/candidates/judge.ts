import {
  absorb,
  type Candidate,
  type CandidateId,
  close,
  foldCandidate,
  followIncident,
  isOpen,
  merge,
  openSplit,
  promote,
  release,
  split,
  titleOf,
  unmerge,
} from '@firebreak/core/detect/candidates';
import type { SignalId } from '@firebreak/core/detect/signals';
import { type Id, isRefusal, type Recorded, type Refusal, refuse } from '@firebreak/core/kernel';
import {
  actWithin,
  announce,
  type Caller,
  type Deps,
  enqueue,
  firebreakItself,
  type JobHandler,
  loadStream,
  lockStreams,
  type Sql,
} from '../../platform/index.ts';
import { forgetMoves, movedFrom, moveSignals, placeSignals, signalsOf } from '../signals/index.ts';
import { candidatesOf, findCandidate, unknownCandidate } from './board.ts';
import { tellJoining } from './joining.ts';
import { forgetProfile, frequencies, keepApart, remakeProfile, unlearn } from './memory.ts';

/** A split looks through this many signals of a candidate. */
const MOST_MEMBERS = 5_000;

/** Rolls a transaction back because a rule said no. */
class Refused extends Error {
  constructor(readonly refusal: Refusal) {
    super(refusal.why);
  }
}

type Step = (tx: Sql, facts: Recorded[]) => Promise<Candidate>;

async function together(deps: Deps, step: Step): Promise<Candidate | Refusal> {
  const facts: Recorded[] = [];
  try {
    const candidate = await deps.db.transaction(async (tx) => {
      // One at a time with the grouping, which touches several candidates as well.
      await tx.query("select pg_advisory_xact_lock(hashtext('firebreak-grouping'))");
      return step(tx, facts);
    });
    announce(deps, facts);
    return candidate;
  } catch (error) {
    if (error instanceof Refused) return error.refusal;
    throw error;
  }
}

function orRefused<T>(value: T | Refusal): T {
  if (isRefusal(value)) throw new Refused(value);
  return value as T;
}

/** Both sides of a merge, in one transaction; the streams are locked in the order of their ids. */
export function mergeCandidates(
  deps: Deps,
  by: Caller,
  from: CandidateId,
  want: { into: CandidateId; reason: string },
): Promise<Candidate | Refusal> {
  return together(deps, async (tx, facts) => {
    for (const id of [from, want.into].sort()) facts.push(...(await tellJoining(tx, deps, id as CandidateId)));
    const source = await findCandidate(tx, from);
    const target = await findCandidate(tx, want.into);
    if (source === null || target === null) throw new Refused(unknownCandidate(source === null ? from : want.into));
    const sides = {
      [from]: () =>
        actWithin(tx, deps, {
          stream: from,
          by,
          may: 'candidate.judge',
          fold: foldCandidate,
          decide: (state, asked) => merge(state, { into: target, reason: want.reason }, asked),
        }),
      [want.into]: () =>
        actWithin(tx, deps, {
          stream: want.into,
          by,
          may: 'candidate.judge',
          fold: foldCandidate,
          decide: (state, asked) =>
            absorb(
              state,
              {
                from,
                summary: source.summary,
                reason: want.reason,
                ...(source.pagedAt !== null && { pagedAt: source.pagedAt.severity }),
              },
              asked,
            ),
        }),
    };
    let result = target;
    for (const id of [from, want.into].sort()) {
      const done = orRefused(await sides[id]!());
      facts.push(...done.facts);
      if (id === want.into && done.state !== null) result = done.state;
    }
    await unlearn(tx, from, want.into, [
      ...(await signalsOf(tx, from, MOST_MEMBERS)),
      ...(await signalsOf(tx, want.into, MOST_MEMBERS)),
    ]);
    await moveSignals(tx, from, want.into);
    await forgetProfile(tx, from);
    await remakeProfile(tx, want.into, await frequencies(deps));
    return result;
  });
}

export function splitCandidate(
  deps: Deps,
  by: Caller,
  from: CandidateId,
  want: { signals: readonly SignalId[]; title?: string | undefined; reason: string },
): Promise<Candidate | Refusal> {
  return together(deps, async (tx, facts) => {
    facts.push(...(await tellJoining(tx, deps, from)));
    const into = deps.mint('cnd');
    const members = await signalsOf(tx, from, MOST_MEMBERS);
    const parted = orRefused(
      await actWithin(tx, deps, {
        stream: from,
        by,
        may: 'candidate.judge',
        fold: foldCandidate,
        decide: (state, asked) => split(state, { into, signals: want.signals, members, reason: want.reason }, asked),
      }),
    );
    const leaving = members.filter((signal) => want.signals.includes(signal.id));
    const opened = orRefused(
      await actWithin(tx, deps, {
        stream: into,
        by,
        may: 'candidate.judge',
        fold: foldCandidate,
        decide: (state, asked) =>
          openSplit(
            state,
            {
              candidate: into,
              from: parted.state!,
              members: leaving,
              title: want.title ?? titleOf(leaving[0]!),
              reason: want.reason,
            },
            asked,
          ),
      }),
    );
    facts.push(...parted.facts, ...opened.facts);
    await placeSignals(
      tx,
      leaving.map((signal) => signal.id),
      into,
    );
    const staying = members.filter((signal) => !want.signals.includes(signal.id));
    await keepApart(
      tx,
      { system: opened.state!.system, parted: into },
      { candidate: from, signals: staying },
      { candidate: into, signals: leaving },
    );
    const among = await frequencies(deps);
    await remakeProfile(tx, from, among);
    await remakeProfile(tx, into, among);
    return opened.state!;
  });
}

/** Takes a merge back: the signals it brought return to the candidate that had ended, and the two are kept apart. */
export function unmergeCandidate(
  deps: Deps,
  by: Caller,
  id: CandidateId,
  { reason }: { reason: string },
): Promise<Candidate | Refusal> {
  return together(deps, async (tx, facts) => {
    const ended = await findCandidate(tx, id);
    if (ended === null) throw new Refused(unknownCandidate(id));
    const into = ended.mergedInto;
    if (into !== null) facts.push(...(await tellJoining(tx, deps, into)));
    const held = into === null ? null : await findCandidate(tx, into);
    const all = into === null ? [] : await signalsOf(tx, into, MOST_MEMBERS);
    const brought = await movedFrom(tx, id);
    const members = all.filter((signal) => brought.has(signal.id));
    const staying = all.filter((signal) => !brought.has(signal.id));
    const back = orRefused(
      await actWithin(tx, deps, {
        stream: id,
        by,
        may: 'candidate.judge',
        fold: foldCandidate,
        decide: (state, asked) => unmerge(state, { from: held ?? state, members, reason }, asked),
      }),
    );
    const left = orRefused(
      await actWithin(tx, deps, {
        stream: held!.id,
        by,
        may: 'candidate.judge',
        fold: foldCandidate,
        decide: (state, asked) => release(state, { into: id, members: staying, reason }, asked),
      }),
    );
    facts.push(...back.facts, ...left.facts);
    await placeSignals(
      tx,
      members.map((signal) => signal.id),
      id,
    );
    await forgetMoves(tx, id);
    await keepApart(
      tx,
      { system: ended.system, parted: id },
      { candidate: held!.id, signals: staying },
      { candidate: id, signals: members },
    );
    const among = await frequencies(deps);
    await remakeProfile(tx, id, among);
    await remakeProfile(tx, held!.id, among);
    return back.state!;
  });
}

/** Takes a split back: the signals return, and what it taught is forgotten. */
export async function unsplitCandidate(
  deps: Deps,
  by: Caller,
  id: CandidateId,
  { reason }: { reason: string },
): Promise<Candidate | Refusal> {
  const parted = await findCandidate(deps.db, id);
  if (parted === null) return unknownCandidate(id);
  if (parted.splitFrom === null || !isOpen(parted))
    return refuse(
      'candidate.cannot-undo',
      parted.splitFrom === null
        ? 'This candidate was not split off from another one.'
        : `This candidate is already ${parted.state}.`,
    );
  return mergeCandidates(deps, by, id, { into: parted.splitFrom, reason: `split taken back: ${reason}` });
}

interface Promoted {
  readonly candidate: CandidateId;
  readonly incident: Id<'inc'>;
  readonly kind?: string;
}

/** The candidate's own side of a declaration: written to the outbox with the incident, so it is never lost and never doubled. */
export const promotion: JobHandler = {
  async within(tx, { candidate, incident, kind }: Promoted, deps) {
    const done = await actWithin(tx, deps, {
      stream: candidate,
      by: firebreakItself('candidates'),
      may: 'candidate.judge',
      fold: foldCandidate,
      decide: (state, asked) => promote(state, { incident, ...(kind === 'near-miss' && { kind }) }, asked),
    });
    if (isRefusal(done))
      deps.log.warn({ candidate, incident, refused: done.refused }, 'a candidate could not be marked as promoted');
    // Jobs keep no order: the incident may have been closed before this one ran.
    const moved = (await loadStream(tx, incident)).filter(({ type }) => type === 'incident.moved');
    const to = moved.at(-1)?.data.to;
    if (to !== undefined)
      await enqueue(tx, deps, {
        kind: to === 'closed' ? 'candidate.close' : 'candidate.follow',
        payload: { incident },
      });
  },
};

/** The candidates of an incident know whether it goes on, or was contained or resolved: what comes then is a relapse. */
export const following: JobHandler = {
  async within(tx, { incident }: { readonly incident: Id<'inc'> }, deps) {
    // Jobs keep no order: how it stands now counts.
    const to = (await loadStream(tx, incident)).filter(({ type }) => type === 'incident.moved').at(-1)?.data.to;
    if (to !== 'open' && to !== 'contained' && to !== 'resolved') return;
    const all = await candidatesOf(tx, incident);
    await lockStreams(
      tx,
      deps,
      all.map(({ id }) => id),
    );
    for (const { id } of all) {
      const done = await actWithin(tx, deps, {
        stream: id,
        by: firebreakItself('candidates'),
        may: 'candidate.judge',
        fold: foldCandidate,
        decide: (state) => followIncident(state, { incident, to }),
      });
      if (isRefusal(done)) throw new Error(`a candidate did not follow its incident: ${done.why}`);
    }
  },
};

/** The candidates of a closed incident are closed with it; what still comes is a late report. */
export const closing: JobHandler = {
  async within(tx, { incident }: { readonly incident: Id<'inc'> }, deps) {
    const all = await candidatesOf(tx, incident);
    await lockStreams(
      tx,
      deps,
      all.map(({ id }) => id),
    );
    for (const { id } of all) {
      const done = await actWithin(tx, deps, {
        stream: id,
        by: firebreakItself('candidates'),
        may: 'candidate.judge',
        fold: foldCandidate,
        decide: (state, asked) => close(state, { incident }, asked),
      });
      if (isRefusal(done)) throw new Error(`a candidate was not closed: ${done.why}`);
    }
  },
};
