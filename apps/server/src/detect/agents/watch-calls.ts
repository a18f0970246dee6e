import { checkCalls, NEW_SESSION, type Session } from '@firebreak/core/detect/agents';
import { signalOf } from '@firebreak/core/detect/detectors';
import type { Interaction } from '@firebreak/core/detect/signals';
import { addMs } from '@firebreak/core/kernel';
import type { Tool } from '@firebreak/core/prepare/inventory';
import type { Deps, Sql, Watch } from '../../platform/index.ts';
import { toolsOf } from '../../prepare/inventory/index.ts';
import { type Onlooker, type Raised, storeSignals, telemetryOf } from '../signals/index.ts';

const REMEMBERED_MS = 86_400_000;
const FORGET_AT_ONCE = 5_000;

/** A session, or the trace where none is named: what happens in one of them belongs together. */
const sessionOf = ({ session, traceId, id }: Interaction): string => session ?? traceId ?? id;
const keyOf = (system: string, session: string): string => `${system}\n${session}`;

interface Kept {
  readonly system: string;
  readonly session: string;
  readonly data: Session;
}

async function remembered(tx: Sql, acting: readonly Interaction[]): Promise<Map<string, Kept>> {
  const asked = acting.map((it) => ({ system: it.system, session: sessionOf(it) }));
  const { rows } = await tx.query<Kept>(
    `select a.system, a.session, a.data from agent_session a
     join (select distinct system, session from jsonb_to_recordset($1::jsonb) as r(system text, session text)) r
       on r.system = a.system and r.session = a.session
     order by a.system, a.session for update of a`,
    [JSON.stringify(asked)],
  );
  return new Map(rows.map((row) => [keyOf(row.system, row.session), row]));
}

/** Holds what agents called against the tools their systems were granted, and against what the session did before. */
export const watchCalls: Onlooker = async (tx, deps, interactions) => {
  const acting = interactions
    .filter(({ toolCalls }) => toolCalls !== null && toolCalls.length > 0)
    .sort((a, b) => (a.at < b.at ? -1 : 1));
  if (acting.length === 0) return;
  const tools: ReadonlyMap<string, readonly Tool[]> = await toolsOf(tx, [
    ...new Set(acting.map(({ system }) => system)),
  ]);
  const aids = await telemetryOf(deps).aids();
  const sessions = await remembered(tx, acting);
  const raised: Raised[] = [];
  for (const it of acting) {
    const session = sessionOf(it);
    const key = keyOf(it.system, session);
    const checked = checkCalls(
      it.toolCalls ?? [],
      tools.get(it.system) ?? [],
      sessions.get(key)?.data ?? NEW_SESSION,
      it.at,
      aids.digest,
      it.agent,
    );
    sessions.set(key, { system: it.system, session, data: checked.session });
    raised.push(...checked.findings.map((finding) => signalOf(finding, it, aids)));
  }
  await storeSignals(tx, deps, raised);
  const now = deps.now();
  await tx.query(
    `insert into agent_session (system, session, at, data)
     select system, session, $2, data from jsonb_to_recordset($1::jsonb) as r(system text, session text, data jsonb)
     on conflict (system, session) do update set at = excluded.at, data = excluded.data`,
    [JSON.stringify([...sessions].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, kept]) => kept)), now],
  );
};

export const forgetting: Watch = {
  name: 'agent-sessions',
  everyMs: 600_000,
  async look(deps: Deps) {
    await deps.db.query(
      `delete from agent_session where (system, session) in (
         select system, session from agent_session where at < $1 order by at limit ${FORGET_AT_ONCE})`,
      [addMs(deps.now(), -REMEMBERED_MS)],
    );
  },
};
