import { URGENCIES, type Urgency } from '@firebreak/core/detect/reviews';
import type { Feedback } from '@firebreak/core/detect/signals';
import type { Instant } from '@firebreak/core/kernel';
import type { Deps, Sql } from '../../platform/index.ts';
import { signalOfFeedback } from './read-feedback.ts';
import { stateOf } from './state.ts';
import { findReferred, storeSignals } from './store-signals.ts';

/** A piece of feedback that a person has to look at. */
export interface ToReview {
  readonly feedback: Feedback;
  readonly urgency: Urgency;
  readonly shape: string;
}
interface Row {
  readonly data: Feedback;
  readonly interaction: Feedback['interaction'];
  readonly urgency: number;
  readonly shape: string | null;
}
const COLUMNS = 'data, interaction, urgency, shape';
const toReview = ({ data, interaction, urgency, shape }: Row): ToReview => ({
  feedback: { ...data, interaction: interaction ?? data.interaction },
  urgency: URGENCIES[urgency] ?? 'said',
  shape: shape ?? '',
});

/** The most urgent first, and of those the oldest. */
export async function feedbackToReview(sql: Sql, system: string | null, limit: number): Promise<ToReview[]> {
  const { rows } = await sql.query<Row>(
    `select ${COLUMNS} from feedback where urgency is not null and ($1::text is null or system = $1)
     order by urgency desc, received_at, id limit $2`,
    [system, limit],
  );
  return rows.map(toReview);
}

/** Those of these that still wait. */
export async function stillToReview(sql: Sql, ids: readonly string[]): Promise<ToReview[]> {
  const { rows } = await sql.query<Row>(`select ${COLUMNS} from feedback where urgency is not null and id = any($1)`, [
    ids,
  ]);
  return rows.map(toReview);
}

/** Pieces of feedback by their id, decided or not; those that retention took are not there. */
export async function feedbackById(sql: Sql, ids: readonly string[]): Promise<Feedback[]> {
  const { rows } = await sql.query<Row>(`select ${COLUMNS} from feedback where id = any($1)`, [ids]);
  return rows.map((row) => toReview({ ...row, urgency: row.urgency ?? 0 }).feedback);
}

/** Ids of what still waits and was said in the same shape, oldest first. */
export async function alikeToReview(sql: Sql, pairs: readonly Pick<ToReview, 'feedback' | 'shape'>[], most: number) {
  const { rows } = await sql.query<{ system: string; shape: string; ids: string[] }>(
    `select system, shape, (array_agg(id order by received_at, id))[1:$2] as ids from feedback
     where urgency is not null and (system, shape) in (
       select r.system, r.shape from jsonb_to_recordset($1::jsonb) as r(system text, shape text))
     group by system, shape`,
    [JSON.stringify(pairs.map(({ feedback, shape }) => ({ system: feedback.system, shape }))), most],
  );
  return new Map(rows.map(({ system, shape, ids }) => [`${system}\n${shape}`, ids]));
}

/** A person has decided: it waits for nobody any more. */
export async function reviewedFeedback(tx: Sql, ids: readonly string[]): Promise<void> {
  await tx.query('update feedback set urgency = null where id = any($1)', [ids]);
}

/** Feedback whose promised time has passed, and nobody was told of it yet. `hours` of systems with a promise of their own. */
export async function promiseBroken(
  tx: Sql,
  { hours, usual, now, limit }: { hours: ReadonlyMap<string, number>; usual: number; now: Instant; limit: number },
): Promise<Feedback[]> {
  const { rows } = await tx.query<Row>(
    `select f.data, f.interaction, f.urgency, f.shape from feedback f
     left join jsonb_to_recordset($1::jsonb) as p(system text, hours int) on p.system = f.system
     where f.urgency is not null and not f.promise_told
       and f.received_at < to_char(($2::timestamptz at time zone 'UTC') - make_interval(hours => coalesce(p.hours, $3)), 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
     order by f.received_at limit $4 for update of f`,
    [JSON.stringify([...hours].map(([system, each]) => ({ system, hours: each }))), now, usual, limit],
  );
  return rows.map((row) => toReview(row).feedback);
}

export async function promiseTold(tx: Sql, ids: readonly string[]): Promise<void> {
  await tx.query('update feedback set promise_told = true where id = any($1)', [ids]);
}

export interface Backlog {
  readonly system: string;
  readonly waiting: number;
  readonly oldestAt: Instant;
}

const MOST_SYSTEMS = 1_000;
/** What waits, by system, the longest backlog first. */
export async function reviewBacklog(sql: Sql): Promise<Backlog[]> {
  const { rows } = await sql.query<{ system: string; waiting: number; oldest_at: Instant }>(
    `select system, count(*)::int as waiting, min(received_at) as oldest_at from feedback
     where urgency is not null group by system order by count(*) desc, system limit ${MOST_SYSTEMS}`,
  );
  return rows.map(({ oldest_at: oldestAt, ...row }) => ({ ...row, oldestAt }));
}

/** A person says it is true: a strong signal of the same conversation, which joins or opens a candidate. */
export async function confirmFeedback(tx: Sql, deps: Deps, confirmed: readonly Feedback[]): Promise<readonly string[]> {
  const aids = await stateOf(deps).aids();
  const raised = [];
  for (const it of confirmed) {
    const about =
      (it.interaction ?? it.traceId ?? it.responseId) === null
        ? null
        : await findReferred(tx, { ...it, interaction: it.interaction });
    const signal = signalOfFeedback(it, about, aids);
    if (signal !== null)
      raised.push({
        ...signal,
        kind: 'confirmed-feedback',
        detector: 'review',
        rule: `confirmed ${it.kind}`,
        evidenceClass: 'strong' as const,
        score: null,
        dedupKey: `review|${it.id}`,
      });
  }
  return (await storeSignals(tx, deps, raised)).ids;
}
