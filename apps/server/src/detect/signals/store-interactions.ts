import type { Interaction, InteractionId, Witnessed } from '@firebreak/core/detect/signals';
import { fillFrom, gained, interactionKey, markOf } from '@firebreak/core/detect/signals';
import type { Instant } from '@firebreak/core/kernel';
import type { Database, Deps, Sql } from '../../platform/index.ts';
import { type Held, heldAs } from './inspector.ts';
import { RecordTexts } from './record-text.ts';
import { type Gained, recordIntake, stateOf } from './state.ts';
import { takeOutOfInteractions } from './take-out.ts';

export interface Stored {
  /** In the order given; of those that merged, the one they merged into. */
  readonly ids: readonly InteractionId[];
  readonly fresh: number;
  /** New, or known and filled in: what the detectors have to look at. */
  readonly changed: number;
  readonly intake: string;
  /** The records as they stand now, of those that changed. */
  readonly records: readonly Held[];
}

interface Row {
  readonly record: Interaction;
  readonly key: string;
}

const place = (system: string, key: string): string => `${system}\n${key}`;

/** The columns beside `data`, as the database reads them out of it. The key is that of `interactionKey`. */
const READ_OUT = `said->>'givenId', said->>'feature', said->'versions'->>'prompt',
  coalesce(said->'versions'->>'model', said->'versions'->>'modelAsked'), said->>'session', said->>'traceId', said->>'responseId'`;
const KEY = `coalesce('r:' || (said->>'responseId'), 's:' || (said->>'traceId') || ':' || (said->>'spanId'), 'g:' || (said->>'givenId'), 'i:' || (said->>'id'))`;

/** Records, one on each line, each read once: cheaper than one list of them, which the engine takes apart and builds anew. */
const SAID = '(select line::jsonb as said from string_to_table($1, chr(10)) as line offset 0) as lines';
const COLUMNS =
  'id, system, key, received_at, at, intake, given_id, feature, prompt, model, session, trace_id, response_id, data';
const VALUES = `said->>'id', said->>'system', ${KEY}, said->>'receivedAt', said->>'at', $2, ${READ_OUT}, said`;

/** Adds counts by minute, of a JSON list and a minute that are parameters of the statement. */
const trafficFrom = (list: string, minute: string): string =>
  `insert into traffic (system, feature, minute, requests, refused, rerouted, errors)
   select system, feature, ${minute}, requests, refused, rerouted, errors
   from jsonb_to_recordset(${list}::jsonb) as r(system text, feature text, requests int, refused int, rerouted int, errors int)
   on conflict (system, minute, feature) do update set requests = traffic.requests + excluded.requests,
     refused = traffic.refused + excluded.refused, rerouted = traffic.rerouted + excluded.rerouted, errors = traffic.errors + excluded.errors`;

/** What `trafficFrom` reads: counts by system and feature. */
function trafficOf(records: readonly Interaction[]): string {
  const counts = new Map<
    string,
    { system: string; feature: string; requests: number; refused: number; rerouted: number; errors: number }
  >();
  for (const { system, feature, verdict, error, givenId } of records) {
    // Made on purpose: it counts in no figure.
    if (markOf(givenId) !== undefined) continue;
    const at = place(system, feature ?? '');
    const held = counts.get(at) ?? { system, feature: feature ?? '', requests: 0, refused: 0, rerouted: 0, errors: 0 };
    held.requests++;
    if (verdict?.action === 'deny') held.refused++;
    if (verdict?.action === 'reroute' || verdict?.action === 'limit' || verdict?.action === 'review') held.rerouted++;
    if (error !== null) held.errors++;
    counts.set(at, held);
  }
  // In one order everywhere, so that two intakes never wait for each other crosswise.
  return JSON.stringify([...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, count]) => count));
}

/** What one intake brings, with ids, before the database has been asked whether any of it is known. */
interface Brought {
  readonly receivedAt: Instant;
  readonly intake: string;
  readonly rows: Map<string, Row>;
  /** Where each of the given stands in `rows`. */
  readonly places: readonly string[];
  /** In one order everywhere, so that two intakes never wait for each other crosswise. */
  readonly all: readonly Row[];
}

function bring(deps: Deps, given: readonly Witnessed[]): Brought {
  const receivedAt = deps.now();
  const intake = deps.mint('tin');
  const records = new Map<string, { readonly record: Interaction; readonly key: string }>();
  const places: string[] = [];
  for (const witnessed of given) {
    const id = deps.mint('int');
    const key = interactionKey(witnessed) ?? `i:${id}`;
    const at = place(witnessed.system, key);
    const held = records.get(at);
    // In this order the engine copies in one go; behind the spread, each member costs anew.
    const record = held === undefined ? { id, receivedAt, ...witnessed } : fillFrom(held.record, witnessed);
    if (held === undefined || record !== held.record) records.set(at, { record, key });
    places.push(at);
  }
  const sorted = [...records.keys()].sort((a, b) => (a < b ? -1 : 1));
  const rows = new Map<string, Row>();
  for (const at of sorted) rows.set(at, records.get(at)!);
  return { receivedAt, intake, rows, places, all: [...rows.values()] };
}

/** Rows as they are stored, hashed and read on. */
interface Written {
  readonly row: Row;
  readonly leaf: Uint8Array;
  readonly held: Held;
}

function written(rows: readonly Row[]): { readonly lines: Uint8Array; readonly each: readonly Written[] } {
  const texts = new RecordTexts(rows.map(({ record }) => record));
  return {
    lines: texts.lines,
    each: rows.map((row, i) => ({ row, leaf: texts.leaf(i), held: heldIn(texts, i, row.record.id) })),
  };
}
const heldIn = (texts: RecordTexts, i: number, id: string): Held =>
  heldAs({ id, size: texts.size(i), text: () => texts.text(i) });
const placesOf = (rows: readonly Row[]): string =>
  JSON.stringify(rows.map(({ record, key }) => ({ system: record.system, key })));

/** Everything an intake writes, in one statement. Where one row is known already, it fails and writes nothing. */
const ALL_NEW = `with rows as (
    insert into interaction (${COLUMNS})
    select ${VALUES} from ${SAID}),
  counted as (${trafficFrom('$3', '$4')})
  insert into telemetry_intake (id, kind, received_at, count, ids, leaves, inspected)
  values ($2, 'interaction', $5, $6, $7::jsonb, $8, false)`;

const UNIQUE_VIOLATION = '23505';
/** Once something was known, so many intakes are stored without trying first whether everything is new. */
const SECOND_REPORTS = 50;

/** What an intake brings as bytes, and nothing of it as records. */
interface Packed {
  readonly receivedAt: Instant;
  readonly intake: string;
  readonly places: readonly string[];
  /** Place and key of each record, in the order of the records. */
  readonly keys: readonly { readonly at: string; readonly key: string }[];
  readonly ids: readonly InteractionId[];
  readonly records: readonly Held[];
  /** Of `ALL_NEW`. */
  readonly parameters: readonly unknown[];
}

function packed({ receivedAt, intake, rows, places, all }: Brought): Packed {
  const texts = new RecordTexts(all.map(({ record }) => record));
  return {
    receivedAt,
    intake,
    places,
    keys: [...rows].map(([at, { key }]) => ({ at, key })),
    ids: places.map((at) => rows.get(at)!.record.id),
    records: all.map(({ record }, i) => heldIn(texts, i, record.id)),
    parameters: [
      texts.lines,
      intake,
      trafficOf(all.map(({ record }) => record)),
      receivedAt.slice(0, 16),
      receivedAt,
      all.length,
      JSON.stringify(all.map(({ record }) => record.id)),
      Buffer.concat(all.map((_, i) => texts.leaf(i))).toString('base64'),
    ],
  };
}

function unpacked({ receivedAt, intake, places, keys, records }: Packed): Brought {
  const rows = new Map(keys.map(({ at, key }, i) => [at, { key, record: records[i]!.data }] as const));
  return { receivedAt, intake, rows, places, all: [...rows.values()] };
}

/** One statement, and so one commit. Null where something is known, or another intake brought it at the same time. */
async function storeAllNew(db: Database, { parameters, ids, intake, records }: Packed): Promise<Stored | null> {
  try {
    await db.intake(ALL_NEW, parameters);
    return { ids, fresh: records.length, changed: records.length, intake, records };
  } catch (error) {
    if ((error as { code?: unknown }).code === UNIQUE_VIOLATION) return null;
    throw error;
  }
}

/** What is to be stored, given away: whoever had it holds nothing of it any more. */
async function taken(deps: Deps, given: Witnessed[]): Promise<Brought> {
  return bring(deps, await takeOutOfInteractions(deps, given.splice(0)));
}

/**
 * Stores interactions in one go, and empties the list: many batches wait for the database at the same time, and records that
 * are held meanwhile are what the garbage collector copies. A second report of one that is known fills in what was not known
 * and nothing else; a report that brings nothing new changes nothing. Records the intake for detectors and seal in the same
 * transaction.
 */
export async function storeInteractions(deps: Deps, given: Witnessed[]): Promise<Stored> {
  const state = stateOf(deps);
  if (state.secondReports > 0) {
    state.secondReports--;
    const brought = await taken(deps, given);
    return deps.db.transaction((tx) => storeAmongKnown(tx, deps, brought), 'intake');
  }
  const batch = packed(await taken(deps, given));
  const stored = await storeAllNew(deps.db, batch);
  if (stored !== null) return stored;
  state.secondReports = SECOND_REPORTS;
  return deps.db.transaction((tx) => storeAmongKnown(tx, deps, unpacked(batch)), 'intake');
}

const storedFrom = (
  { rows, places, intake }: Brought,
  fresh: readonly Written[],
  filled: readonly Written[],
): Stored => ({
  ids: places.map((at) => rows.get(at)!.record.id),
  fresh: fresh.length,
  changed: fresh.length + filled.length,
  intake,
  records: [...fresh, ...filled].map(({ held }) => held),
});

async function storeAmongKnown(tx: Sql, deps: Deps, brought: Brought): Promise<Stored> {
  const { all, rows, intake, receivedAt } = brought;
  const { lines, each } = written(all);
  const inserted = await tx.query<{ id: string }>(
    `insert into interaction (${COLUMNS})
     select ${VALUES} from ${SAID} on conflict (system, key) do nothing returning id`,
    [lines, intake],
  );
  const created = new Set(inserted.rows.map((row) => row.id));
  const fresh = each.filter(({ row }) => created.has(row.record.id));
  const known = all.filter((row) => !created.has(row.record.id));
  const { filled, gained } = known.length === 0 ? NOTHING_FILLED : await fillIn(tx, known, rows, intake);
  await recordIntake(
    tx,
    deps,
    'interaction',
    intake,
    [...fresh, ...filled].map(({ row, leaf }) => ({ id: row.record.id, leaf })),
    { fresh: fresh.length, gained },
  );
  if (fresh.length > 0)
    await tx.query(trafficFrom('$1', '$2'), [trafficOf(fresh.map(({ row }) => row.record)), receivedAt.slice(0, 16)]);
  return storedFrom(brought, fresh, filled);
}

interface Filled {
  readonly filled: readonly Written[];
  readonly gained: Gained;
}
const NOTHING_FILLED: Filled = { filled: [], gained: {} };

/**
 * Reads those that were there before, fills them in, and puts the merged record where the given one stood. What one gained
 * is noted where it had been looked at already: whoever looks at it first sees the merged record anyway.
 */
async function fillIn(tx: Sql, known: readonly Row[], rows: Map<string, Row>, intake: string): Promise<Filled> {
  const held = await tx.query<{ key: string; data: Interaction; inspected: boolean | null }>(
    `select i.key, i.data, (select t.inspected from telemetry_intake t where t.id = i.intake) as inspected from interaction i
     join jsonb_to_recordset($1::jsonb) as r(system text, key text) on r.system = i.system and r.key = i.key
     order by i.system, i.key for update of i`,
    [placesOf(known)],
  );
  const filled: Row[] = [];
  const gainedBy: Record<string, readonly string[]> = {};
  for (const { key, data, inspected } of held.rows) {
    const at = place(data.system, key);
    const { id: _id, receivedAt: _at, ...said } = rows.get(at)!.record;
    const merged = fillFrom(data, said);
    const row = { record: merged, key };
    rows.set(at, row);
    if (merged === data) continue;
    filled.push(row);
    const members = inspected === false ? [] : gained(data, merged);
    if (members.length > 0) gainedBy[merged.id] = members;
  }
  if (filled.length === 0) return NOTHING_FILLED;
  const { lines, each } = written(filled);
  await tx.query(
    `update interaction i set (given_id, feature, prompt, model, session, trace_id, response_id, data, intake) =
       (select ${READ_OUT}, said, $2)
     from ${SAID} where i.id = said->>'id'`,
    [lines, intake],
  );
  return { filled: each, gained: gainedBy };
}
