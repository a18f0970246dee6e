import {
  absorb,
  type Candidate,
  type CandidateId,
  foldCandidate,
  keyOf,
  merge,
  openSplit,
  promote,
  split,
  titleOf,
} from '@firebreak/core/detect/candidates';
import type { SignalId } from '@firebreak/core/detect/signals';
import { type Id, isRefusal, type Recorded, type Refusal } from '@firebreak/core/kernel';
import {
  actWithin,
  announce,
  type Caller,
  type Deps,
  firebreakItself,
  type JobHandler,
  type Sql,
} from '../../platform/index.ts';
import { moveSignals, placeSignals, signalsOf } from '../signals/index.ts';
import { findCandidate, unknownCandidate } from './board.ts';
import { tellJoining } from './joining.ts';
import { forgetProfile, frequencies, keepApart, remakeProfile } from './memory.ts';

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
          decide: (state, asked) => absorb(state, { from, summary: source.summary, reason: want.reason }, asked),
        }),
    };
    let result = target;
    for (const id of [from, want.into].sort()) {
      const done = orRefused(await sides[id]!());
      facts.push(...done.facts);
      if (id === want.into && done.state !== null) result = done.state;
    }
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
    const keys = { leaving: new Set(leaving.map(keyOf)), staying: new Set(staying.map(keyOf)) };
    await keepApart(
      tx,
      from,
      [...keys.leaving].filter((key) => !keys.staying.has(key)),
    );
    await keepApart(
      tx,
      into,
      [...keys.staying].filter((key) => !keys.leaving.has(key)),
    );
    const among = await frequencies(deps);
    await remakeProfile(tx, from, among);
    await remakeProfile(tx, into, among);
    return opened.state!;
  });
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
  },
};
