import type { Interaction, InteractionId, Witnessed } from '@firebreak/core/detect/signals';
import { fillFrom, interactionKey } from '@firebreak/core/detect/signals';
import type { Instant } from '@firebreak/core/kernel';
import type { Deps, Sql } from '../../platform/index.ts';
import { leafOfText, recordText } from './record-text.ts';
import { recordIntake } from './state.ts';

export interface Stored {
  /** In the order given; of those that merged, the one they merged into. */
  readonly ids: readonly InteractionId[];
  readonly fresh: number;
  /** New, or known and filled in: what the detectors have to look at. */
  readonly changed: number;
  readonly intake: string;
  /** The records as they stand now, of those that changed. */
  readonly records: readonly Interaction[];
}

interface Row {
  readonly record: Interaction;
  readonly key: string;
  readonly text: string;
}

const rowOf = (record: Interaction, key: string): Row => ({ record, key, text: recordText(record) });
const place = (system: string, key: string): string => `${system}\n${key}`;

/** The columns beside `data`, as the database reads them out of it. The key is that of `interactionKey`. */
const READ_OUT = `said->>'givenId', said->>'feature', said->'versions'->>'prompt',
  coalesce(said->'versions'->>'model', said->'versions'->>'modelAsked'), said->>'session', said->>'traceId', said->>'responseId'`;
const KEY = `coalesce('r:' || (said->>'responseId'), 's:' || (said->>'traceId') || ':' || (said->>'spanId'), 'g:' || (said->>'givenId'), 'i:' || (said->>'id'))`;

/**
 * Stores interactions in one go. A second report of one that is known fills in what was not known and nothing else; a
 * report that brings nothing new changes nothing. Records the intake for detectors and seal in the same transaction.
 */
export async function storeInteractions(tx: Sql, deps: Deps, given: readonly Witnessed[]): Promise<Stored> {
  const receivedAt = deps.now();
  const intake = deps.mint('tin');
  const rows = new Map<string, Row>();
  const places: string[] = [];
  for (const witnessed of given) {
    const id = deps.mint('int');
    const key = interactionKey(witnessed) ?? `i:${id}`;
    const at = place(witnessed.system, key);
    const held = rows.get(at);
    const record = held === undefined ? { ...witnessed, id, receivedAt } : fillFrom(held.record, witnessed);
    if (held === undefined || record !== held.record) rows.set(at, rowOf(record, key));
    places.push(at);
  }
  // In one order everywhere, so that two intakes never wait for each other crosswise.
  const all = [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
  const inserted = await tx.query<{ id: string }>(
    `insert into interaction (id, system, key, received_at, at, intake, given_id, feature, prompt, model, session, trace_id, response_id, data)
     select said->>'id', said->>'system', ${KEY}, said->>'receivedAt', said->>'at', $2, ${READ_OUT}, said
     from jsonb_array_elements($1::jsonb) as said on conflict (system, key) do nothing returning id`,
    [`[${all.map((row) => row.text).join(',')}]`, intake],
  );
  const fresh = new Set(inserted.rows.map((row) => row.id));
  const freshRows = all.filter((row) => fresh.has(row.record.id));
  const known = all.filter((row) => !fresh.has(row.record.id));
  const filled = known.length === 0 ? [] : await fillIn(tx, known, rows, intake);
  const changed = [...freshRows, ...filled];
  await recordIntake(
    tx,
    deps,
    'interaction',
    intake,
    changed.map((row) => ({ id: row.record.id, leaf: leafOfText(row.text) })),
  );
  await countTraffic(
    tx,
    freshRows.map((row) => row.record),
    receivedAt,
  );
  return {
    ids: places.map((at) => rows.get(at)!.record.id),
    fresh: fresh.size,
    changed: changed.length,
    intake,
    records: changed.map((row) => row.record),
  };
}

/** Reads those that were there before, fills them in, and puts the merged record where the given one stood. */
async function fillIn(tx: Sql, known: readonly Row[], rows: Map<string, Row>, intake: string): Promise<Row[]> {
  const held = await tx.query<{ key: string; data: Interaction }>(
    `select i.key, i.data from interaction i
     join jsonb_to_recordset($1::jsonb) as r(system text, key text) on r.system = i.system and r.key = i.key
     order by i.system, i.key for update of i`,
    [JSON.stringify(known.map(({ record, key }) => ({ system: record.system, key })))],
  );
  const filled: Row[] = [];
  for (const { key, data } of held.rows) {
    const at = place(data.system, key);
    const { id: _id, receivedAt: _at, ...said } = rows.get(at)!.record;
    const merged = fillFrom(data, said);
    const row = rowOf(merged, key);
    rows.set(at, row);
    if (merged !== data) filled.push(row);
  }
  if (filled.length > 0)
    await tx.query(
      `update interaction i set (given_id, feature, prompt, model, session, trace_id, response_id, data, intake) =
         (select ${READ_OUT}, said, $2)
       from jsonb_array_elements($1::jsonb) as said where i.id = said->>'id'`,
      [`[${filled.map((row) => row.text).join(',')}]`, intake],
    );
  return filled;
}

async function countTraffic(tx: Sql, records: readonly Interaction[], receivedAt: Instant): Promise<void> {
  const counts = new Map<
    string,
    { system: string; feature: string; requests: number; refused: number; rerouted: number; errors: number }
  >();
  for (const { system, feature, verdict, error } of records) {
    const at = place(system, feature ?? '');
    const held = counts.get(at) ?? { system, feature: feature ?? '', requests: 0, refused: 0, rerouted: 0, errors: 0 };
    held.requests++;
    if (verdict?.action === 'deny') held.refused++;
    if (verdict?.action === 'reroute') held.rerouted++;
    if (error !== null) held.errors++;
    counts.set(at, held);
  }
  if (counts.size === 0) return;
  // In one order everywhere, so that two intakes never wait for each other crosswise.
  const sorted = [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, count]) => count);
  await tx.query(
    `insert into traffic (system, feature, minute, requests, refused, rerouted, errors)
     select system, feature, $2, requests, refused, rerouted, errors
     from jsonb_to_recordset($1::jsonb) as r(system text, feature text, requests int, refused int, rerouted int, errors int)
     on conflict (system, minute, feature) do update set requests = traffic.requests + excluded.requests,
       refused = traffic.refused + excluded.refused, rerouted = traffic.rerouted + excluded.rerouted, errors = traffic.errors + excluded.errors`,
    [JSON.stringify(sorted), receivedAt.slice(0, 16)],
  );
}
