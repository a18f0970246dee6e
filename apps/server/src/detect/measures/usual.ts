import { createHash } from 'node:crypto';
import {
  addWatch,
  foldWatch,
  isWarm,
  MEASURE_LIMITS,
  type MeasureKind,
  USUAL_WATCHES,
  type WatchId,
} from '@firebreak/core/detect/measures';
import { isRefusal, type Recorded } from '@firebreak/core/kernel';
import type { SystemType } from '@firebreak/core/prepare/inventory';
import { actWithin, announce, type Deps, firebreakItself, type Watch } from '../../platform/index.ts';
import { heldSystems } from '../../prepare/inventory/index.ts';
import { countWatches } from './watch-board.ts';

const AT_ONCE = 60;

const idOf = (system: string, usual: string): WatchId =>
  `wch_${createHash('sha256').update(`${system}\n${usual}`).digest('hex').slice(0, 24)}` as WatchId;

/** Usual watches this process knows to be there, so that nobody is asked again. */
const known = new WeakMap<Deps, Set<string>>();

/** Adds the usual watches of each system: limits at once, the others as soon as there is enough to learn from. */
export const usualWatches: Watch = {
  name: 'usual-watches',
  everyMs: 60_000,
  async look(deps) {
    const done = known.get(deps) ?? new Set<string>();
    known.set(deps, done);
    const { rows } = await deps.db.query<{
      system: string;
      name: string;
      kind: MeasureKind;
      first: string;
      last: string;
    }>(
      `select system, name, kind, min(first_minute) as first, max(last_minute) as last from measure_series
       where name = any($1) group by system, name, kind order by system, name`,
      [[...new Set(USUAL_WATCHES.map(({ measure }) => measure))]],
    );
    const wanted = rows.flatMap((row) =>
      USUAL_WATCHES.filter(
        (it) => it.measure === row.name && it.kind === row.kind && !done.has(idOf(row.system, it.usual)),
      ).map((it) => ({ row, it })),
    );
    if (wanted.length === 0) return;
    const systems = new Map((await heldSystems(deps.db)).map((each) => [each.key, each]));
    const seen = await deps.db.query<{ system: string; name: string; n: number }>(
      `select s.system, s.name, sum(h.n) as n from measure_series s join measure_hour h on h.series = s.id
       where s.name = any($1) and s.system = any($2) group by 1, 2`,
      [[...new Set(wanted.map(({ it }) => it.measure))], [...new Set(wanted.map(({ row }) => row.system))]],
    );
    const counts = new Map(seen.rows.map(({ system, name, n }) => [`${system} ${name}`, n]));
    const fits = wanted.filter(({ row, it }) => {
      const system = systems.get(row.system);
      const type: SystemType | null = system?.type ?? null;
      return (
        system?.retired !== true &&
        (it.type === undefined || it.type === type) &&
        // A limit is said beforehand: there is nothing to learn, and a new system may be beyond it from its first day.
        (it.rule.kind === 'limit' || isWarm(counts.get(`${row.system} ${row.name}`) ?? 0, row.first, row.last))
      );
    });
    if ((await countWatches(deps.db)) + Math.min(fits.length, AT_ONCE) > MEASURE_LIMITS.watches) {
      deps.log.warn(
        { watches: MEASURE_LIMITS.watches },
        'no more watches are added by themselves: there are as many as there may be',
      );
      return;
    }
    const facts: Recorded[] = [];
    const some = fits.slice(0, AT_ONCE);
    await deps.db.transaction(async (tx) => {
      for (const { row, it } of some) {
        const watch = idOf(row.system, it.usual);
        const { usual, measure, kind, name, rule, pages } = it;
        const added = await actWithin(tx, deps, {
          stream: watch,
          by: firebreakItself('measures'),
          may: 'monitor.edit',
          fold: foldWatch,
          decide: (state) =>
            addWatch(state, { watch, system: row.system, measure, kind, usual, name, rule, pages, feature: null }),
        });
        if (isRefusal(added)) throw new Error(`a usual watch was refused: ${added.why}`);
        facts.push(...added.facts);
      }
    });
    for (const { row, it } of some) done.add(idOf(row.system, it.usual));
    await announce(deps, facts);
  },
};
