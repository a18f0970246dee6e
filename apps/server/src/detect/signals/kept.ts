import type { TelemetryKind } from '@firebreak/core/detect/signals';
import { addMs, type Instant } from '@firebreak/core/kernel';
import type { Span } from '@firebreak/core/prepare/records';
import type { Sql } from '../../platform/index.ts';

/** What no rule may delete: what candidates rest on, records by their id, and all of a system in a span. */
export interface Kept {
  readonly candidates: readonly string[];
  readonly records: readonly string[];
  readonly spans: readonly (Span & { readonly system: string })[];
}

/** Reads it; null: there is more of it than can be read, so nothing may be deleted at all. */
export type ReadKept = (sql: Sql, now: Instant) => Promise<Kept | null>;

/** How much of it: the earliest signals of each candidate, the newest records of each kind in each span. */
export interface KeptBounds {
  readonly signals: number;
  readonly records: number;
}

export const TABLES: Readonly<Record<TelemetryKind, string>> = {
  interaction: 'interaction',
  signal: 'signal',
  feedback: 'feedback',
  evaluation: 'evaluation',
};

/** Up to when signals of a candidate are kept, as two lists, and the records that are named. */
export type Quoted = readonly [candidates: readonly string[], untils: readonly string[], records: readonly string[]];

const FOR_EVER = '9999';

export async function quotedBy(tx: Sql, kept: Kept, bounds: KeptBounds): Promise<Quoted> {
  if (kept.candidates.length === 0) return [[], [], kept.records];
  const { rows } = await tx.query<{ candidate: string; until: string | null }>(
    `select c as candidate, (select received_at from signal where candidate = c order by received_at, id offset $2 limit 1) as until
     from unnest($1::text[]) as k(c)`,
    [kept.candidates, bounds.signals],
  );
  return [rows.map(({ candidate }) => candidate), rows.map(({ until }) => until ?? FOR_EVER), kept.records];
}

const IN_CANDIDATE = (alias: string) =>
  `exists (select 1 from unnest($1::text[], $2::text[]) as k(candidate, until) where k.candidate = ${alias}.candidate and ${alias}.received_at < k.until)`;
const quotedAs = (interaction: string) =>
  `coalesce(${interaction} = any($3::text[]), false) or exists (select 1 from signal s where s.interaction = ${interaction} and ${IN_CANDIDATE('s')})`;

/** Whether a row `t` is quoted; its parameters are the first three. */
export const IS_QUOTED: Readonly<Record<TelemetryKind, string>> = {
  signal: `(t.id = any($3::text[]) or ${IN_CANDIDATE('t')})`,
  interaction: `(${quotedAs('t.id')})`,
  evaluation: `(t.id = any($3::text[]) or ${quotedAs('t.interaction')})`,
  feedback: `(t.id = any($3::text[]) or ${quotedAs('t.interaction')}
    or exists (select 1 from signal s where s.dedup_key in (t.id, 'review|' || t.id) and ${IN_CANDIDATE('s')}))`,
};

/** What is kept of one kind in a span: from the newest records back, as many as may be. */
export async function spanOf(tx: Sql, kind: TelemetryKind, span: Kept['spans'][number], most: number): Promise<Span> {
  const { rows } = await tx.query<{ received_at: Instant }>(
    `select received_at from ${TABLES[kind]} where system = $1 and received_at >= $2 and received_at <= $3
     order by received_at desc, id desc offset $4 limit 1`,
    [span.system, span.from, span.to, most],
  );
  const beyond = rows[0]?.received_at;
  return { from: beyond === undefined ? span.from : addMs(beyond, 1), to: span.to };
}
