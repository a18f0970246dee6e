import type { Signal } from '@firebreak/core/detect/signals';
import type { Instant } from '@firebreak/core/kernel';
import type { Sql } from '../../platform/index.ts';

/** Columns beside a signal that say what became of it; the signal itself is sealed and never changes. */
export const LIFE = 'times, last_at, acknowledged_at, resolved_at';
export interface LifeColumns {
  readonly times: number;
  readonly last_at: Instant | null;
  readonly acknowledged_at: Instant | null;
  readonly resolved_at: Instant | null;
}
export interface Life {
  readonly times: number;
  readonly lastAt: Instant;
  readonly acknowledgedAt: Instant | null;
  readonly resolvedAt: Instant | null;
}
export type SignalWithLife = Signal & Life;

export const lifeOf = (signal: Signal, row: LifeColumns): Life => ({
  times: row.times,
  lastAt: row.last_at ?? signal.receivedAt,
  acknowledgedAt: row.acknowledged_at,
  resolvedAt: row.resolved_at,
});

/** Signals of a candidate with what became of them, newest first. */
export async function signalsWithLife(sql: Sql, candidate: string, limit: number): Promise<SignalWithLife[]> {
  const { rows } = await sql.query<{ data: Signal } & LifeColumns>(
    `select data, ${LIFE} from signal where candidate = $1 order by received_at desc, id desc limit $2`,
    [candidate, limit],
  );
  return rows.map(({ data, ...row }) => ({ ...data, ...lifeOf(data, row) }));
}
