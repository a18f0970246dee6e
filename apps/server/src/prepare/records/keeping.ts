import { addMs, type Instant } from '@firebreak/core/kernel';
import { isHeld } from '@firebreak/core/prepare/records';
import type { Deps, Sql } from '../../platform/index.ts';
import { listRecordRules } from './board.ts';

const DAY_MS = 86_400_000;

/** Before which instant what a system left may be deleted: by its rule, else as usual; null: a legal hold lies on it. */
export async function keptBefore(sql: Sql, deps: Deps): Promise<(system: string) => Instant | null> {
  const now = deps.now();
  const rules = new Map((await listRecordRules(sql)).map((rule) => [rule.system, rule]));
  return (system) => {
    const rule = rules.get(system);
    if (rule !== undefined && isHeld(rule)) return null;
    return addMs(now, -(rule?.keptDays ?? deps.config.retentionDays) * DAY_MS);
  };
}

/** Parameters of `oldRows`: as usual, now, and an instant that nothing younger than is old by any rule. */
export async function keepingNow(
  sql: Sql,
  deps: Deps,
  usualDays = deps.config.retentionDays,
): Promise<readonly [usual: Instant, now: Instant, latest: Instant]> {
  const now = deps.now();
  const days = (await listRecordRules(sql)).flatMap(({ keptDays }) => keptDays ?? []);
  return [addMs(now, -usualDays * DAY_MS), now, addMs(now, -Math.min(usualDays, ...days) * DAY_MS)];
}

/**
 * How a statement finds what the rules let go, as they are at that moment: the join, and the condition. `system` and `at`
 * are columns; the first three parameters are those of `keepingNow`.
 */
export const oldRows = (system: string, at: string) => ({
  join: `left join record_rule_board rule on rule.system = ${system}`,
  old: `${at} < $3 and not coalesce(rule.held, false) and ${at} < case when rule.kept_days is null then $1
    else to_char(($2::timestamptz at time zone 'UTC') - make_interval(days => rule.kept_days), 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') end`,
});

interface Rows {
  readonly table: string;
  /** Columns that name a row. */
  readonly key: string;
  readonly at: string;
  readonly most: number;
  /** Column of the system, and where it stands, if not in the table itself (`t`). */
  readonly system?: string;
  readonly join?: string;
  /** Of the rows `t` only those. */
  readonly only?: string;
  /** Days they are kept where no rule says otherwise, if not as telemetry is. */
  readonly usualDays?: number;
}

/** Deletes rows, the oldest first, that are older than the rule of their system lets them be kept, and none under a legal hold. */
export async function deleteOld(
  sql: Sql,
  deps: Deps,
  { table, key, at, most, system = 't.system', join = '', only = 'true', usualDays }: Rows,
): Promise<number> {
  const rule = oldRows(system, `t.${at}`);
  const columns = key.split(', ').map((column) => `t.${column}`);
  const { count } = await sql.query(
    `delete from ${table} where (${key}) in (
       select ${columns.join(', ')} from ${table} t ${join} ${rule.join}
       where ${rule.old} and ${only} order by t.${at} limit ${most})`,
    await keepingNow(sql, deps, usualDays),
  );
  return count;
}
