import { Bin } from '@firebreak/core/detect/measures';
import { addMs } from '@firebreak/core/kernel';
import type { Deps, Watch } from '../../platform/index.ts';
import { deleteOld } from '../../prepare/records/index.ts';
import { addTo, type BinRow } from './collapse.ts';

const DAY_MS = 86_400_000;
const FINE_DAYS = 2;
/** What a sender may send again for so long; and how long a stream that fell silent is remembered. */
const RECEIPT_DAYS = 7;
const AT_ONCE = 4_000;
const MOST_ROUNDS = 20;

/** Minutes older than two days become five minutes each. Answers how many it took. */
async function coarsen(deps: Deps): Promise<number> {
  const before = addMs(deps.now(), -FINE_DAYS * DAY_MS).slice(0, 15);
  return deps.db.transaction(async (tx) => {
    await tx.query("select pg_advisory_xact_lock(hashtext('firebreak-measures'))");
    const { rows } = await tx.query<BinRow>(
      `delete from measure_minute where (series, minute) in (
         select series, minute from measure_minute where step = 1 and minute < $1 order by minute, series limit ${AT_ONCE})
       returning series, minute, n, x, sum, low, high, sketch, parts`,
      [before],
    );
    const slots = new Map<string, { series: string; minute: string; bin: Bin }>();
    for (const row of rows) {
      const minute = `${row.minute.slice(0, 15)}${row.minute[15]! < '5' ? '0' : '5'}`;
      const key = `${row.series} ${minute}`;
      const slot = slots.get(key) ?? { series: row.series, minute, bin: new Bin() };
      slot.bin.add(row);
      slots.set(key, slot);
    }
    await addTo(tx, 'measure_minute', 5, [...slots.values()]);
    return rows.length;
  }, 'bulk');
}

/** What is older than the rule of its system lets it be kept goes; so do lines that hold nothing any more. */
async function forget(deps: Deps): Promise<number> {
  const receipts = addMs(deps.now(), -RECEIPT_DAYS * DAY_MS);
  let most = 0;
  for (const table of ['measure_minute', 'measure_hour']) {
    const count = await deleteOld(deps.db, deps, {
      table,
      key: 'series, minute',
      at: 'minute',
      join: 'left join measure_series s on s.id = t.series',
      system: 's.system',
      most: AT_ONCE,
    });
    most = Math.max(most, count);
  }
  for (const [table, column] of [
    ['measure_receipt', 'key'],
    ['measure_stream', 'id'],
  ] as const)
    await deps.db.query(
      `delete from ${table} where ${column} in (select ${column} from ${table} where at < $1 limit ${AT_ONCE})`,
      [receipts],
    );
  await deleteOld(deps.db, deps, { table: 'measure_series', key: 'id', at: 'last_minute', most: AT_ONCE });
  await deleteOld(deps.db, deps, { table: 'watch_alarm', key: 'id', at: 'at', most: AT_ONCE });
  await deps.db.query(
    'delete from watch_state s where not exists (select 1 from watch_board b where b.id = s.watch and not b.removed)',
  );
  await deps.db.query('delete from measure_left_out where last_at < $1', [addMs(deps.now(), -RECEIPT_DAYS * DAY_MS)]);
  return most;
}

export const keeping: Watch = {
  name: 'measure-retention',
  everyMs: 600_000,
  async look(deps) {
    for (let round = 0; round < MOST_ROUNDS && (await coarsen(deps)) >= AT_ONCE; round++);
    for (let round = 0; round < MOST_ROUNDS && (await forget(deps)) >= AT_ONCE; round++);
  },
};
