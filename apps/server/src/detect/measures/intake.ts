import { measureGiven, measures } from '@firebreak/contract/detect/measures';
import { BATCH_LIMIT } from '@firebreak/contract/detect/signals';
import {
  countMetrics,
  Gathering,
  KNOWN_MEASURES,
  type MeasureKind,
  type Series,
  type StreamState,
  streamPoints,
} from '@firebreak/core/detect/measures';
import { readMetricsJson, readMetricsProtobuf, UNNAMED_SYSTEM } from '@firebreak/core/detect/signals';
import { type Instant, instant, isRefusal } from '@firebreak/core/kernel';
import type { z } from 'zod';
import type { App, Deps, Sql } from '../../platform/index.ts';
import {
  type Accepted,
  answerBatch,
  answerOtlp,
  intakeDoor,
  mediaType,
  membersOf,
  plainBody,
  readOtlp,
  storable,
} from '../signals/index.ts';
import { leaveOut } from './collapse.ts';
import { digestOf, writeDelta } from './counting.ts';

type Given = z.output<typeof measureGiven>;

const MOST_STREAMS = 50_000;
/** Names counted here already. */
const OWN = new Set(
  [
    'requests',
    'errors',
    'blocked',
    'refusals',
    'thumbs-down',
    'complaints',
    'latency',
    'tokens.input',
    'tokens.output',
    'output.length',
    'language',
  ].filter((name) => KNOWN_MEASURES[name] !== undefined),
);

const kindOf = (it: Given): MeasureKind =>
  (it.value ?? null) !== null ? 'level' : (it.of ?? null) !== null ? 'rate' : 'count';
const text = (it: string | null | undefined): string => storable(it ?? '');

const seriesOf = (it: Given): Series => ({
  system: it.system,
  name: it.name,
  kind: kindOf(it),
  unit: text(it.unit ?? KNOWN_MEASURES[it.name]?.unit),
  origin: 'api',
  feature: text(it.feature),
  model: '',
  prompt: '',
  groups: Object.fromEntries(Object.entries(it.groups ?? {}).map(([name, value]) => [storable(name), storable(value)])),
});

/** What a name was the last time somebody sent it. */
async function kindsHeld(sql: Sql, given: readonly Given[]): Promise<Map<string, MeasureKind>> {
  const { rows } = await sql.query<{ system: string; name: string; kind: MeasureKind }>(
    `select s.system, s.name, max(s.kind) as kind from measure_series s
     join jsonb_to_recordset($1::jsonb) as r(system text, name text) on r.system = s.system and r.name = s.name
     group by s.system, s.name`,
    [JSON.stringify(given.map(({ system, name }) => ({ system, name })))],
  );
  return new Map(rows.map(({ system, name, kind }) => [`${system} ${name}`, kind]));
}

/** Takes business numbers. One that was sent before, by its id or by its place and time, changes nothing. */
async function store(tx: Sql, deps: Deps, given: readonly { readonly index: number; readonly value: Given }[]) {
  const now = deps.now();
  const keys = given.map(({ value }, i) => {
    if (value.id) return `${value.system} ${storable(value.id)}`;
    const series = seriesOf(value);
    return value.at
      ? `${value.system} at ${digestOf(JSON.stringify([series, value.at]))}`
      : `${value.system} once ${deps.mint('raw')} ${i}`;
  });
  const fresh = await tx.query<{ key: string }>(
    'insert into measure_receipt (key, at) select distinct key, $2 from unnest($1::text[]) as key on conflict (key) do nothing returning key',
    [keys, now],
  );
  const taken = new Set(fresh.rows.map(({ key }) => key));
  const gathering = new Gathering();
  let accepted = 0;
  for (const [i, { value }] of given.entries()) {
    if (!taken.delete(keys[i]!)) continue;
    accepted++;
    const at: Instant = value.at ? instant(value.at) : now;
    const bin = gathering.at(seriesOf(value), at.slice(0, 16));
    if (kindOf(value) === 'rate') bin.rate(value.count!, value.of!);
    else bin.value(value.value ?? value.count!);
  }
  await writeDelta(tx, deps, gathering);
  return { accepted, keys };
}

const TOO_MANY_STREAMS = `more than ${MOST_STREAMS} OpenTelemetry streams: attributes of a metric hold ids`;

/** Takes a place for each stream that is new, while there is room. Answers those that have one. */
async function followed(tx: Sql, deps: Deps, ids: readonly string[]): Promise<string[]> {
  // Taken in one order by everybody, so that two senders of the same streams wait for each other and never crosswise.
  const fresh = await tx.query<{ id: string }>(
    `insert into measure_stream (id, at, data) select id, $2, '{"runs":[]}' from unnest($1::text[]) as id
     on conflict (id) do nothing returning id`,
    [ids, deps.now()],
  );
  if (fresh.count === 0) return [...ids];
  const all = await tx.query<{ n: number }>('select count(*)::int as n from measure_stream');
  if (all.rows[0]!.n <= MOST_STREAMS) return [...ids];
  const out = new Set(fresh.rows.map(({ id }) => id));
  await tx.query('delete from measure_stream where id = any($1)', [[...out]]);
  return ids.filter((id) => !out.has(id));
}

/** The doors through which numbers come in. */
export function intake(scope: App, deps: Deps): void {
  intakeDoor(scope, deps, measures.send, 'measure', async (request, _caller, reply) => {
    const body = await plainBody(request);
    if (isRefusal(body)) return body;
    const batch = membersOf(body, mediaType(request), BATCH_LIMIT);
    if (isRefusal(batch)) return batch;
    const good: { index: number; value: Given }[] = [];
    const rejected: Accepted['rejected'][number][] = [];
    const refuseOne = (index: number, within: string, detail: string) =>
      rejected.push({ index, pointer: `${batch.pointer(index)}${within}`, detail });
    for (const [index, member] of batch.members.entries()) {
      if ('unreadable' in member) {
        refuseOne(index, '', member.unreadable);
        continue;
      }
      const read = measureGiven.safeParse(member.value);
      if (!read.success) {
        const [issue] = read.error.issues;
        refuseOne(index, issue!.path.map((part) => `/${String(part)}`).join(''), issue!.message);
      } else if (OWN.has(read.data.name))
        refuseOne(
          index,
          '/name',
          `“${read.data.name}” is counted from interactions and feedback here; choose another name`,
        );
      else good.push({ index, value: read.data });
    }
    const kinds = await kindsHeld(
      deps.db,
      good.map(({ value }) => value),
    );
    const fits = good.filter(({ index, value }) => {
      const key = `${value.system} ${value.name}`;
      const held = kinds.get(key) ?? kindOf(value);
      kinds.set(key, held);
      if (held === kindOf(value)) return true;
      refuseOne(
        index,
        '/value',
        `“${value.name}” of ${value.system} was sent as a ${held} before, and this is a ${kindOf(value)}; choose another name`,
      );
      return false;
    });
    const { accepted, keys } =
      fits.length === 0
        ? { accepted: 0, keys: [] }
        : await deps.db.transaction((tx) => store(tx, deps, fits), 'intake');
    const ids: (string | null)[] = batch.members.map(() => null);
    for (const [i, { index }] of fits.entries()) ids[index] = digestOf(keys[i]!);
    rejected.sort((a, b) => a.index - b.index);
    return answerBatch(reply, { accepted, duplicate: fits.length - accepted, rejected, ids });
  });

  intakeDoor(scope, deps, measures.otlpMetrics, 'metric', async (request, _caller, reply) => {
    const read = await readOtlp(request, { protobuf: readMetricsProtobuf, json: readMetricsJson });
    if (isRefusal(read)) return read;
    const { reading, protobuf } = read;
    const points = streamPoints(reading.metrics).map((it) => ({ ...it, key: digestOf(it.key) }));
    let leftOut = reading.leftOut;
    const why = reading.examples.map((it) => `${it.path}: ${it.why}`);
    if (points.length > 0)
      await deps.db.transaction(async (tx) => {
        const ids = await followed(tx, deps, [...new Set(points.map(({ key }) => key))].sort());
        const held = await tx.query<{ id: string; data: StreamState }>(
          'select id, data from measure_stream where id = any($1) order by id for update',
          [ids],
        );
        const states = new Map(held.rows.map(({ id, data }) => [id, data]));
        const gathering = new Gathering();
        const known = points.filter(({ key }) => states.has(key));
        const counted = countMetrics(gathering, known, states, UNNAMED_SYSTEM, deps.now());
        const strange = points.length - known.length;
        leftOut += counted.leftOut.length + strange;
        if (strange > 0) why.push(`${strange} points: ${TOO_MANY_STREAMS}`);
        why.push(...counted.leftOut.slice(0, 5).map((it) => `${it.name}: ${it.why}`));
        await leaveOut(tx, deps, [
          ...counted.leftOut.map((it) => ({
            system: UNNAMED_SYSTEM,
            name: it.name.slice(0, 120),
            why: it.why,
            count: 1,
          })),
          ...(strange > 0 ? [{ system: '', name: '', why: TOO_MANY_STREAMS, count: strange }] : []),
        ]);
        await tx.query(
          `update measure_stream s set at = $2, data = r.data from jsonb_to_recordset($1::jsonb) as r(id text, data jsonb) where s.id = r.id`,
          [JSON.stringify([...states].map(([id, data]) => ({ id, data }))), deps.now()],
        );
        await writeDelta(tx, deps, gathering);
      }, 'bulk');
    deps.hints.give({ kind: 'measures' });
    return answerOtlp(reply, protobuf, 'rejectedDataPoints', leftOut, why.slice(0, 5).join('; '));
  });
}
