import { addMs } from '@firebreak/core/kernel';
import { heardBySystem, type Slice, type Sql, type Watch } from '../../platform/index.ts';
import { judging } from './judging.ts';
import { own, ownSignIns } from './own.ts';
import { routes } from './routes.ts';

const DAY_MS = 86_400_000;
/** So long somebody is remembered who does not come back. */
const REMEMBERED_DAYS = 30;
const FORGET_AT_ONCE = 5_000;
/** Askers of one system that are remembered; those that came last longest ago go first. */
const MOST_PRINCIPALS = 50_000;

const forgetting: Watch = {
  name: 'access-retention',
  everyMs: 600_000,
  async look({ db, now, config }) {
    const kept = addMs(now(), -config.retentionDays * DAY_MS);
    await db.query(
      `delete from access_principal where (system, kind, principal) in (
         select system, kind, principal from access_principal where at < $1 order by at limit ${FORGET_AT_ONCE})`,
      [addMs(now(), -REMEMBERED_DAYS * DAY_MS)],
    );
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
      await db.query(
        `delete from ${table} where id in (select id from ${table} where at < $1 limit ${FORGET_AT_ONCE})`,
        [kept],
      );
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
