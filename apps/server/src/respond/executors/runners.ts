import { addMs, type Instant } from '@firebreak/core/kernel';
import { type Executor, parametersOf } from '@firebreak/core/respond/executors';
import type { Deps, Sql } from '../../platform/index.ts';
import { withRunner } from './board.ts';
import { tokenFor } from './secrets.ts';

/** A runner that has not asked for this long is not there. */
const HEARD_FOR_MS = 60_000;
const MOST_RUNNERS = 200;
/** After the time limit of a script, its order is handed out again: whoever had it is gone. */
const GRACE_SECONDS = 15;

export interface RunnerSeen {
  readonly name: string;
  readonly seenAt: Instant;
  readonly scripts: string[];
}

export async function noteRunner(deps: Deps, name: string, scripts: readonly string[]): Promise<void> {
  await deps.db.query(
    `insert into executor_runner (name, seen_at, scripts) values ($1, $2, $3::jsonb)
     on conflict (name) do update set seen_at = excluded.seen_at, scripts = excluded.scripts`,
    [name, deps.now(), JSON.stringify([...scripts].sort())],
  );
}

export async function runnersSeen(sql: Sql): Promise<RunnerSeen[]> {
  const { rows } = await sql.query<{ name: string; seen_at: Instant; scripts: string[] }>(
    `select name, seen_at, scripts from executor_runner order by seen_at desc, name limit ${MOST_RUNNERS}`,
  );
  return rows.map(({ name, seen_at, scripts }) => ({ name, seenAt: seen_at, scripts }));
}

/** Why no runner would run the script of an executor now; null: one would. */
export async function runnerFault(
  sql: Sql,
  { settings }: Pick<Executor, 'settings'>,
  now: Instant,
): Promise<string | null> {
  const { runner, script } = settings;
  const { rows } = await sql.query<{ seen_at: Instant; scripts: string[] }>(
    'select seen_at, scripts from executor_runner where name = $1',
    [runner],
  );
  const [seen] = rows;
  if (seen === undefined)
    return `no runner ${runner} has ever asked; start one with “firebreak runner --name ${runner}”`;
  if (addMs(seen.seen_at, HEARD_FOR_MS) < now) return `runner ${runner} was last heard at ${seen.seen_at}`;
  return seen.scripts.includes(script!) ? null : `runner ${runner} has no script ${script}`;
}

const handed = new WeakMap<Deps, Map<string, number>>();

/** Orders a runner has to do now, each handed out once for as long as its script may take. */
export async function ordersFor(deps: Deps, runner: string) {
  const out = handed.get(deps) ?? new Map<string, number>();
  handed.set(deps, out);
  const now = Date.parse(deps.now());
  for (const [token, until] of out) if (until <= now) out.delete(token);
  const orders = [];
  for (const { executor, data } of await withRunner(deps.db, runner)) {
    const { rows } = await deps.db.query<{ data: Executor }>('select data from executor_board where id = $1', [
      executor,
    ]);
    const settings = rows[0]!.data.settings;
    const attempt = data.failures + 1;
    const { hold, way, label, system, incident, orderedAt } = data;
    const id = executor as `exe_${string}`;
    const token = tokenFor(deps, { executor: id, hold, way, attempt, orderedAt });
    if (out.has(token)) continue;
    const seconds = Number(settings.seconds);
    out.set(token, now + (seconds + GRACE_SECONDS) * 1_000);
    orders.push({
      executor: id,
      hold,
      way,
      attempt,
      script: settings.script!,
      seconds,
      environment: {
        ...parametersOf(settings.parameters!),
        FIREBREAK_STATE: way,
        FIREBREAK_HOLD: label,
        FIREBREAK_SYSTEM: system,
        FIREBREAK_INCIDENT: incident,
        FIREBREAK_ATTEMPT: String(attempt),
      },
      token,
    });
  }
  return orders;
}
