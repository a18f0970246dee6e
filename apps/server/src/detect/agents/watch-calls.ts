import { checkCalls, checkGranted, NEW_SESSION, type Session } from '@firebreak/core/detect/agents';
import { signalOf } from '@firebreak/core/detect/detectors';
import type { Interaction } from '@firebreak/core/detect/signals';
import { addMs } from '@firebreak/core/kernel';
import type { Tool } from '@firebreak/core/prepare/inventory';
import type { Deps, Sql, Watch } from '../../platform/index.ts';
import { toolsOf } from '../../prepare/inventory/index.ts';
import { type Onlooker, type Raised, sessionsOfTraces, storeSignals, telemetryOf } from '../signals/index.ts';

const REMEMBERED_MS = 86_400_000;
const FORGET_AT_ONCE = 5_000;

const keyOf = (system: string, session: string): string => `${system}\n${session}`;

interface Kept {
  readonly system: string;
  readonly session: string;
  readonly data: Session;
}

/** A session, that of the trace where none is named, or the trace: what happens in one of them belongs together. */
async function sessionsOf(tx: Sql, acting: readonly Interaction[]): Promise<(it: Interaction) => string> {
  const traced = acting.filter(({ session, traceId }) => session === null && traceId !== null);
  const named = await sessionsOfTraces(tx, traced);
  return ({ system, session, traceId, id }) => session ?? named.get(`${system}\n${traceId}`) ?? traceId ?? id;
}

async function remembered(
  tx: Sql,
  asked: readonly { readonly system: string; readonly session: string }[],
): Promise<Map<string, Kept>> {
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
export const watchCalls: Onlooker = async (tx, deps, _interactions, seen) => {
  const acting = seen.interactions
    .filter(({ data }) => (data.toolCalls?.length ?? 0) > 0)
    .filter(({ news }) => news === null || news.has('toolCalls') || news.has('arguments'))
    .sort(({ data: a }, { data: b }) => (a.at < b.at ? -1 : 1));
  if (acting.length === 0) return;
  const tools: ReadonlyMap<string, readonly Tool[]> = await toolsOf(tx, [
    ...new Set(acting.map(({ data }) => data.system)),
  ]);
  const aids = await telemetryOf(deps).aids();
  // Counted when a witness first told of them; another one may say more of what they were called with.
  const counted = acting.filter(({ news }) => news === null || news.has('toolCalls')).map(({ data }) => data);
  const sessionOf = await sessionsOf(tx, counted);
  const sessions = await remembered(
    tx,
    counted.map((it) => ({ system: it.system, session: sessionOf(it) })),
  );
  const raised: Raised[] = [];
  for (const { data: it } of acting) {
    if (counted.includes(it)) continue;
    const findings = checkGranted(it.toolCalls ?? [], tools.get(it.system) ?? [], it.agent);
    raised.push(...findings.map((finding) => signalOf(finding, it, aids)));
  }
  for (const it of counted) {
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
