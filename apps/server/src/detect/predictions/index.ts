import { predictions as doors, predictionGiven } from '@firebreak/contract/detect/predictions';
import { BATCH_LIMIT } from '@firebreak/contract/detect/signals';
import { type Assessment, assess, type Prediction } from '@firebreak/core/detect/predictions';
import { CAVEATS } from '@firebreak/core/detect/signals';
import { type Instant, isRefusal } from '@firebreak/core/kernel';
import type { z } from 'zod';
import { type App, type Deps, heardBySystem, route, type Slice, type Sql, type Watch } from '../../platform/index.ts';
import { deleteOld } from '../../prepare/records/index.ts';
import {
  type Accepted,
  answerBatch,
  intakeDoor,
  mediaType,
  membersOf,
  plainBody,
  type Raised,
  storable,
  storeSignals,
} from '../signals/index.ts';

type Given = z.output<typeof predictionGiven>;

const NEWEST = 5_000;
const MOST_SYSTEMS = 50;
const FEWEST_NOW = 200;
const DELETE_AT_ONCE = 4_000;

const words = <T>(it: Readonly<Record<string, T>> | null | undefined): Record<string, T> =>
  Object.fromEntries(
    Object.entries(it ?? {}).map(([name, value]) => [
      storable(name),
      (typeof value === 'string' ? storable(value) : value) as T,
    ]),
  );
const rowOf = (it: Given): Prediction => ({
  score: it.score ?? null,
  positive: it.positive ?? null,
  actual: it.actual ?? null,
  holdout: it.holdout ?? false,
  groups: words(it.groups),
  features: words(it.features),
});

/** Stores predictions; one that is known takes an outcome it did not have, and changes in nothing else. */
async function store(tx: Sql, deps: Deps, given: readonly Given[]): Promise<number> {
  const rows = new Map(
    given.map((it) => [`${it.system}\n${it.id}`, { system: it.system, id: storable(it.id), data: rowOf(it) }]),
  );
  const { count } = await tx.query(
    `insert into prediction (system, id, received_at, data)
     select system, id, $2, data from jsonb_to_recordset($1::jsonb) as r(system text, id text, data jsonb)
     on conflict (system, id) do update set data = prediction.data || jsonb_build_object('actual', excluded.data->'actual')
       where prediction.data->'actual' = 'null'::jsonb and excluded.data->'actual' <> 'null'::jsonb
     returning id`,
    [
      JSON.stringify([...rows.values()].sort((a, b) => (`${a.system}${a.id}` < `${b.system}${b.id}` ? -1 : 1))),
      deps.now(),
    ],
  );
  return count;
}

function intake(scope: App, deps: Deps): void {
  intakeDoor(scope, deps, doors.send, 'prediction', async (request, _caller, reply) => {
    const body = await plainBody(request);
    if (isRefusal(body)) return body;
    const batch = membersOf(body, mediaType(request), BATCH_LIMIT);
    if (isRefusal(batch)) return batch;
    const good: { index: number; value: Given }[] = [];
    const rejected: Accepted['rejected'][number][] = [];
    for (const [index, member] of batch.members.entries()) {
      if ('unreadable' in member) {
        rejected.push({ index, pointer: batch.pointer(index), detail: member.unreadable });
        continue;
      }
      const read = predictionGiven.safeParse(member.value);
      if (read.success) good.push({ index, value: read.data });
      else {
        const [issue] = read.error.issues;
        rejected.push({
          index,
          pointer: `${batch.pointer(index)}${issue!.path.map((part) => `/${String(part)}`).join('')}`,
          detail: issue!.message,
        });
      }
    }
    const accepted =
      good.length === 0
        ? 0
        : await deps.db.transaction(
            (tx) =>
              store(
                tx,
                deps,
                good.map(({ value }) => value),
              ),
            'bulk',
          );
    const ids: (string | null)[] = batch.members.map(() => null);
    for (const { index, value } of good) ids[index] = value.id;
    return answerBatch(reply, { accepted, duplicate: good.length - accepted, rejected, ids });
  });
}

/** The newest fifth, at least 200, against those before it. */
async function assessed(
  sql: Sql,
  system: string,
): Promise<Assessment & { readonly system: string; readonly from: Instant | null }> {
  const { rows } = await sql.query<{ received_at: Instant; data: Prediction }>(
    `select received_at, data from prediction where system = $1 order by received_at desc, id desc limit ${NEWEST}`,
    [system],
  );
  const now = Math.min(rows.length, Math.max(FEWEST_NOW, Math.floor(rows.length / 5)));
  const data = rows.map((row) => row.data);
  return { system, from: rows[now - 1]?.received_at ?? null, ...assess(data.slice(now), data.slice(0, now)) };
}

async function systemsHeld(sql: Sql): Promise<string[]> {
  const { rows } = await sql.query<{ system: string }>(
    `select distinct system from prediction order by system limit ${MOST_SYSTEMS}`,
  );
  return rows.map(({ system }) => system);
}

const points = (rate: number): string => (100 * rate).toFixed(1);
const percent = (rate: number): string => `${(100 * rate).toFixed(1)} %`;
const GAP_WORDS = {
  positive: 'get the positive outcome',
  'true-positive': 'who should get it do',
  'false-positive': 'who should not get it do',
} as const;

function signalsOf(it: Awaited<ReturnType<typeof assessed>>, now: Instant): Raised[] {
  const signal = (kind: string, what: string, evidenceClass: 'strong' | 'weak', text: string): Raised => ({
    at: now,
    channel: 'telemetry',
    kind,
    detector: 'predictions',
    rule: what.slice(0, 256),
    evidenceClass,
    score: null,
    system: it.system,
    feature: null,
    deployment: null,
    versions: { model: null, modelAsked: null, prompt: null, index: null, tools: null },
    subjectHash: null,
    archetype: kind === 'group-gap' ? 'unsafe-automated-decision' : 'quality-drift',
    severityHint: null,
    text: text.slice(0, 2_000),
    quotes: [],
    interaction: null,
    dedupKey: `predictions|${it.system}|${what}|${now.slice(0, 10)}`,
  });
  return [
    ...it.drift
      .filter(({ moved }) => moved)
      .map(({ name, psi, chance, ks, now: n }) =>
        signal(
          'data-drift',
          `drift of ${name}`,
          'weak',
          `“${name}” of ${it.system} is spread otherwise in the newest ${n} predictions: stability index ${psi.toFixed(2)} (${chance.toFixed(3)} by chance)${ks === null ? '' : `, Kolmogorov-Smirnov distance ${ks.d.toFixed(2)}, p ${ks.p.toExponential(1)}`}.`,
        ),
      ),
    ...it.performance
      .filter(({ worse }) => worse)
      .map(({ which, before, now: right, change }) =>
        signal(
          'performance-drop',
          `right less often, ${which}`,
          'strong',
          `${it.system} is right in ${percent(right.rate)} of ${right.n} ${which} predictions, before in ${percent(before!.rate)} of ${before!.n}: a change of ${points(change!.difference)} points (95 % interval ${points(change!.lower)} to ${points(change!.upper)}).`,
        ),
      ),
    ...it.gaps
      .filter(({ beyond }) => beyond)
      .map(({ group, kind, high, low, lower, upper, difference }) =>
        signal(
          'group-gap',
          `gap of ${group}, ${kind}`,
          'strong',
          `${it.system}: ${percent(high.rate)} of ${high.n} with ${group} “${high.value}” ${GAP_WORDS[kind]}, ${percent(low.rate)} of ${low.n} with “${low.value}”: a gap of ${points(difference)} points (${points(lower)} to ${points(upper)}). ${CAVEATS.gap}`,
        ),
      ),
  ];
}

const assessing: Watch = {
  name: 'predictions',
  everyMs: 600_000,
  async look(deps) {
    let fresh = 0;
    for (const system of await systemsHeld(deps.db)) {
      const raised = signalsOf(await assessed(deps.db, system), deps.now());
      if (raised.length > 0) fresh += (await deps.db.transaction((tx) => storeSignals(tx, deps, raised))).fresh;
    }
    await deleteOld(deps.db, deps, { table: 'prediction', key: 'system, id', at: 'received_at', most: DELETE_AT_ONCE });
    if (fresh > 0) {
      deps.hints.give({ kind: 'signals' });
      deps.wake();
    }
  },
};

/** Predictive systems: drift, calibration, how often they are right, gaps between groups. */
export const predictions: Slice = {
  name: 'predictions',
  async routes(app, deps) {
    await app.register(async (scope) => {
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
      scope.setValidatorCompiler(() => (value) => ({ value }));
      intake(scope, deps);
    });
    route(app, doors.assessments, async ({ query }) => {
      const systems = query.system === undefined ? await systemsHeld(deps.db) : [query.system];
      const found = await Promise.all(systems.map((system) => assessed(deps.db, system)));
      return { assessments: found.filter(({ now }) => now > 0) as never };
    });
  },
  watches: [assessing],
};

/** When predictions of each system came in. */
export const predictionsHeard = (sql: Sql) => heardBySystem(sql, 'prediction', 'received_at');
