import {
  type CandidateId,
  foldCandidate,
  mayChangePage,
  type Placement,
  place,
} from '@firebreak/core/detect/candidates';
import { addMs, type Instant, isRefusal, type Recorded } from '@firebreak/core/kernel';
import { actWithin, announce, type Deps, firebreakItself, type Sql, type Watch } from '../../platform/index.ts';
import { currentRubric } from '../../prepare/rubric/index.ts';
import { joiningSignals, joinSignals, placeSignals } from '../signals/index.ts';
import { findCandidates } from './board.ts';
import { forgetProfile } from './memory.ts';

/** Most signals one fact tells of. */
const TOLD_AT_ONCE = 5_000;
const FLUSHED_AT_ONCE = 50;
const REASONS = 4;

/**
 * How long joining signals wait for one fact: a small candidate hears of each at once, a flood is told in few facts. What may
 * change who is told of it never waits.
 */
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
  const { table } = await currentRubric(tx);
  const done = await actWithin(tx, deps, {
    stream: placement.candidate,
    by: firebreakItself('grouping'),
    may: 'signal.raise',
    fold: foldCandidate,
    decide: (candidate, asked) => place(candidate, placement, asked, table),
  });
  if (isRefusal(done)) return null;
  await placeSignals(
    tx,
    placement.members.map((signal) => signal.id),
    placement.candidate,
  );
  return done.facts;
}

/**
 * Those of these placements, each into another candidate, that may wait for others: they are marked, and a fact is due later. All
 * in three statements, since under a flood everything that is grouped comes this way.
 */
export async function defer(tx: Sql, deps: Deps, placements: readonly Placement[]): Promise<ReadonlySet<CandidateId>> {
  const joining = placements.filter(({ opens }) => opens === null);
  if (joining.length === 0) return new Set();
  const held = await findCandidates(
    tx,
    joining.map(({ candidate }) => candidate),
  );
  const later = joining.flatMap((placement) => {
    const candidate = held.get(placement.candidate);
    const atOnce =
      candidate === undefined || candidate.coheredAt === null || mayChangePage(candidate, placement.members);
    const wait = atOnce ? 0 : waitMs(candidate.summary.count);
    return wait === 0 ? [] : [{ placement, due: addMs(deps.now(), wait) }];
  });
  if (later.length === 0) return new Set();
  await joinSignals(
    tx,
    later.flatMap(({ placement: { candidate, members } }) => members.map(({ id }) => ({ id, candidate }))),
  );
  await tx.query(
    `insert into candidate_joining (candidate, by_key, by_likeness, score, reasons, due_at)
     select candidate, by_key, by_likeness, score, reasons, due from jsonb_to_recordset($1::jsonb)
       as r(candidate text, by_key int, by_likeness int, score double precision, reasons jsonb, due text)
     on conflict (candidate) do update set by_key = candidate_joining.by_key + excluded.by_key,
       by_likeness = candidate_joining.by_likeness + excluded.by_likeness,
       score = least(candidate_joining.score, excluded.score), reasons = excluded.reasons`,
    [
      JSON.stringify(
        later.map(({ placement: { candidate, by, score, reasons }, due }) => ({
          candidate,
          by_key: by.key,
          by_likeness: by.likeness,
          score,
          reasons: reasons.slice(0, REASONS),
          due,
        })),
      ),
    ],
  );
  return new Set(later.map(({ placement }) => placement.candidate));
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
