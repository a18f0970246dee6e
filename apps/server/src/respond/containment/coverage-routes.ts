import { controlCoverage } from '@firebreak/contract/respond/control-coverage';
import { type Instant, isRefusal } from '@firebreak/core/kernel';
import {
  type DeclaredControl,
  describeControl,
  type MissingControl,
  missingControls,
  type WiredControl,
} from '@firebreak/core/respond/containment';
import { type App, type Deps, route, type Sql } from '../../platform/index.ts';
import { heldSystems, readSystem } from '../../prepare/inventory/index.ts';
import { concerns, isLive, latelyAt, type Roster } from './roster.ts';

/** Systems of one answer, by name; ask for one by its key beyond that. */
const MOST_SYSTEMS = 1_000;
const MOST_CONTROLS = 50_000;
const MOST_INSTANCES = 5_000;

/** Controls wired in advance by system, with when an order by each was last confirmed. */
export async function wiredControls(sql: Sql, system: string | null): Promise<ReadonlyMap<string, WiredControl[]>> {
  const { rows } = await sql.query<{ system: string; data: DeclaredControl; tested: Instant | null }>(
    `select c.system, c.data, t.tested from control_board c
     left join (select data ->> 'control' as control, max(ordered_at) as tested from hold_board
                where confirmation = 'confirmed' group by data ->> 'control') t on t.control = c.control
     where not c.retired and ($1::text is null or c.system = $1) order by c.control limit ${MOST_CONTROLS}`,
    [system],
  );
  const wired = new Map<string, WiredControl[]>();
  for (const { system: key, data, tested } of rows) {
    const of = wired.get(key) ?? [];
    wired.set(key, of);
    of.push({ control: data.control, name: data.name, what: data.what, testedAt: tested });
  }
  return wired;
}

/** Systems that at least one control in stock would stop, whole or in part. */
export async function systemsWithStop(sql: Sql): Promise<ReadonlySet<string>> {
  const { rows } = await sql.query<{ system: string }>(
    `select distinct system from control_board where not retired and data -> 'what' ->> 'kind' = 'disable'
     order by system limit ${MOST_CONTROLS}`,
  );
  return new Set(rows.map(({ system }) => system));
}

function sayMissing(missing: MissingControl): string {
  switch (missing.kind) {
    case 'guard':
      return 'No guard is live: an order would be a note that nothing obeys.';
    case 'stop-all':
      return 'No control is wired that stops the whole system.';
    case 'stop-feature':
      return `No control is wired for ${missing.feature}.`;
    case 'roll-back':
      return 'No control is wired that goes back to an earlier version.';
    case 'for-architecture':
      return `${missing.lever.title}: comes first for such a system, and is not wired.`;
    case 'never-tested':
      return missing.controls === 1
        ? 'One control was never tested.'
        : `${missing.controls} controls were never tested.`;
  }
}

export function coverageRoutes(app: App, deps: Deps, roster: Roster): void {
  route(app, controlCoverage.show, async ({ query }) => {
    const one = query.system === undefined ? null : await readSystem(deps.db, query.system);
    if (isRefusal(one)) return one;
    const systems =
      one === null
        ? (await heldSystems(deps.db, MOST_SYSTEMS)).filter(({ retired }) => !retired)
        : [{ ...one, versionsKnown: one.deployments.length > 0 }];
    const wired = await wiredControls(deps.db, one?.key ?? null);
    const now = latelyAt(deps.now());
    const live = (await roster.instances(one?.key ?? null, MOST_INSTANCES)).filter((each) => isLive(each, now));
    return {
      systems: systems.map((system) => {
        const controls = wired.get(system.key) ?? [];
        const liveGuards = live.filter((each) => concerns(each, system.key)).length;
        return {
          system: system.key,
          name: system.name,
          liveGuards,
          controls: controls.map(({ what, ...each }) => ({ ...each, says: describeControl(what) })),
          missing: missingControls(system, controls, liveGuards).map((each) => ({
            kind: each.kind,
            says: sayMissing(each),
          })),
        };
      }),
    };
  });
}
