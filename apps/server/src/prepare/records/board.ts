import { foldRecords, isHeld, RECORD_FACTS, type Records } from '@firebreak/core/prepare/records';
import { type Board, type Deps, loadStream, type Sql } from '../../platform/index.ts';

const MOST = 2_000;
/** How long another process may go on by a rule that was changed here, milliseconds. */
const FRESH_MS = 1_000;

export const recordBoard: Board = {
  name: 'record-rules',
  tables: ['record_rule_board'],
  types: RECORD_FACTS,
  async apply(tx, { stream }) {
    const records = foldRecords(await loadStream(tx, stream));
    if (records === null) return;
    await tx.query(
      `insert into record_rule_board (system, kept_days, held, data) values ($1, $2, $3, $4::jsonb)
       on conflict (system) do update set kept_days = excluded.kept_days, held = excluded.held, data = excluded.data`,
      [records.system, records.keptDays, isHeld(records), JSON.stringify(records)],
    );
  },
};

export async function listRecordRules(sql: Sql): Promise<Records[]> {
  const { rows } = await sql.query<{ data: Records }>(
    `select data from record_rule_board order by held desc, system limit ${MOST}`,
  );
  return rows.map(({ data }) => data);
}

const known = new WeakMap<Deps, { readonly at: number; readonly rules: Promise<ReadonlyMap<string, Records>> }>();

/** The rules by system, as of a moment ago. */
export function recordRules(deps: Deps): Promise<ReadonlyMap<string, Records>> {
  const held = known.get(deps);
  if (held !== undefined && performance.now() - held.at < FRESH_MS) return held.rules;
  const rules = listRecordRules(deps.db).then((all) => new Map(all.map((each) => [each.system, each])));
  known.set(deps, { at: performance.now(), rules });
  rules.catch(() => known.delete(deps));
  return rules;
}

/** They were changed here: the next who asks reads them again. */
export const forgetRecordRules = (deps: Deps): boolean => known.delete(deps);
