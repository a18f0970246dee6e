import {
  afterStop,
  checkCalls,
  checkGranted,
  NEW_PACE,
  NEW_SESSION,
  needingApproval,
  type Pace,
  type Session,
  stepPace,
  withoutApproval,
} from '@firebreak/core/detect/agents';
import { type Finding, signalOf } from '@firebreak/core/detect/detectors';
import { type Interaction, markOf } from '@firebreak/core/detect/signals';
import { addMs, earlier, type Instant } from '@firebreak/core/kernel';
import type { Tool } from '@firebreak/core/prepare/inventory';
import type { Deps, Sql, Watch } from '../../platform/index.ts';
import { toolsOf } from '../../prepare/inventory/index.ts';
import { type Onlooker, type Raised, type Seen, storeSignals, talliesOf, telemetryOf } from '../signals/index.ts';
import { keyOf, sessionsOf } from './sessions.ts';

const REMEMBERED_MS = 86_400_000;
const FORGET_AT_ONCE = 5_000;
/** An approval is for a call that comes within this time. */
const APPROVAL_MS = 3_600_000;

interface Kept {
  readonly system: string;
  readonly session: string;
  readonly data: Session;
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

/** What later phases know of calls: what was stopped, and what a person agreed to. */
export interface KnownOfCalls {
  readonly afterStops: (
    tx: Sql,
    interactions: readonly Interaction[],
  ) => Promise<ReadonlyMap<string, readonly { readonly tool: string; readonly says: string }[]>>;
  readonly approved: <Call extends CallMade>(tx: Sql, calls: readonly Call[]) => Promise<ReadonlySet<CallMade>>;
}
export interface CallMade {
  readonly system: string;
  readonly tool: string;
  readonly arguments: string | null;
  readonly from: Instant;
  readonly until: Instant;
}

type Tools = ReadonlyMap<string, readonly Tool[]>;
interface Found {
  readonly it: Interaction;
  readonly findings: readonly Finding[];
}

/** Each record by itself, as often as more becomes known of it: what was granted, agreed to, and stopped. */
async function eachAlone(
  tx: Sql,
  deps: Deps,
  known: KnownOfCalls,
  acting: readonly Interaction[],
  tools: Tools,
): Promise<Found[]> {
  const until = deps.now();
  const asked = acting.flatMap((it) =>
    needingApproval(it, tools.get(it.system) ?? []).map((place) => {
      const call = it.toolCalls![place]!;
      const from = addMs(earlier(it.at, it.receivedAt), -APPROVAL_MS);
      return { it, place, call: { system: it.system, tool: call.name, arguments: call.arguments, from, until } };
    }),
  );
  const approved =
    asked.length === 0
      ? new Set<CallMade>()
      : await known.approved(
          tx,
          asked.map(({ call }) => call),
        );
  const past = await known.afterStops(tx, acting);
  return acting.map((it) => {
    const granted = tools.get(it.system) ?? [];
    const missing = asked.flatMap((each) => (each.it === it && !approved.has(each.call) ? [each.place] : []));
    return {
      it,
      findings: [
        ...checkGranted(it, granted),
        ...withoutApproval(it, granted, missing),
        ...afterStop(it, past.get(it.id) ?? []),
      ],
    };
  });
}

/** Records in the order of their sessions, each once. */
async function inSessions(
  tx: Sql,
  deps: Deps,
  counted: readonly Interaction[],
  tools: Tools,
  digest: (text: string) => string,
): Promise<Found[]> {
  if (counted.length === 0) return [];
  const sessionOf = await sessionsOf(tx, counted);
  const sessions = await remembered(
    tx,
    counted.map((it) => ({ system: it.system, session: sessionOf(it) })),
  );
  const found = counted.map((it): Found => {
    const session = sessionOf(it);
    const key = keyOf(it.system, session);
    const checked = checkCalls(it, tools.get(it.system) ?? [], sessions.get(key)?.data ?? NEW_SESSION, digest);
    sessions.set(key, { system: it.system, session, data: checked.session });
    return { it, findings: checked.findings };
  });
  await tx.query(
    `insert into agent_session (system, session, at, data)
     select system, session, $2, data from jsonb_to_recordset($1::jsonb) as r(system text, session text, data jsonb)
     on conflict (system, session) do update set at = excluded.at, data = excluded.data`,
    [JSON.stringify([...sessions].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, kept]) => kept)), deps.now()],
  );
  return found;
}

/** How many calls the agents of each system make, against what is usual. What was made on purpose is not counted. */
async function atTheirPace(tx: Sql, deps: Deps, counted: readonly Interaction[]): Promise<Found[]> {
  const real = counted.filter(({ givenId }) => markOf(givenId) === undefined);
  const systems = [...new Set(real.map(({ system }) => system))].sort();
  if (systems.length === 0) return [];
  const { rows } = await tx.query<{ system: string; data: Pace }>(
    'select system, data from agent_pace where system = any($1) order by system for update',
    [systems],
  );
  const paces = new Map(rows.map(({ system, data }) => [system, data]));
  const found: Found[] = [];
  for (const it of real) {
    const { pace, finding } = stepPace(paces.get(it.system) ?? NEW_PACE, it.toolCalls!.length, it.at);
    paces.set(it.system, pace);
    if (finding !== null) found.push({ it, findings: [finding] });
  }
  await tx.query(
    `insert into agent_pace (system, at, data) select system, $2, data from jsonb_to_recordset($1::jsonb) as r(system text, data jsonb)
     on conflict (system) do update set at = excluded.at, data = excluded.data`,
    [JSON.stringify(systems.map((system) => ({ system, data: paces.get(system) }))), deps.now()],
  );
  return found;
}

/**
 * Holds what agents called against the tools their systems were granted, against what was stopped and agreed to, and against
 * what the session and the system did before.
 */
export function watchCallsWith(known: KnownOfCalls): Onlooker {
  async function look(tx: Sql, deps: Deps, acting: Seen['interactions']): Promise<number> {
    const all = acting.map(({ data }) => data);
    // Counted when a witness first told of them; another one may say more of what they were called with and what came of it.
    const counted = acting.filter(({ news }) => news === null || news.has('toolCalls')).map(({ data }) => data);
    const tools: Tools = await toolsOf(tx, [...new Set(all.map(({ system }) => system))]);
    const aids = await telemetryOf(deps).aids();
    const found = [
      ...(await eachAlone(tx, deps, known, all, tools)),
      ...(await inSessions(tx, deps, counted, tools, aids.digest)),
      ...(await atTheirPace(tx, deps, counted)),
    ];
    await storeSignals(
      tx,
      deps,
      found.flatMap(({ it, findings }) => findings.map((finding): Raised => signalOf(finding, it, aids))),
    );
    return new Set(found.filter(({ findings }) => findings.length > 0).map(({ it }) => it)).size;
  }
  return async function watchCalls(tx, deps, _interactions, seen) {
    const acting = seen.interactions
      .filter(({ data }) => (data.toolCalls?.length ?? 0) > 0)
      .filter(({ news }) => news === null || news.has('toolCalls') || news.has('calls'))
      .sort(({ data: a }, { data: b }) => (a.at < b.at ? -1 : 1));
    if (acting.length === 0) return;
    const note = (found: number, why: string | null): void =>
      talliesOf(deps).note('agent-calls', { ran: acting.length, found }, why, deps.now());
    try {
      note(await look(tx, deps, acting), null);
    } catch (error) {
      note(0, String(error instanceof Error ? error.message : error).slice(0, 300));
      throw error;
    }
  };
}

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
