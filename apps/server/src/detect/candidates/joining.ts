import { type CandidateId, foldCandidate, type Placement, place } from '@firebreak/core/detect/candidates';
import { addMs, type Instant, isRefusal, type Recorded } from '@firebreak/core/kernel';
import { actWithin, announce, type Deps, firebreakItself, type Sql, type Watch } from '../../platform/index.ts';
import { joiningSignals, joinSignals, placeSignals } from '../signals/index.ts';
import { findCandidate } from './board.ts';
import { forgetProfile } from './memory.ts';

/** Most signals one fact tells of. */
const TOLD_AT_ONCE = 5_000;
const FLUSHED_AT_ONCE = 50;
const REASONS = 4;

/** How long joining signals wait for one fact: a small candidate hears of each at once, a flood is told in few facts. */
const waitMs = (count: number): number => (count < 20 ? 0 : count < 200 ? 5_000 : 30_000);

interface Waiting {
  readonly candidate: CandidateId;
  readonly by_key: number;
  readonly by_likeness: number;
  readonly score: number;
  readonly reasons: readonly string[];
}

/** Tells of a placement in facts now. A refusal means that a person ended the candidate meanwhile. */
export async function tell(
  tx: Sql,
  deps: Deps,
  placement: Omit<Placement, 'profile'>,
): Promise<readonly Recorded[] | null> {
  const done = await actWithin(tx, deps, {
    stream: placement.candidate,
    by: firebreakItself('grouping'),
    may: 'signal.raise',
    fold: foldCandidate,
    decide: (candidate, asked) => place(candidate, placement, asked),
  });
  if (isRefusal(done)) return null;
  await placeSignals(
    tx,
    placement.members.map((signal) => signal.id),
    placement.candidate,
  );
  return done.facts;
}

/** Whether this placement may wait for others; if so it is marked, and a fact is due later. */
export async function defer(tx: Sql, deps: Deps, placement: Placement): Promise<boolean> {
  if (placement.opens !== null) return false;
  const candidate = await findCandidate(tx, placement.candidate);
  const wait = candidate?.state === 'coherent' || candidate?.state === 'promoted' ? waitMs(candidate.summary.count) : 0;
  if (candidate === null || wait === 0) return false;
  await joinSignals(
    tx,
    placement.members.map((signal) => signal.id),
    placement.candidate,
  );
  await tx.query(
    `insert into candidate_joining (candidate, by_key, by_likeness, score, reasons, due_at) values ($1, $2, $3, $4, $5::jsonb, $6)
     on conflict (candidate) do update set by_key = candidate_joining.by_key + excluded.by_key,
       by_likeness = candidate_joining.by_likeness + excluded.by_likeness,
       score = least(candidate_joining.score, excluded.score), reasons = excluded.reasons`,
    [
      placement.candidate,
      placement.by.key,
      placement.by.likeness,
      placement.score,
      JSON.stringify(placement.reasons.slice(0, REASONS)),
      addMs(deps.now(), wait),
    ],
  );
  return true;
}

/** One fact for everything that waits to join this candidate. */
export async function tellJoining(tx: Sql, deps: Deps, candidate: CandidateId): Promise<readonly Recorded[]> {
  const { rows } = await tx.query<Waiting>(
    'delete from candidate_joining where candidate = $1 returning candidate, by_key, by_likeness, score, reasons',
    [candidate],
  );
  const waiting = rows[0];
  if (waiting === undefined) return [];
  const facts: Recorded[] = [];
  let told: { key: number; likeness: number } = { key: waiting.by_key, likeness: waiting.by_likeness };
  for (;;) {
    const members = await joiningSignals(tx, candidate, TOLD_AT_ONCE);
    if (members.length === 0) return facts;
    const more = await tell(tx, deps, {
      candidate,
      opens: null,
      members,
      by: told,
      score: waiting.score,
      reasons: waiting.reasons,
    });
    if (more === null) {
      // Ended meanwhile: they stay in its list, and no fact counts them.
      await placeSignals(
        tx,
        members.map((signal) => signal.id),
        candidate,
      );
      await forgetProfile(tx, candidate);
    } else facts.push(...more);
    told = { key: 0, likeness: 0 };
  }
}

async function flushDue(deps: Deps, now: Instant): Promise<number> {
  const due = await deps.db.query<{ candidate: CandidateId }>(
    `select candidate from candidate_joining where due_at <= $1 order by due_at limit ${FLUSHED_AT_ONCE}`,
    [now],
  );
  for (const { candidate } of due.rows) {
    const facts = await deps.db.transaction(async (tx) => {
      await tx.query("select pg_advisory_xact_lock(hashtext('firebreak-grouping'))");
      return tellJoining(tx, deps, candidate);
    }, 'bulk');
    announce(deps, facts);
  }
  return due.rows.length;
}

export const joining: Watch = {
  name: 'joining-signals',
  everyMs: 1_000,
  async look(deps) {
    while ((await flushDue(deps, deps.now())) === FLUSHED_AT_ONCE);
  },
};
