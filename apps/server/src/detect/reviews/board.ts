import {
  foldPromises,
  foldReview,
  PROMISE_STREAM,
  REVIEW_FACTS,
  type ReviewDecision,
} from '@firebreak/core/detect/reviews';
import type { FeedbackId } from '@firebreak/core/detect/signals';
import type { Actor, Instant } from '@firebreak/core/kernel';
import { type Board, loadStream, type Sql } from '../../platform/index.ts';

/** Reasons are personal: they are read from their facts when they are shown, and stand in no board. */
export const reviewBoard: Board = {
  name: 'reviews',
  tables: ['review_board', 'review_promise_board'],
  types: [...REVIEW_FACTS, 'review-promise.set'],
  async apply(tx, { type, stream, data }) {
    if (type === 'review-promise.set') {
      await tx.query(
        'insert into review_promise_board (system, hours) values ($1, $2) on conflict (system) do update set hours = excluded.hours',
        [data.system, data.hours],
      );
      return;
    }
    const { about, taken, decided, overdueAt } = foldReview(await loadStream(tx, stream));
    if (about === null) return;
    await tx.query(
      `insert into review_board (feedback, system, received_at, taken_by, taken_at, decided_as, decided_by, decided_at, in_time, overdue_at)
       values ($1, $2, $3, $4::jsonb, $5, $6, $7::jsonb, $8, $9, $10)
       on conflict (feedback) do update set taken_by = excluded.taken_by, taken_at = excluded.taken_at,
         decided_as = excluded.decided_as, decided_by = excluded.decided_by, decided_at = excluded.decided_at,
         in_time = excluded.in_time, overdue_at = excluded.overdue_at`,
      [
        about.feedback,
        about.system,
        about.receivedAt,
        taken && JSON.stringify(taken.by),
        taken?.at ?? null,
        decided?.as ?? null,
        decided && JSON.stringify(decided.by),
        decided?.at ?? null,
        decided?.inTime ?? null,
        overdueAt,
      ],
    );
  },
};

export const promisesOf = async (sql: Sql): Promise<ReadonlyMap<string, number>> =>
  foldPromises(await loadStream(sql, PROMISE_STREAM));

export interface TakenRow {
  readonly feedback: string;
  readonly taken_by: Actor | null;
  readonly taken_at: Instant | null;
}

export async function takenAmong(sql: Sql, ids: readonly string[]): Promise<ReadonlyMap<string, TakenRow>> {
  const { rows } = await sql.query<TakenRow>(
    'select feedback, taken_by, taken_at from review_board where feedback = any($1) and taken_at is not null',
    [ids],
  );
  return new Map(rows.map((row) => [row.feedback, row]));
}

export interface DecidedRow {
  readonly feedback: FeedbackId;
  readonly system: string;
  readonly received_at: Instant;
  readonly decided_as: ReviewDecision;
  readonly decided_by: Actor;
  readonly decided_at: Instant;
  readonly in_time: boolean;
}

export async function decidedLately(sql: Sql, system: string | null, limit: number): Promise<DecidedRow[]> {
  const { rows } = await sql.query<DecidedRow>(
    `select * from review_board where decided_at is not null and ($1::text is null or system = $1)
     order by decided_at desc, feedback limit $2`,
    [system, limit],
  );
  return rows;
}

export interface Kept {
  readonly decided: number;
  readonly inTime: number;
  readonly medianMinutes: number | null;
}

/** How the promise was kept since a day. */
export async function promiseKept(sql: Sql, since: Instant): Promise<Kept> {
  const { rows } = await sql.query<{ decided: number; in_time: number; median: number | null }>(
    `select count(*)::int as decided, (count(*) filter (where in_time))::int as in_time,
       percentile_cont(0.5) within group (order by extract(epoch from decided_at::timestamptz - received_at::timestamptz) / 60)::float8 as median
     from review_board where decided_at >= $1`,
    [since],
  );
  const { decided, in_time: inTime, median } = rows[0]!;
  return { decided, inTime, medianMinutes: median === null ? null : Math.round(median) };
}
