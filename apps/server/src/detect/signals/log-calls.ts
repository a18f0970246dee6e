import type { Witnessed } from '@firebreak/core/detect/signals';
import { addMs, type Instant } from '@firebreak/core/kernel';
import type { Deps, Watch } from '../../platform/index.ts';
import { stateOf } from './state.ts';
import { storeInteractions } from './store-interactions.ts';
import { takeOutOfInteractions } from './take-out.ts';

/** Calls that may wait for their traces. */
export const LOG_CALLS_LIMIT = 20_000;
const AT_ONCE = 500;
const EVERY_MS = 2_000;
const WAIT_MS = 30_000;

export const waitsForTrace = ({ responseId, traceId, spanId }: Witnessed): boolean =>
  responseId === null && traceId !== null && spanId !== null;

/** How many more may wait. */
export async function roomForLogCalls(deps: Deps): Promise<number> {
  const { rows } = await deps.db.query<{ n: number }>('select count(*)::int as n from log_call');
  return LOG_CALLS_LIMIT - rows[0]!.n;
}

export async function holdLogCalls(deps: Deps, calls: readonly Witnessed[]): Promise<void> {
  const now = deps.now();
  await deps.db.query(
    `insert into log_call (id, received_at, due_at, trace_id, span_id, data)
     select r.id, $2, $2, r.data->>'traceId', r.data->>'spanId', r.data from jsonb_to_recordset($1::jsonb) as r(id text, data jsonb)`,
    [JSON.stringify((await takeOutOfInteractions(deps, calls)).map((data) => ({ id: deps.mint('raw'), data }))), now],
  );
}

interface Held {
  readonly id: string;
  readonly received_at: Instant;
  readonly data: Witnessed;
  readonly response: string | null;
  readonly known: boolean;
}

/**
 * Puts calls of logs to what their traces told: a trace may name the answer, and is recognised by it. One whose trace does not
 * come in time stands by itself. Dying in between stores it again, which changes nothing.
 */
export const logCalls: Watch = {
  name: 'log-calls',
  everyMs: EVERY_MS,
  async look(deps) {
    const now = deps.now();
    const { rows } = await deps.db.query<Held>(
      `select c.id, c.received_at, c.data, i.response_id as response, i.id is not null as known
       from (select * from log_call where due_at <= $1 order by due_at limit ${AT_ONCE}) c
       left join lateral (
         select id, response_id from interaction
         where trace_id = c.trace_id and system = c.data->>'system' and data->>'spanId' = c.span_id limit 1) i on true`,
      [now],
    );
    if (rows.length === 0) return;
    const ready = rows.filter(({ known, received_at }) => known || received_at <= addMs(now, -WAIT_MS));
    if (ready.length > 0) {
      const stored = await storeInteractions(
        deps,
        ready.map(({ data, response }) => ({ ...data, responseId: response })),
      );
      const state = stateOf(deps);
      if (state.waiting !== null) state.waiting += stored.changed;
      state.remember(stored.intake, stored.records);
      await deps.db.query('delete from log_call where id = any($1)', [ready.map(({ id }) => id)]);
      deps.wake();
    }
    const later = rows.filter((row) => !ready.includes(row)).map(({ id }) => id);
    if (later.length > 0)
      await deps.db.query('update log_call set due_at = $2 where id = any($1)', [later, addMs(now, EVERY_MS)]);
  },
};
