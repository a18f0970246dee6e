import { type Guarded, lookAtGuarded, NOTHING_GUARDED } from '@firebreak/core/detect/oversight';
import { type Instant, instant, toMs } from '@firebreak/core/kernel';
import type { Deps, Sql, Watch } from '../../platform/index.ts';
import { type Raised, storeSignals, trafficSince } from '../signals/index.ts';
import { breachSignal } from './onlook.ts';

/** What one instance of a guard has let through since it started. */
export interface Through {
  readonly system: string;
  readonly instance: string;
  readonly through: number;
}
/** Asks whoever knows the guards; they belong to a later phase. */
export type GuardsAsked = (deps: Deps) => Promise<readonly Through[]>;

interface Row {
  readonly guarded: Guarded;
  /** The hour of the newest look, and what was recorded in it so far. */
  readonly hour: string;
  readonly recorded: number;
  readonly instances: Readonly<Record<string, number>>;
}

const EVERY_MS = 20_000;
/** Interactions come a little after what lets them through: what is younger, or fewer, is not shown. */
const SHOWN_AFTER_MS = 60_000;
const FEWEST_SHOWN = 20;
const DAY_MS = 86_400_000;
const MOST_INSTANCES = 2_000;

const clock = (ms: number): string => new Date(ms).toISOString().slice(11, 16);

async function holesOf(tx: Sql, system: string, instances: readonly Through[], now: Instant): Promise<Raised[]> {
  const { rows } = await tx.query<{ data: Row }>('select data from oversight_guarded where system = $1 for update', [
    system,
  ]);
  const held = rows[0]?.data ?? null;
  const hour = now.slice(0, 13);
  const traffic = await trafficSince(tx, system, `${hour}:00:00.000Z` as Instant);
  const recorded = (traffic ?? []).reduce((sum, { requests }) => sum + requests, 0);
  const known = held?.instances ?? {};
  // Of an instance that is new here nobody knows when it let through what it did.
  const through = instances.reduce(
    (sum, each) => sum + Math.max(0, each.through - (known[each.instance] ?? each.through)),
    0,
  );
  const before = held?.hour === hour ? held.recorded : 0;
  const { state, holes } = lookAtGuarded(
    held?.guarded ?? NOTHING_GUARDED,
    { through, recorded: Math.max(0, recorded - before) },
    toMs(now),
  );
  const row: Row = {
    guarded: state,
    hour,
    recorded,
    instances: Object.fromEntries(
      instances.slice(0, MOST_INSTANCES).map(({ instance, through }) => [instance, through]),
    ),
  };
  await tx.query(
    'insert into oversight_guarded (system, data) values ($1, $2::jsonb) on conflict (system) do update set data = excluded.data',
    [system, JSON.stringify(row)],
  );
  return holes.map((hole) =>
    hole.kind === 'telemetry-missing'
      ? breachSignal(
          { system, at: now, evidenceClass: traffic === null ? 'weak' : 'strong' },
          'telemetry-missing',
          'guards let requests through and nothing is recorded',
          `Guards of ${system} have let ${hole.through} requests through since ${clock(hole.since)} UTC, and ${traffic === null ? 'nothing of this system was ever recorded' : 'nothing of them was recorded'}. What it answers now is seen by no detector.`,
          `oversight|hole|${system}|${hole.since}|${Math.floor((toMs(now) - hole.since) / DAY_MS)}`,
        )
      : breachSignal(
          { system, at: now, evidenceClass: 'weak' },
          'telemetry-thin',
          'far less is recorded than guards let through',
          `From ${clock(hole.since)} UTC on, guards of ${system} let ${hole.through} requests through within the hour and ${hole.recorded} were recorded; ${Math.round(hole.usual * hole.through)} are usual for so many. Part of what it answers is seen by no detector.`,
          `oversight|thin|${system}|${hole.since}`,
        ),
  );
}

/** Holds what guards let through against what is recorded, every few seconds. */
export const guardedWith = (asked: GuardsAsked): Watch => ({
  name: 'guarded-traffic',
  everyMs: EVERY_MS,
  async look(deps: Deps) {
    const bySystem = new Map<string, Through[]>();
    for (const it of await asked(deps)) bySystem.set(it.system, [...(bySystem.get(it.system) ?? []), it]);
    let fresh = 0;
    for (const [system, instances] of [...bySystem].sort(([a], [b]) => (a < b ? -1 : 1)))
      fresh += await deps.db.transaction(async (tx) => {
        const raised = await holesOf(tx, system, instances, deps.now());
        return (await storeSignals(tx, deps, raised)).fresh;
      });
    if (fresh > 0) {
      deps.hints.give({ kind: 'signals' });
      deps.wake();
    }
  },
});

/** Holes that stand open for a minute and more, by system. */
export async function holesHeld(
  sql: Sql,
  now: Instant,
): Promise<ReadonlyMap<string, { readonly since: Instant; readonly through: number }>> {
  const { rows } = await sql.query<{ system: string; data: Row }>('select system, data from oversight_guarded');
  return new Map(
    rows.flatMap(({ system, data: { guarded } }) =>
      guarded.since === null || guarded.through < FEWEST_SHOWN || toMs(now) - guarded.since < SHOWN_AFTER_MS
        ? []
        : [[system, { since: instant(new Date(guarded.since).toISOString()), through: guarded.through }] as const],
    ),
  );
}
