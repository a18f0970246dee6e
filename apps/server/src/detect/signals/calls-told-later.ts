import { type Interaction, placeCall, type Witnessed } from '@firebreak/core/detect/signals';
import { toMs } from '@firebreak/core/kernel';
import type { Sql } from '../../platform/index.ts';

/** Traces of one request that are looked up, and interactions of each; calls of others stay records by themselves. */
const MOST_TRACES = 500;
const MOST_OF_TRACE = 50;

const placeOf = ({ system, traceId }: Pick<Witnessed, 'system' | 'traceId'>): string => `${system}\n${traceId}`;

async function interactionsOfTraces(sql: Sql, calls: readonly Witnessed[]): Promise<Map<string, Interaction[]>> {
  const asked = [...new Map(calls.map((it) => [placeOf(it), { system: it.system, trace: it.traceId }])).values()];
  const { rows } = await sql.query<{ data: Interaction }>(
    `select i.data from jsonb_to_recordset($1::jsonb) as r(system text, trace text)
     cross join lateral (select data from interaction where trace_id = r.trace and system = r.system
       order by received_at desc, id desc limit ${MOST_OF_TRACE}) i`,
    [JSON.stringify(asked.slice(0, MOST_TRACES))],
  );
  const held = new Map<string, Interaction[]>();
  for (const { data } of rows) held.set(placeOf(data), [...(held.get(placeOf(data)) ?? []), data]);
  return held;
}

/**
 * A span of a tool often comes a batch after the call of the model that asked for it. Such calls are handed in as a second
 * report of that interaction; the others are records by themselves.
 */
export async function withTheirAskers(sql: Sql, calls: readonly Witnessed[]): Promise<readonly Witnessed[]> {
  const traced = calls.filter(({ traceId }) => traceId !== null);
  if (traced.length === 0) return calls;
  const held = await interactionsOfTraces(sql, traced);
  return calls.map((it) => {
    const there = it.traceId === null ? [] : (held.get(placeOf(it)) ?? []);
    const [call] = it.toolCalls ?? [];
    // Told before: a second report of the record it is already.
    if (call === undefined || there.some(({ spanId }) => spanId === it.spanId)) return it;
    const placed = placeCall(
      call,
      toMs(it.at),
      there.map(({ at, latencyMs, toolCalls }) => ({ toolCalls, endMs: toMs(at) + (latencyMs ?? 0) })),
    );
    if (placed === null) return it;
    const { id: _id, receivedAt: _received, ...asker } = there[placed.asker]!;
    const told = { ...asker, toolCalls: placed.toolCalls };
    there[placed.asker] = { ...there[placed.asker]!, toolCalls: placed.toolCalls };
    return told;
  });
}

/** The session that other interactions of a trace name; for records that name none themselves. */
export async function sessionsOfTraces(
  sql: Sql,
  records: readonly Pick<Witnessed, 'system' | 'traceId'>[],
): Promise<ReadonlyMap<string, string>> {
  if (records.length === 0) return new Map();
  const { rows } = await sql.query<{ system: string; trace: string; session: string }>(
    `select r.system, r.trace, i.session from (select distinct system, trace from jsonb_to_recordset($1::jsonb) as r(system text, trace text)) r
     cross join lateral (select session from interaction where trace_id = r.trace and system = r.system and session is not null
       order by received_at, id limit 1) i`,
    [JSON.stringify(records.map(({ system, traceId }) => ({ system, trace: traceId })))],
  );
  return new Map(rows.map(({ system, trace, session }) => [placeOf({ system, traceId: trace }), session]));
}
