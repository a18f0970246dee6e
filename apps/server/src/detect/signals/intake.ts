import {
  BATCH_LIMIT,
  evaluationGiven,
  feedbackGiven,
  interactionGiven,
  signalGiven,
  signals,
} from '@firebreak/contract/detect/signals';
import type { Feedback } from '@firebreak/core/detect/signals';
import {
  type EvaluationsReading,
  evaluationsFromSpans,
  type LeftOut,
  markOf,
  readLogsJson,
  readLogsProtobuf,
  readOtlpJson,
  readOtlpProtobuf,
  toldBySpans,
  UNNAMED_SYSTEM,
  type Witnessed,
} from '@firebreak/core/detect/signals';
import { isRefusal, type Refusal } from '@firebreak/core/kernel';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { App, Caller, Deps } from '../../platform/index.ts';
import { type Batch, mediaType, membersOf, plainBody } from './body.ts';
import { withTheirAskers } from './calls-told-later.ts';
import { cloudEvents } from './cloud-events.ts';
import { type Accepted, answerBatch, intakeDoor } from './door.ts';
import { evalTraffic } from './eval-mark.ts';
import { keepEvaluations, storeEvaluations } from './evaluations.ts';
import {
  type EvaluationOf,
  evaluationFrom,
  type FeedbackRead,
  type SignalRead,
  storable,
  storableWitnessed,
  timeOf,
  versionsOf,
  witnessedFrom,
} from './given.ts';
import { keepLogs } from './logs.ts';
import { answerOtlp, readOtlp } from './otlp.ts';
import { noteSampling } from './sampling.ts';
import { stateOf } from './state.ts';
import { type Stored, storeInteractions } from './store-interactions.ts';
import { findReferred, type Raised, storeFeedback, storeSignals } from './store-signals.ts';
import { takeOutOfTexts } from './take-out.ts';
import { toolsDigest } from './tools-digest.ts';
import { noteUnread } from './unread.ts';
import { wellFormed, wellFormedUnescaped } from './well-formed.ts';

const OTLP_CHUNK = 500;

interface Sorted<T> {
  /** Members that could be read, and where each stood. */
  readonly values: T[];
  readonly indices: number[];
  readonly rejected: Accepted['rejected'][number][];
  readonly total: number;
}

/** Each member read by the schema and then by `as`; `usual` may answer for the schema, or leave it to it with `null`. */
function sort<S extends z.ZodType, T>(
  batch: Batch,
  schema: S,
  as: (read: z.output<S>) => T,
  usual: (value: unknown) => T | null = () => null,
): Sorted<T> {
  const values: T[] = [];
  const indices: number[] = [];
  const take = (index: number, value: T) => {
    values.push(value);
    indices.push(index);
  };
  const rejected: Accepted['rejected'][number][] = [];
  for (const [index, member] of batch.members.entries()) {
    if ('unreadable' in member) {
      rejected.push({ index, pointer: batch.pointer(index), detail: member.unreadable });
      continue;
    }
    const known = usual(member.value);
    if (known !== null) {
      take(index, known);
      continue;
    }
    const read = schema.safeParse(member.value);
    if (read.success) take(index, as(read.data));
    else {
      const issue = read.error.issues[0]!;
      const within = issue.path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
      rejected.push({ index, pointer: `${batch.pointer(index)}${within}`, detail: issue.message });
    }
  }
  return { values, indices, rejected, total: batch.members.length };
}

function accepted(
  sorted: Sorted<unknown>,
  stored: { readonly ids: readonly string[]; readonly fresh: number },
): Accepted {
  const ids: (string | null)[] = Array.from({ length: sorted.total }, () => null);
  for (const [i, index] of sorted.indices.entries()) ids[index] = stored.ids[i]!;
  return { accepted: stored.fresh, duplicate: sorted.indices.length - stored.fresh, rejected: sorted.rejected, ids };
}

/**
 * The batch of a request, read, or why it could not be. `escapes`: it holds `\u`. Without, none of its texts holds NUL or
 * half of a surrogate pair, since in JSON both need such an escape, and bytes that are no UTF-8 were replaced.
 */
async function batchOf(request: FastifyRequest): Promise<(Batch & { readonly escapes: boolean }) | Refusal> {
  const body = await plainBody(request);
  if (isRefusal(body)) return body;
  const batch = membersOf(body, mediaType(request), BATCH_LIMIT);
  return isRefusal(batch) ? batch : { ...batch, escapes: body.includes('\\u') };
}

const raisedFrom = (
  it: SignalRead,
  caller: Caller,
  deps: Deps,
  interaction: Raised['interaction'],
  digest: (text: string) => string,
): Raised => {
  const detector = storable(it.detector ?? caller.actor.id);
  const mark = markOf(it.id);
  return {
    ...(mark !== undefined && { mark }),
    at: timeOf(it.at, deps.now()),
    channel: it.channel ?? 'external',
    kind: storable(it.kind),
    detector,
    rule: storable(it.rule ?? it.kind),
    evidenceClass: it.evidenceClass ?? 'weak',
    score: it.score ?? null,
    system: it.system,
    feature: it.feature === null || it.feature === undefined ? null : storable(it.feature),
    deployment: it.deployment === null || it.deployment === undefined ? null : storable(it.deployment),
    versions: versionsOf(it.versions),
    subjectHash: it.subject ? digest(`subject|${it.subject}`) : null,
    archetype: it.archetype ?? null,
    severityHint: it.severityHint ?? null,
    text: storable(it.text),
    quotes: [],
    interaction,
    dedupKey: it.id ? `given|${it.system}|${detector}|${storable(it.id)}` : `once|${deps.mint('raw')}`,
  };
};

const feedbackFrom = (it: FeedbackRead, deps: Deps): Omit<Feedback, 'id' | 'receivedAt'> => ({
  givenId: it.id ? storable(it.id) : null,
  system: it.system,
  feature: it.feature ? storable(it.feature) : null,
  at: timeOf(it.at, deps.now()),
  kind: it.kind,
  text: it.text ? storable(it.text) : null,
  subject: it.subject ? storable(it.subject) : null,
  ticket: it.ticket ? storable(it.ticket) : null,
  traceId: it.traceId?.toLowerCase() ?? null,
  responseId: it.responseId ?? null,
  interaction: null,
});

/** The doors through which telemetry, signals and feedback come in. */
export function intake(scope: App, deps: Deps): void {
  const state = stateOf(deps);
  const counted = (kind: string, it: Accepted): Accepted => {
    state.received.inc({ kind, outcome: 'accepted' }, it.accepted);
    state.received.inc({ kind, outcome: 'duplicate' }, it.duplicate);
    state.received.inc({ kind, outcome: 'rejected' }, it.rejected.length);
    if (it.ids.some((id) => id !== null)) state.nudge();
    return it;
  };

  const kept = (stored: Stored): void => {
    if (state.waiting !== null) state.waiting += stored.changed;
    state.remember(stored.intake, stored.records);
  };

  /** The interactions of a request, and how many questions of an eval were among them: these are kept with their run, and are no traffic. */
  async function interactionsOf(
    request: FastifyRequest,
  ): Promise<
    (Sorted<Witnessed> & { asked: number; judged: ReadonlyMap<Witnessed, readonly EvaluationOf[]> }) | Refusal
  > {
    const batch = await batchOf(request);
    if (isRefusal(batch)) return batch;
    const now = deps.now();
    const usual = batch.escapes ? wellFormed : wellFormedUnescaped;
    const judged = new Map<Witnessed, readonly EvaluationOf[]>();
    const { values, indices, ...rest } = sort(
      batch,
      interactionGiven,
      (read) => {
        const value = witnessedFrom(read, now);
        if (read.evaluations?.length) judged.set(value, read.evaluations);
        return value;
      },
      (value) => usual(value, now),
    );
    const ours = await evalTraffic(deps);
    const traffic = values.map((value) => !ours(value));
    return {
      ...rest,
      values: values.filter((_, i) => traffic[i]),
      indices: indices.filter((_, i) => traffic[i]),
      asked: traffic.filter((it) => !it).length,
      judged,
    };
  }

  /** What evaluators say of interactions that are stored by now. */
  async function keepSaid(said: readonly ReturnType<typeof evaluationFrom>[]): Promise<void> {
    if (said.length === 0) return;
    const { ids, fresh } = await storeEvaluations(deps, said);
    counted('evaluation', { accepted: fresh, duplicate: ids.length - fresh, rejected: [], ids });
  }

  intakeDoor(scope, deps, signals.sendInteractions, 'interaction', async (request, _caller, reply) => {
    const sorted = await interactionsOf(request);
    if (isRefusal(sorted)) return sorted;
    if (sorted.asked > 0) state.received.inc({ kind: 'interaction', outcome: 'eval' }, sorted.asked);
    if (sorted.values.length === 0)
      return answerBatch(reply, counted('interaction', accepted(sorted, { ids: [], fresh: 0 })));
    const systems = new Set(sorted.values.map((it) => it.system));
    const judged =
      sorted.judged.size === 0
        ? []
        : sorted.values.map((it) => ({ system: it.system, said: sorted.judged.get(it) ?? [] }));
    const stored = await state.storing.during(() => storeInteractions(deps, sorted.values));
    kept(stored);
    await keepSaid(
      judged.flatMap(({ system, said }, i) =>
        said.map((it) => evaluationFrom(it, { system, interaction: stored.ids[i]! }, deps.now())),
      ),
    );
    for (const system of systems) deps.hints.give({ kind: 'interactions', system });
    return answerBatch(reply, counted('interaction', accepted(sorted, stored)));
  });

  intakeDoor(scope, deps, signals.sendSignals, 'signal', async (request, caller, reply) => {
    const body = await plainBody(request);
    if (isRefusal(body)) return body;
    const type = mediaType(request);
    const read = () => membersOf(body, type, BATCH_LIMIT);
    const batch = cloudEvents(request, type, read) ?? read();
    if (isRefusal(batch)) return batch;
    const sorted = sort(batch, signalGiven, (read) => read);
    const said = await takeOutOfTexts(deps, sorted.values);
    const { digest } = await state.aids();
    const stored = await deps.db.transaction(async (tx) => {
      const raised: Raised[] = [];
      for (const value of said) {
        const ref = {
          system: value.system,
          interaction: value.interaction ?? null,
          traceId: value.traceId ?? null,
          responseId: value.responseId ?? null,
        };
        const found = (ref.interaction ?? ref.traceId ?? ref.responseId) ? await findReferred(tx, ref) : null;
        const it = raisedFrom(value, caller, deps, found?.id ?? null, digest);
        raised.push(
          found === null
            ? it
            : {
                ...it,
                feature: it.feature ?? found.feature,
                deployment: it.deployment ?? found.deployment,
                versions: value.versions ? it.versions : found.versions,
              },
        );
      }
      return storeSignals(tx, deps, raised);
    }, 'intake');
    return answerBatch(reply, counted('signal', accepted(sorted, stored)));
  });

  intakeDoor(scope, deps, signals.sendFeedback, 'feedback', async (request, _caller, reply) => {
    const batch = await batchOf(request);
    if (isRefusal(batch)) return batch;
    const sorted = sort(batch, feedbackGiven, (read) => read);
    const given = await takeOutOfTexts(
      deps,
      sorted.values.map((value) => feedbackFrom(value, deps)),
    );
    const refers = sorted.values.map((value) => (value.interaction ? storable(value.interaction) : null));
    const stored =
      given.length === 0
        ? { ids: [], fresh: 0 }
        : await deps.db.transaction((tx) => storeFeedback(tx, deps, given, refers), 'intake');
    for (const system of new Set(given.map((it) => it.system))) deps.hints.give({ kind: 'feedback', system });
    return answerBatch(reply, counted('feedback', accepted(sorted, stored)));
  });

  intakeDoor(scope, deps, signals.sendEvaluations, 'evaluation', async (request, _caller, reply) => {
    const batch = await batchOf(request);
    if (isRefusal(batch)) return batch;
    const now = deps.now();
    const sorted = sort(batch, evaluationGiven, (it) =>
      evaluationFrom(it, { system: it.system, interaction: null }, now),
    );
    const ours = await evalTraffic(deps);
    const traffic = sorted.values.map(({ traceId }) => !ours({ traceId, session: null }));
    const asked = traffic.filter((it) => !it).length;
    if (asked > 0) state.received.inc({ kind: 'evaluation', outcome: 'eval' }, asked);
    const said = { ...sorted, indices: sorted.indices.filter((_, i) => traffic[i]) };
    const stored = await storeEvaluations(
      deps,
      sorted.values.filter((_, i) => traffic[i]),
    );
    return answerBatch(reply, counted('evaluation', accepted(said, stored)));
  });

  /** Stores what OTLP told of, some at a time, and counts it. */
  async function keepTold(found: readonly Witnessed[], leftOut: readonly LeftOut[]): Promise<void> {
    let fresh = 0;
    for (let i = 0; i < found.length; i += OTLP_CHUNK) {
      const stored = await state.storing.during(() => storeInteractions(deps, found.slice(i, i + OTLP_CHUNK)));
      fresh += stored.fresh;
      kept(stored);
    }
    for (const system of new Set(found.map((it) => it.system))) deps.hints.give({ kind: 'interactions', system });
    counted('interaction', {
      accepted: fresh,
      duplicate: found.length - fresh,
      rejected: leftOut.map(({ path, why }, index) => ({ index, pointer: path, detail: why })),
      ids: found.map(() => ''),
    });
  }
  const sayLeftOut = (examples: readonly LeftOut[], judged: EvaluationsReading): string =>
    [
      ...examples.slice(0, 5).map(({ path, why }) => `${path}: ${why}`),
      ...(judged.leftOut > 0 ? [`${judged.leftOut} evaluations were left out: ${judged.why}`] : []),
    ].join('; ');

  intakeDoor(scope, deps, signals.otlpTraces, 'interaction', async (request, _caller, reply) => {
    const read = await readOtlp(request, { protobuf: readOtlpProtobuf, json: readOtlpJson });
    if (isRefusal(read)) return read;
    const { protobuf, reading } = read;
    const ours = await evalTraffic(deps);
    const now = deps.now();
    const told = toldBySpans(reading.spans, UNNAMED_SYSTEM, now, toolsDigest);
    const judged = evaluationsFromSpans(reading.spans, UNNAMED_SYSTEM, now);
    const traffic = (of: readonly Witnessed[]) => of.filter((it) => !ours(it)).map(storableWitnessed);
    const found = traffic(told.interactions);
    const calls = traffic(told.calls);
    const evals = told.interactions.length + told.calls.length - found.length - calls.length;
    if (evals > 0) state.received.inc({ kind: 'interaction', outcome: 'eval' }, evals);
    await keepTold([...found, ...(await withTheirAskers(deps.db, calls))], reading.examples);
    await keepEvaluations(deps, judged);
    await noteSampling(deps, reading.spans, UNNAMED_SYSTEM);
    const unread = await noteUnread(deps, reading.spans, UNNAMED_SYSTEM);
    // A span whose evaluation was left out is kept, and one that nobody taught us to read is no error of the sender: both
    // are said, and count as no span.
    const said = [sayLeftOut(reading.examples, judged), unread].filter((it) => it !== '').join('; ');
    return answerOtlp(reply, protobuf, 'rejectedSpans', reading.leftOut, said);
  });

  intakeDoor(scope, deps, signals.otlpLogs, 'log', async (request, _caller, reply) => {
    const read = await readOtlp(request, { protobuf: readLogsProtobuf, json: readLogsJson });
    if (isRefusal(read)) return read;
    const { protobuf, reading } = read;
    const logs = await keepLogs(deps, reading, UNNAMED_SYSTEM);
    if (isRefusal(logs)) {
      reply.header('retry-after', '5');
      return logs;
    }
    const { judged } = logs;
    const leftOut = reading.leftOut + judged.leftOut;
    state.received.inc({ kind: 'log', outcome: 'accepted' }, reading.records.length - judged.leftOut);
    state.received.inc({ kind: 'log', outcome: 'rejected' }, leftOut);
    if (logs.evals > 0) state.received.inc({ kind: 'interaction', outcome: 'eval' }, logs.evals);
    if (logs.calls.length > 0) await keepTold(logs.calls, []);
    await keepEvaluations(deps, judged);
    if (logs.waiting + logs.errors > 0) state.nudge();
    return answerOtlp(reply, protobuf, 'rejectedLogRecords', leftOut, sayLeftOut(reading.examples, judged));
  });
}
