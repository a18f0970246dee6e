import { addMs, type Instant } from '@firebreak/core/kernel';
import type { Deps, Sql, Watch } from '../../platform/index.ts';

const KEPT = 200;
const SHOWN = 50;
const SEEN_FOR_MS = 7 * 86_400_000;
const MOST_SIGNALS = 20;

export interface Delivered {
  readonly outcome: 'accepted' | 'ignored' | 'refused';
  readonly why: string;
  readonly signals: readonly string[];
  readonly bytes: number;
}

/** Keeps what became of a delivery: the newest of each source, and how many there were. */
export async function recordDelivery(sql: Sql, deps: Deps, source: string, it: Delivered): Promise<void> {
  const now = deps.now();
  await sql.query(
    'insert into source_delivery (id, source, at, outcome, why, signals, bytes) values ($1, $2, $3, $4, $5, $6::jsonb, $7)',
    [
      deps.mint('hkd'),
      source,
      now,
      it.outcome,
      it.why.slice(0, 500),
      JSON.stringify(it.signals.slice(0, MOST_SIGNALS)),
      it.bytes,
    ],
  );
  const one = (outcome: string) => (it.outcome === outcome ? 1 : 0);
  await sql.query(
    `insert into source_heard (source, last_at, accepted, ignored, refused) values ($1, $2, $3, $4, $5)
     on conflict (source) do update set last_at = coalesce(excluded.last_at, source_heard.last_at),
       accepted = source_heard.accepted + excluded.accepted, ignored = source_heard.ignored + excluded.ignored,
       refused = source_heard.refused + excluded.refused`,
    [source, it.outcome === 'refused' ? null : now, one('accepted'), one('ignored'), one('refused')],
  );
}

export interface Heard {
  readonly lastAt: Instant | null;
  readonly accepted: number;
  readonly ignored: number;
  readonly refused: number;
}

export async function heardOf(sql: Sql): Promise<ReadonlyMap<string, Heard>> {
  const { rows } = await sql.query<Omit<Heard, 'lastAt'> & { source: string; last_at: Instant | null }>(
    'select source, last_at, accepted::int, ignored::int, refused::int from source_heard limit 2000',
  );
  return new Map(rows.map(({ source, last_at, ...counts }) => [source, { ...counts, lastAt: last_at }]));
}

export interface DeliveryRow extends Delivered {
  readonly id: string;
  readonly at: Instant;
}

export async function deliveriesOf(sql: Sql, source: string): Promise<DeliveryRow[]> {
  const { rows } = await sql.query<DeliveryRow>(
    `select id, at, outcome, why, signals, bytes from source_delivery where source = $1 order by at desc, id desc limit ${SHOWN}`,
    [source],
  );
  return rows;
}

/** Whether this signed delivery is new; from now on it is known. */
export async function isFirst(tx: Sql, deps: Deps, source: string, digest: string): Promise<boolean> {
  const { count } = await tx.query(
    'insert into source_seen (source, digest, at) values ($1, $2, $3) on conflict do nothing returning source',
    [source, digest, deps.now()],
  );
  return count > 0;
}

export const forgetting: Watch = {
  name: 'old-deliveries',
  everyMs: 600_000,
  async look(deps) {
    await deps.db.query('delete from source_seen where at < $1', [addMs(deps.now(), -SEEN_FOR_MS)]);
    await deps.db.query(
      `delete from source_delivery where id in (
         select id from (select id, row_number() over (partition by source order by at desc, id desc) as n from source_delivery) d
         where n > ${KEPT})`,
    );
  },
};
