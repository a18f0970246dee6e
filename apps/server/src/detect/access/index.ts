import { heardBySystem, type Slice, type Sql, type Watch } from '../../platform/index.ts';
import { deleteOld } from '../../prepare/records/index.ts';
import { judging } from './judging.ts';
import { own, ownSignIns } from './own.ts';
import { routes } from './routes.ts';

/** So long somebody is remembered who does not come back. */
const REMEMBERED_DAYS = 30;
const FORGET_AT_ONCE = 5_000;
/** Askers of one system that are remembered, under a legal hold too; those that came last longest ago go first. */
const MOST_PRINCIPALS = 50_000;

const forgetting: Watch = {
  name: 'access-retention',
  everyMs: 600_000,
  async look(deps) {
    const { db } = deps;
    await deleteOld(db, deps, {
      table: 'access_principal',
      key: 'system, kind, principal',
      at: 'at',
      usualDays: REMEMBERED_DAYS,
      most: FORGET_AT_ONCE,
    });
    const crowded = await db.query<{ system: string; kind: string; n: number }>(
      `select system, kind, count(*)::int as n from access_principal group by system, kind having count(*) > ${MOST_PRINCIPALS}`,
    );
    for (const { system, kind, n } of crowded.rows)
      await db.query(
        `delete from access_principal where (system, kind, principal) in (
           select system, kind, principal from access_principal where system = $1 and kind = $2 order by at limit $3)`,
        [system, kind, Math.min(FORGET_AT_ONCE, n - MOST_PRINCIPALS)],
      );
    for (const table of ['sign_in', 'access_told'])
      await deleteOld(db, deps, { table, key: 'id', at: 'at', most: FORGET_AT_ONCE });
  },
};

/** Unusual access of people, programs and sessions: how often, after what, from where, and how they sign in. */
export const access: Slice = {
  name: 'access',
  routes,
  watches: [judging, forgetting],
  effectsOf: ownSignIns,
  jobs: { 'access.own': own },
};

export { watchAccess } from './onlook.ts';

/** When sign-ins of each system were reported. */
export const signInsHeard = (sql: Sql) => heardBySystem(sql, 'sign_in', 'at');
