import { controlCoverage } from '@firebreak/contract/respond/control-coverage';
import { type Instant, isRefusal } from '@firebreak/core/kernel';
import {
  describeControl,
  type MissingControl,
  missingControls,
  type WiredControl,
} from '@firebreak/core/respond/containment';
import type { Readiness } from '@firebreak/core/respond/control-tests';
import { type App, type Deps, route, type Sql } from '../../platform/index.ts';
import { heldSystems, readSystem } from '../../prepare/inventory/index.ts';
import { allControls } from './boards.ts';
import { concerns, isLive, type Roster } from './roster.ts';
import { readiness, type TestsOf } from './views.ts';

/** Systems of one answer, by name; ask for one by its key beyond that. */
const MOST_SYSTEMS = 1_000;
const MOST_CONTROLS = 50_000;
const MOST_INSTANCES = 5_000;

type WithReadiness = WiredControl & { readonly readiness: Readiness };

/** Controls wired in advance by system, with when each last worked, in a test or in earnest. */
export async function wiredControls(
  sql: Sql,
  system: string | null,
  testsOf: TestsOf,
  now: Instant,
): Promise<ReadonlyMap<string, WithReadiness[]>> {
  const tests = await testsOf(sql, system);
  const wired = new Map<string, WithReadiness[]>();
  for (const row of await allControls(sql, system)) {
    const { control, name, what, system: key } = row.data;
    const of = wired.get(key) ?? [];
    wired.set(key, of);
    const ready = readiness(row, tests.get(control), now);
    of.push({ control, name, what, testedAt: ready.workedAt, readiness: ready });
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

export function coverageRoutes(app: App, deps: Deps, roster: Roster, testsOf: TestsOf): void {
  route(app, controlCoverage.show, async ({ query }) => {
    const one = query.system === undefined ? null : await readSystem(deps.db, query.system);
    if (isRefusal(one)) return one;
    const systems =
      one === null
        ? (await heldSystems(deps.db, MOST_SYSTEMS)).filter(({ retired }) => !retired)
        : [{ ...one, versionsKnown: one.deployments.length > 0 }];
    const wired = await wiredControls(deps.db, one?.key ?? null, testsOf, deps.now());
    const now = roster.lately();
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
