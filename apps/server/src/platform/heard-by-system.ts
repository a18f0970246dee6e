import type { Instant } from '@firebreak/core/kernel';
import type { Sql } from './database/index.ts';

const MOST_SYSTEMS = 500;

/**
 * When rows of a table first and last came in, by system. Jumps from system to system along the index on (system, `column`),
 * so that its cost is of the systems, not of the rows. Both names are of the code, never of a request.
 */
export async function heardBySystem(
  sql: Sql,
  table: string,
  column: string,
): Promise<{ readonly system: string; readonly lastAt: Instant; readonly firstAt: Instant }[]> {
  const { rows } = await sql.query<{ system: string; last: Instant; first: Instant }>(
    `with recursive s as (
       (select system from ${table} order by system limit 1)
       union all
       select (select t.system from ${table} t where t.system > s.system order by t.system limit 1) from s where s.system is not null
     ) select s.system,
       (select t.${column} from ${table} t where t.system = s.system order by t.${column} desc limit 1) as last,
       (select t.${column} from ${table} t where t.system = s.system order by t.${column} limit 1) as first
     from s where s.system is not null limit ${MOST_SYSTEMS}`,
  );
  return rows.map(({ system, last, first }) => ({ system, lastAt: last, firstAt: first }));
}
