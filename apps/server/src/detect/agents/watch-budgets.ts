import { checkBudgets, type SessionUse } from '@firebreak/core/detect/agents';
import { signalOf } from '@firebreak/core/detect/detectors';
import type { Interaction } from '@firebreak/core/detect/signals';
import { addMs } from '@firebreak/core/kernel';
import type { Budget } from '@firebreak/core/prepare/inventory';
import type { Deps, Sql, Watch } from '../../platform/index.ts';
import { budgetsOf } from '../../prepare/inventory/index.ts';
import { type Onlooker, type Raised, storeSignals, talliesOf, telemetryOf } from '../signals/index.ts';
import { keyOf, sessionsOf } from './sessions.ts';

const NAME = 'session-budgets';
/** A session in which nothing was heard for longer does not go on. */
const GOES_ON_MS = 600_000;
const REMEMBERED_MS = 86_400_000;
const FORGET_AT_ONCE = 5_000;
const MOST_AT_ONCE = 5_000;

interface Kept {
  readonly system: string;
  readonly session: string;
  readonly subject: string | null;
  readonly data: SessionUse;
}

async function remembered(
  tx: Sql,
  asked: readonly { readonly system: string; readonly session: string }[],
): Promise<Map<string, Kept>> {
  const { rows } = await tx.query<Kept>(
    `select u.system, u.session, u.subject, u.data from session_use u
     join (select distinct system, session from jsonb_to_recordset($1::jsonb) as r(system text, session text)) r
       on r.system = u.system and r.session = u.session
     order by u.system, u.session for update of u`,
    [JSON.stringify(asked)],
  );
  return new Map(rows.map((row) => [keyOf(row.system, row.session), row]));
}

/** A person as they are remembered: by a digest. */
type Person = (it: Interaction) => string | null;

/** The sessions of these people that go on, by system and person. What names no session is none. */
async function goingOn(
  tx: Sql,
  deps: Deps,
  them: readonly Interaction[],
  personOf: Person,
): Promise<Map<string, Set<string>>> {
  const asked = them.flatMap((it) => {
    const subject = personOf(it);
    return subject === null || it.session === null ? [] : [{ system: it.system, subject }];
  });
  if (asked.length === 0) return new Map();
  const { rows } = await tx.query<{ system: string; subject: string; session: string }>(
    `select u.system, u.subject, u.session from session_use u
     join (select distinct system, subject from jsonb_to_recordset($1::jsonb) as r(system text, subject text)) r
       on r.system = u.system and r.subject = u.subject
     where u.at > $2 and u.named limit ${MOST_AT_ONCE}`,
    [JSON.stringify(asked), addMs(deps.now(), -GOES_ON_MS)],
  );
  const found = new Map<string, Set<string>>();
  for (const { system, subject, session } of rows) add(found, keyOf(system, subject), session);
  return found;
}

function add(found: Map<string, Set<string>>, key: string, session: string): number {
  const held = found.get(key);
  if (held === undefined) found.set(key, new Set([session]));
  else held.add(session);
  return found.get(key)!.size;
}

type Budgets = ReadonlyMap<string, readonly Budget[]>;

async function look(tx: Sql, deps: Deps, them: readonly Interaction[], budgets: Budgets): Promise<number> {
  const sessionOf = await sessionsOf(tx, them);
  const uses = await remembered(
    tx,
    them.map((it) => ({ system: it.system, session: sessionOf(it) })),
  );
  const counted = them.filter(({ system }) => budgets.get(system)!.some(({ measure }) => measure === 'sessions'));
  const aids = await telemetryOf(deps).aids();
  const personOf: Person = ({ subject }) => (subject === null ? null : aids.digest(`subject|${subject}`));
  const going = await goingOn(tx, deps, counted, personOf);
  const raised: Raised[] = [];
  const named = new Set<string>();
  for (const it of them) {
    const session = sessionOf(it);
    const key = keyOf(it.system, session);
    const held = uses.get(key);
    const subject = personOf(it);
    const sessions = subject === null || it.session === null ? 0 : add(going, keyOf(it.system, subject), it.session);
    const { findings, use } = checkBudgets(it, budgets.get(it.system)!, held?.data ?? null, sessions);
    uses.set(key, { system: it.system, session, subject: held?.subject ?? subject, data: use });
    if (it.session !== null) named.add(key);
    for (const finding of findings) raised.push(signalOf(finding, it, aids));
  }
  await tx.query(
    `insert into session_use (system, session, subject, named, at, data)
     select system, session, subject, named, $2, data
       from jsonb_to_recordset($1::jsonb) as r(system text, session text, subject text, named boolean, data jsonb)
     on conflict (system, session) do update set at = excluded.at, data = excluded.data, subject = excluded.subject,
       named = session_use.named or excluded.named`,
    [
      JSON.stringify(
        [...uses].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, kept]) => ({ ...kept, named: named.has(key) })),
      ),
      deps.now(),
    ],
  );
  await storeSignals(tx, deps, raised);
  return raised.length;
}

/** Counts what each session uses up, where its system has budgets, and holds it against them. */
export const watchBudgets: Onlooker = async (tx, deps, interactions, seen) => {
  const budgets = await budgetsOf(tx, [...new Set(interactions.map(({ system }) => system))]);
  const them = seen.interactions
    .filter(({ data, news }) => budgets.has(data.system) && (news === null || news.size > 0))
    .map(({ data }) => data)
    .sort((a, b) => (a.at < b.at ? -1 : 1));
  const note = (found: number, why: string | null): void =>
    talliesOf(deps).note(NAME, { ran: them.length, found }, why, deps.now());
  if (them.length === 0) return;
  try {
    note(await look(tx, deps, them, budgets), null);
  } catch (error) {
    note(0, String(error instanceof Error ? error.message : error).slice(0, 300));
    throw error;
  }
};

export const forgettingUse: Watch = {
  name: 'session-use',
  everyMs: 600_000,
  async look(deps: Deps) {
    await deps.db.query(
      `delete from session_use where (system, session) in (
         select system, session from session_use where at < $1 order by at limit ${FORGET_AT_ONCE})`,
      [addMs(deps.now(), -REMEMBERED_MS)],
    );
  },
};
