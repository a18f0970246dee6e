import { gateways as doors, type GatewayReport } from '@firebreak/contract/respond/gateways';
import { addMs, type Instant, refuse } from '@firebreak/core/kernel';
import { type App, type Deps, route, type Slice } from '../../platform/index.ts';
import { GivenKeys } from './given-keys.ts';

const LIVE_MS = 15_000;
const FORGOTTEN_MS = 24 * 3_600_000;
const TIDY_MS = 600_000;
const MOST_GATEWAYS = 1_000;
const MOST_LISTED = 200;

interface Row {
  readonly instance: string;
  readonly heard_at: Instant;
  readonly data: GatewayReport;
}

function routes(app: App, deps: Deps): void {
  const keys = new GivenKeys(deps);
  app.addHook('preClose', async () => keys.close());

  route(app, doors.list, async () => {
    const { rows } = await deps.db.query<Row>(
      'select instance, heard_at, data from gateway_report where heard_at > $1 order by heard_at desc limit $2',
      [addMs(deps.now(), -FORGOTTEN_MS), MOST_LISTED],
    );
    const live = addMs(deps.now(), -LIVE_MS);
    const listed = rows.map(({ heard_at: heardAt, data }) => ({ ...data, live: heardAt >= live, heardAt }));
    return { gateways: [...listed.filter((each) => each.live), ...listed.filter((each) => !each.live)] };
  });

  route(app, doors.report, async ({ body: { leaving, ...body } }) => {
    const now = deps.now();
    if (leaving === true) {
      await deps.db.query('delete from gateway_report where instance = $1', [body.instance]);
      return { heardAt: now };
    }
    const { rows } = await deps.db.query<{ instance: string }>(
      `insert into gateway_report (instance, heard_at, data) select $1, $2, $3::jsonb
       where exists (select 1 from gateway_report where instance = $1) or (select count(*) from gateway_report) < $4
       on conflict (instance) do update set heard_at = excluded.heard_at, data = excluded.data
       returning instance`,
      [body.instance, now, JSON.stringify(body), MOST_GATEWAYS],
    );
    if (rows.length === 0) return refuse('server.busy', 'Too many gateways report to this server.');
    return { heardAt: now };
  });

  route(app, doors.clients, async ({ query: { since, wait = 0 } }) => keys.newerThan(since, wait * 1_000));
}

/** Gateways: how they are, and which keys they may take. What they obey is the affair of containment. */
export const gateways: Slice = {
  name: 'gateways',
  routes,
  watches: [
    {
      name: 'gateways',
      everyMs: TIDY_MS,
      look: async (deps) => {
        await deps.db.query('delete from gateway_report where heard_at < $1', [addMs(deps.now(), -FORGOTTEN_MS)]);
      },
    },
  ],
};
