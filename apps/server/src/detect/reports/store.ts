import { createHash } from 'node:crypto';
import {
  FORM_STREAM,
  foldForm,
  REPORT_LIMITS,
  type ReportForm,
  refinedReference,
} from '@firebreak/core/detect/reports';
import { addMs, type Instant, toMs } from '@firebreak/core/kernel';
import { loadStream, type Sql } from '../../platform/index.ts';

const HOUR_MS = 3_600_000;
const MOST_CONTACTS = 20;

/** The form as it was set last. */
export const readForm = async (sql: Sql): Promise<ReportForm> => foldForm(await loadStream(sql, FORM_STREAM));

const digestOf = (refined: string): string => createHash('sha256').update(`report ${refined}`).digest('hex');

export async function keepReference(
  tx: Sql,
  kept: {
    readonly reference: string;
    readonly feedback: string;
    readonly receivedAt: Instant;
    readonly contact: string | null;
  },
): Promise<void> {
  await tx.query('insert into report_reference (digest, feedback, received_at, contact) values ($1, $2, $3, $4)', [
    digestOf(refinedReference(kept.reference)!),
    kept.feedback,
    kept.receivedAt,
    kept.contact,
  ]);
}

/** The report a reference belongs to, or null. */
export async function findReference(
  sql: Sql,
  typed: string,
): Promise<{ readonly feedback: string; readonly receivedAt: Instant } | null> {
  const refined = refinedReference(typed);
  if (refined === null) return null;
  const { rows } = await sql.query<{ feedback: string; received_at: Instant }>(
    'select feedback, received_at from report_reference where digest = $1',
    [digestOf(refined)],
  );
  return rows[0] === undefined ? null : { feedback: rows[0].feedback, receivedAt: rows[0].received_at };
}

/** Milliseconds until one more may be kept of all that come in; 0: now. Counted in the database, for every process. */
export async function waitOfAllMs(sql: Sql, now: Instant): Promise<number> {
  const { rows } = await sql.query<{ received_at: Instant }>(
    'select received_at from report_reference where received_at > $1 order by received_at desc offset $2 limit 1',
    [addMs(now, -HOUR_MS), REPORT_LIMITS.anHour - 1],
  );
  return rows[0] === undefined ? 0 : toMs(rows[0].received_at) + HOUR_MS - toMs(now);
}

/** How often the words of a report came in, and who may be written to about it, the latest first. */
export async function readContacts(sql: Sql, feedback: string) {
  const counted = await sql.query<{ times: number }>(
    'select count(*)::int as times from report_reference where feedback = $1',
    [feedback],
  );
  const { rows } = await sql.query<{ contact: string; at: Instant }>(
    `select contact, max(received_at) as at from report_reference where feedback = $1 and contact is not null
     group by contact order by at desc, contact limit ${MOST_CONTACTS}`,
    [feedback],
  );
  return { times: counted.rows[0]!.times, contacts: rows };
}
