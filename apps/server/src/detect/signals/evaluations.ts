import {
  type Evaluation,
  type EvaluationSaid,
  type EvaluationsReading,
  evaluationKey,
  type Interaction,
  signalOfEvaluation,
} from '@firebreak/core/detect/signals';
import { canonical } from '@firebreak/core/evidence';
import { addMs, type Instant, toMs } from '@firebreak/core/kernel';
import { type Deps, type Sql, sha256, type Watch } from '../../platform/index.ts';
import { evalTraffic } from './eval-mark.ts';
import { storable } from './given.ts';
import { leafOfText } from './record-text.ts';
import { recordIntake, stateOf } from './state.ts';
import { type Raised, storeSignals } from './store-signals.ts';
import { takeOutOfTexts } from './take-out.ts';

const AT_ONCE = 500;
const STORED_AT_ONCE = 1_000;
const EVERY_MS = 2_000;
/** So long a failure waits for the interaction it speaks of; then it is told without. */
const TELL_AFTER_MS = 30_000;
/** So long the interaction is looked for, less and less often. */
const LOOK_FOR_MS = 600_000;
const MOST_SYSTEMS = 1_000;
const MOST_SHOWN = 100;
const MOST_OF_TRACE = 20;

const maybe = (text: string | null): string | null => (text === null ? null : storable(text));
const storableEvaluation = (it: EvaluationSaid): EvaluationSaid => ({
  ...it,
  name: storable(it.name),
  label: maybe(it.label),
  explanation: maybe(it.explanation),
  responseId: maybe(it.responseId),
});

/** What is known of the system an evaluation belongs to is taken out of its words. */
async function takenOut<T extends { readonly system: string; readonly explanation: string | null }>(
  deps: Deps,
  given: readonly T[],
): Promise<readonly T[]> {
  const texts = await takeOutOfTexts(
    deps,
    given.map(({ system, explanation }) => ({ system, text: explanation })),
  );
  return given.map((it, i) => {
    const { text } = texts[i]!;
    return text === it.explanation ? it : { ...it, explanation: text };
  });
}

interface Stored {
  /** In the order given; of one that was known, the id it has. */
  readonly ids: readonly string[];
  readonly fresh: number;
}

async function store(deps: Deps, given: readonly EvaluationSaid[]): Promise<Stored> {
  const receivedAt = deps.now();
  const rows = new Map<string, Evaluation>();
  const keys = given.map((it) => {
    const key = Buffer.from(sha256(Buffer.from(evaluationKey(it)))).toString('base64url');
    if (!rows.has(key)) rows.set(key, { ...it, id: deps.mint('evl'), receivedAt, interaction: null });
    return key;
  });
  return deps.db.transaction(async (tx) => {
    const { rows: inserted } = await tx.query<{ id: string }>(
      `insert into evaluation (id, system, key, received_at, name, score, label, outcome, response_id, trace_id, span_id, due_at, data)
       select data->>'id', data->>'system', key, data->>'receivedAt', data->>'name', (data->>'score')::float8, data->>'label',
         data->>'outcome', data->>'responseId', data->>'traceId', data->>'spanId', data->>'receivedAt', data
       from jsonb_to_recordset($1::jsonb) as r(key text, data jsonb) on conflict (key) do nothing returning id`,
      // In one order everywhere, so that two requests never wait for each other crosswise.
      [JSON.stringify([...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, data]) => ({ key, data })))],
    );
    const fresh = new Set(inserted.map(({ id }) => id));
    await recordIntake(
      tx,
      deps,
      'evaluation',
      deps.mint('tin'),
      [...rows.values()]
        .filter(({ id }) => fresh.has(id))
        .map((it) => ({ id: it.id, leaf: leafOfText(canonical(it)) })),
    );
    const held = await tx.query<{ id: string; key: string }>('select id, key from evaluation where key = any($1)', [
      fresh.size === rows.size ? [] : [...rows.keys()],
    ]);
    const known = new Map(held.rows.map(({ key, id }) => [key, id]));
    return { ids: keys.map((key) => known.get(key) ?? rows.get(key)!.id), fresh: fresh.size };
  }, 'bulk');
}

/** Keeps evaluations, some at a time; the interactions they speak of are found a moment later. */
export async function storeEvaluations(deps: Deps, given: readonly EvaluationSaid[]): Promise<Stored> {
  const kept = await takenOut(deps, given);
  const ids: string[] = [];
  let fresh = 0;
  for (let i = 0; i < kept.length; i += STORED_AT_ONCE) {
    const stored = await store(deps, kept.slice(i, i + STORED_AT_ONCE));
    ids.push(...stored.ids);
    fresh += stored.fresh;
  }
  return { ids, fresh };
}

/** Keeps what evaluators said by OpenTelemetry, and counts it. */
export async function keepEvaluations(deps: Deps, { said, leftOut }: EvaluationsReading): Promise<void> {
  const { received, nudge } = stateOf(deps);
  if (leftOut > 0) received.inc({ kind: 'evaluation', outcome: 'rejected' }, leftOut);
  if (said.length === 0) return;
  const ours = await evalTraffic(deps);
  const given = said.filter(({ traceId }) => !ours({ traceId, session: null })).map(storableEvaluation);
  if (given.length < said.length) received.inc({ kind: 'evaluation', outcome: 'eval' }, said.length - given.length);
  const { fresh } = await storeEvaluations(deps, given);
  received.inc({ kind: 'evaluation', outcome: 'accepted' }, fresh);
  received.inc({ kind: 'evaluation', outcome: 'duplicate' }, given.length - fresh);
  if (fresh > 0) nudge.call(stateOf(deps));
}

interface Due {
  readonly id: string;
  readonly due_at: Instant;
  readonly told: boolean;
  readonly data: Evaluation;
}

/** By the interaction or the answer it names, of its own system, else by the span it stands on; a judge’s call is not what it judges. */
const JUDGED = `
  select r.id, i.data as about from jsonb_to_recordset($1::jsonb) as r(id text, system text, refers text, response text, trace text, span text)
  join lateral (
    (select data, 0 as rank from interaction where r.refers is not null and id = r.refers and system = r.system)
    union all
    (select data, 1 from interaction where r.refers is not null and given_id = r.refers and system = r.system
     order by received_at desc limit 1)
    union all
    (select data, 2 from interaction where r.response is not null and system = r.system and key = 'r:' || r.response)
    union all
    (select data, 3 from interaction where r.span is not null and trace_id = r.trace and data->>'spanId' = r.span
       and data->'judge' is null limit 1)
    order by rank limit 1) i on true`;

/** By the answer it names, of another system: whoever judges may be a service of its own. */
const ELSEWHERE = `
  select r.id, i.data as about from jsonb_to_recordset($1::jsonb) as r(id text, response text)
  join lateral (select data from interaction where system = any($2) and key = 'r:' || r.response limit 1) i on true`;

/** The last of the trace that is judged as a whole; of one whose span is no interaction, the only one. */
const OF_TRACE = `
  select r.id, i.data as about from jsonb_to_recordset($1::jsonb) as r(id text, trace text, span text)
  join lateral (
    select (array_agg(data order by at desc, id desc))[1] as data, count(*) as n
    from (select id, at, data from interaction where trace_id = r.trace and data->'judge' is null
          order by received_at desc limit 50) t) i
    on i.n = 1 or (i.n > 1 and r.span is null)`;

/** Systems by skipping from one to the next, so that their traffic is not read. */
const SYSTEMS = `
  with recursive s as (
    (select system from traffic order by system limit 1)
    union all
    select (select t.system from traffic t where t.system > s.system order by t.system limit 1) from s where s.system is not null)
  select system from s where system is not null limit ${MOST_SYSTEMS}`;

async function judged(sql: Sql, due: readonly Due[], now: Instant): Promise<ReadonlyMap<string, Interaction>> {
  const asked = due.map(({ id, data }) => ({
    id,
    system: data.system,
    refers: data.refers ?? null,
    response: data.responseId,
    trace: data.traceId,
    span: data.spanId,
  }));
  const read = async (text: string, values: unknown[]) =>
    (await sql.query<{ id: string; about: Interaction }>(text, values)).rows;
  const found = new Map<string, Interaction>();
  for (const { id, about } of await read(JUDGED, [JSON.stringify(asked)])) found.set(id, about);
  const named = asked.filter(({ id, response }) => response !== null && !found.has(id));
  if (named.length > 0) {
    const { rows: systems } = await sql.query<{ system: string }>(SYSTEMS);
    const all = systems.map(({ system }) => system);
    for (const { id, about } of await read(ELSEWHERE, [JSON.stringify(named), all])) found.set(id, about);
  }
  // Only once its own span had time to come: until then the trace may still grow.
  const waited = due.filter(
    ({ id, data }) =>
      !found.has(id) &&
      data.refers === undefined &&
      data.responseId === null &&
      data.traceId !== null &&
      toMs(now) - toMs(data.receivedAt) >= TELL_AFTER_MS,
  );
  if (waited.length > 0) {
    const ids = new Set(waited.map(({ id }) => id));
    for (const { id, about } of await read(OF_TRACE, [JSON.stringify(asked.filter((each) => ids.has(each.id)))]))
      found.set(id, about);
  }
  return found;
}

interface Settled {
  readonly it: Due;
  readonly about: Interaction | null;
  readonly data: Evaluation;
  readonly tells: boolean;
  readonly due: Instant | null;
}

/** Puts evaluations to the interactions they judge and raises those that failed. Dying in between does it again, which changes nothing. */
export const evaluations: Watch = {
  name: 'evaluations',
  everyMs: EVERY_MS,
  async look(deps) {
    const now = deps.now();
    const { rows } = await deps.db.query<Due>(
      `select id, due_at, told, data from evaluation where due_at <= $1 order by due_at limit ${AT_ONCE}`,
      [now],
    );
    if (rows.length === 0) return;
    const found = await judged(deps.db, rows, now);
    // The rule of the system that is judged holds for the words of whoever judges it.
    const words = await takenOut(
      deps,
      rows.map(({ id, data }) => ({ ...data, system: found.get(id)?.system ?? data.system })),
    );
    const settled = rows.map((it, i): Settled => {
      const about = found.get(it.id) ?? null;
      const age = toMs(now) - toMs(it.data.receivedAt);
      const speaks = it.data.refers !== undefined || it.data.responseId !== null || it.data.traceId !== null;
      const given = about !== null || !speaks || age >= LOOK_FOR_MS;
      return {
        it,
        about,
        data: { ...it.data, explanation: words[i]!.explanation },
        tells: !it.told && it.data.outcome === 'failed' && (given || age >= TELL_AFTER_MS),
        due: given ? null : addMs(now, Math.max(EVERY_MS, age)),
      };
    });
    const { digest } = await stateOf(deps).aids();
    const raised = await deps.db.transaction((tx) => settle(tx, deps, settled, digest), 'bulk');
    for (const system of new Set(settled.flatMap(({ about }) => about?.system ?? [])))
      deps.hints.give({ kind: 'interactions', system });
    if (raised > 0) deps.hints.give({ kind: 'signals' });
    if (raised > 0 || rows.length === AT_ONCE) deps.wake();
  },
};

async function settle(
  tx: Sql,
  deps: Deps,
  settled: readonly Settled[],
  digest: (text: string) => string,
): Promise<number> {
  // Another process may have settled some of them at the same time.
  const { rows } = await tx.query<{ id: string }>(
    `update evaluation e set due_at = r.due, interaction = r.interaction, told = e.told or r.tells,
       system = coalesce(r.system, e.system), data = r.data
     from jsonb_to_recordset($1::jsonb) as r(id text, was text, due text, interaction text, system text, tells boolean, data jsonb)
     where e.id = r.id and e.due_at = r.was returning e.id`,
    [
      JSON.stringify(
        settled.map(({ it, about, data, tells, due }) => ({
          id: it.id,
          was: it.due_at,
          due,
          interaction: about?.id ?? null,
          system: about?.system ?? null,
          tells,
          data,
        })),
      ),
    ],
  );
  const ours = new Set(rows.map(({ id }) => id));
  const mine = settled.filter(({ it }) => ours.has(it.id));
  const changed = mine.filter(({ it, data }) => data.explanation !== it.data.explanation);
  await recordIntake(
    tx,
    deps,
    'evaluation',
    deps.mint('tin'),
    changed.map(({ data }) => ({ id: data.id, leaf: leafOfText(canonical(data)) })),
  );
  await joinTold(tx, mine);
  const already = await toldOf(tx, mine);
  const raised = mine.flatMap(({ about, data, tells }): Raised[] =>
    tells && !already.has(placeOf(about?.id ?? null, data)) ? [signalOfEvaluation(data, about, digest)] : [],
  );
  return (await storeSignals(tx, deps, raised)).fresh;
}

const placeOf = (interaction: string | null, { name, id }: Pick<Evaluation, 'name' | 'id'>): string =>
  interaction === null ? id : `${interaction}\n${name}`;

/** A failure that was told before its interaction came belongs to it from now on. */
async function joinTold(tx: Sql, settled: readonly Settled[]): Promise<void> {
  const late = settled.filter(({ it, about }) => it.told && about !== null);
  if (late.length === 0) return;
  await tx.query(
    `update signal s set interaction = r.interaction
     from jsonb_to_recordset($1::jsonb) as r(key text, interaction text) where s.dedup_key = r.key and s.interaction is null`,
    [
      JSON.stringify(
        late.map(({ data, about }) => ({
          key: signalOfEvaluation(data, null, String).dedupKey,
          interaction: about!.id,
        })),
      ),
    ],
  );
}

/** Failures that were told already, also before their interaction was known: told by a log and by a span it is one all the same. */
async function toldOf(tx: Sql, settled: readonly Settled[]): Promise<ReadonlySet<string>> {
  const about = settled.flatMap(({ tells, about: it }) => (tells && it !== null ? [it] : []));
  if (about.length === 0) return new Set();
  const { rows } = await tx.query<{
    name: string;
    system: string;
    refers: string | null;
    interaction: string | null;
    response_id: string | null;
    trace_id: string | null;
    span_id: string | null;
  }>(
    `select name, system, data->>'refers' as refers, interaction, response_id, trace_id, span_id from evaluation
     where told and not (id = any($2)) and (interaction = any($1)
       or (due_at is not null and interaction is null
         and (response_id = any($3) or trace_id = any($4) or data->>'refers' = any($5))))`,
    [
      about.map(({ id }) => id),
      settled.flatMap(({ it, tells }) => (tells ? [it.id] : [])),
      about.flatMap(({ responseId }) => responseId ?? []),
      about.flatMap(({ traceId }) => traceId ?? []),
      about.flatMap(({ id, givenId }) => [id, givenId ?? []].flat()),
    ],
  );
  return new Set(
    rows.flatMap(({ name, system, refers, interaction, response_id, trace_id, span_id }) =>
      about
        .filter(
          (it) =>
            it.id === interaction ||
            (refers !== null && it.system === system && (it.id === refers || it.givenId === refers)) ||
            (response_id !== null && it.responseId === response_id) ||
            (span_id !== null && it.spanId === span_id && it.traceId === trace_id),
        )
        .map(({ id }) => `${id}\n${name}`),
    ),
  );
}

/**
 * What evaluators said of one interaction, oldest first, each once; then what they said of an answer of its trace, and
 * nobody knows of which: there the interaction is `null`.
 */
export async function evaluationsOf(sql: Sql, { id, traceId }: Interaction): Promise<Evaluation[]> {
  const { rows } = await sql.query<{ data: Evaluation; known: boolean }>(
    `select data, known from (
       (select distinct on (name, score, label) received_at, id, data, true as known from evaluation where interaction = $1
        order by name, score, label, received_at limit ${MOST_SHOWN})
       union all
       (select received_at, id, data, false from evaluation
        where trace_id = $2 and interaction is null and data->'refers' is null order by received_at limit ${MOST_OF_TRACE})) e
     order by known desc, received_at, id limit ${MOST_SHOWN}`,
    [id, traceId],
  );
  return rows.map(({ data, known }) => ({ ...data, interaction: known ? id : null }));
}
