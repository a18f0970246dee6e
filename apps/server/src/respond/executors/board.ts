import type { Instant } from '@firebreak/core/kernel';
import {
  EXECUTOR_FACTS,
  type Executor,
  foldExecutor,
  isOpen,
  notObeyed,
  type Order,
  orderKey,
} from '@firebreak/core/respond/executors';
import { type Board, loadStream, type Sql } from '../../platform/index.ts';

const MOST_SHOWN = 500;
const ORDERS_SHOWN = 100;

/** An executor as it lies on the board: without its orders, which have a table of their own. */
export type ExecutorRow = Omit<Executor, 'orders'> & {
  /** Orders of each kind that matter: for the list. */
  readonly open: number;
  readonly givenUp: number;
  readonly lastDone: { readonly at: Instant; readonly ok: boolean } | null;
};

function rowOf({ orders, ...executor }: Executor): ExecutorRow {
  const givenUp = notObeyed({ ...executor, orders }).length;
  const all = [...orders.values()];
  const done = all
    .filter(({ state }) => state === 'confirmed' || state === 'given-up')
    .sort((a, b) => (a.changedAt < b.changedAt ? -1 : 1))
    .at(-1);
  return {
    ...executor,
    open: all.filter(isOpen).length,
    givenUp,
    lastDone: done === undefined ? null : { at: done.changedAt, ok: done.state === 'confirmed' },
  };
}

export const executorBoard: Board = {
  name: 'executors',
  tables: ['executor_board', 'executor_control_board', 'executor_order_board'],
  types: EXECUTOR_FACTS,
  async apply(tx, { type, stream, data }) {
    const executor = foldExecutor(await loadStream(tx, stream));
    if (executor === null) return;
    const { id, name, retired, controls } = executor;
    await tx.query(
      `insert into executor_board (id, name, retired, data) values ($1, $2, $3, $4::jsonb)
       on conflict (id) do update set name = excluded.name, retired = excluded.retired, data = excluded.data`,
      [id, name, retired !== null, JSON.stringify(rowOf(executor))],
    );
    if (type === 'executor.declared' || type === 'executor.changed' || type === 'executor.retired') {
      await tx.query('delete from executor_control_board where executor = $1', [id]);
      if (retired === null)
        for (const { control, system } of controls)
          await tx.query('insert into executor_control_board (executor, control, system) values ($1, $2, $3)', [
            id,
            control,
            system,
          ]);
    }
    const order = data.hold === undefined ? undefined : executor.orders.get(orderKey(data as never));
    if (order !== undefined)
      await tx.query(
        `insert into executor_order_board (executor, hold, way, incident, state, ordered_at, data) values ($1, $2, $3, $4, $5, $6, $7::jsonb)
         on conflict (executor, hold, way) do update set state = excluded.state, ordered_at = excluded.ordered_at, data = excluded.data`,
        [id, order.hold, order.way, order.incident, order.state, order.orderedAt, JSON.stringify(order)],
      );
  },
};

export async function listExecutors(
  sql: Sql,
  { system, retired }: { readonly system?: string | undefined; readonly retired: boolean },
): Promise<ExecutorRow[]> {
  const { rows } = await sql.query<{ data: ExecutorRow }>(
    `select data from executor_board b where (retired = $1 or $1)
       and ($2::text is null or exists (select 1 from executor_control_board c where c.executor = b.id and c.system = $2))
     order by retired, lower(name), id limit ${MOST_SHOWN}`,
    [retired, system ?? null],
  );
  return rows.map(({ data }) => data);
}

export async function findExecutor(sql: Sql, id: string): Promise<ExecutorRow | null> {
  const { rows } = await sql.query<{ data: ExecutorRow }>('select data from executor_board where id = $1', [id]);
  return rows[0]?.data ?? null;
}

export async function countExecutors(tx: Sql): Promise<number> {
  // The head of the log orders two who declare one at once.
  await tx.query('select seq from log_head for update');
  return (await tx.query<{ n: number }>('select count(*)::int as n from executor_board where not retired')).rows[0]!.n;
}

/** Those that act for one of these controls. */
export async function actingFor(
  sql: Sql,
  controls: readonly string[],
): Promise<{ executor: string; control: string }[]> {
  const { rows } = await sql.query<{ executor: string; control: string }>(
    `select executor, min(control) as control from executor_control_board where control = any($1) group by executor order by executor limit ${MOST_SHOWN}`,
    [[...controls]],
  );
  return rows;
}

/** Those that a hold was ordered of. */
export async function orderedBy(sql: Sql, hold: string): Promise<string[]> {
  const { rows } = await sql.query<{ executor: string }>(
    `select distinct executor from executor_order_board where hold = $1 order by executor limit ${MOST_SHOWN}`,
    [hold],
  );
  return rows.map(({ executor }) => executor);
}

export interface OrderRow {
  readonly executor: string;
  readonly name: string;
  readonly kind: Executor['kind'];
  readonly data: Order;
}
const ORDER_ROWS = `select o.executor, b.name, b.data->>'kind' as kind, o.data from executor_order_board o join executor_board b on b.id = o.executor`;

export async function ordersOf(
  sql: Sql,
  of: { readonly executor: string } | { readonly incident: string },
): Promise<OrderRow[]> {
  const [where, value] = 'executor' in of ? ['o.executor', of.executor] : ['o.incident', of.incident];
  const { rows } = await sql.query<OrderRow>(
    `${ORDER_ROWS} where ${where} = $1 order by o.ordered_at desc, o.executor, o.way limit ${ORDERS_SHOWN}`,
    [value],
  );
  return rows;
}

/** Orders that are open and that nobody looked at for a while, though somebody should have. */
export async function forgotten(
  sql: Sql,
  before: Instant,
): Promise<{ readonly executor: string; readonly hold: string; readonly way: string }[]> {
  const { rows } = await sql.query<{ executor: string; hold: string; way: string }>(
    `select executor, hold, way from executor_order_board
     where state in ('ordered', 'under-way', 'failed') and data->>'changedAt' < $1 order by ordered_at limit 50`,
    [before],
  );
  return rows;
}

/** Orders that are under way with a runner. */
export async function withRunner(sql: Sql, runner: string): Promise<OrderRow[]> {
  const { rows } = await sql.query<OrderRow>(
    `${ORDER_ROWS} where o.state = 'under-way' and b.data->>'kind' = 'script' and b.data->'settings'->>'runner' = $1
     order by o.ordered_at limit 20`,
    [runner],
  );
  return rows;
}

/** Controls of a system that a switch of another product follows. */
export async function controlsFollowed(sql: Sql, system: string): Promise<ReadonlySet<string>> {
  const { rows } = await sql.query<{ control: string }>(
    `select distinct control from executor_control_board where system = $1 order by control limit ${MOST_SHOWN}`,
    [system],
  );
  return new Set(rows.map(({ control }) => control));
}
