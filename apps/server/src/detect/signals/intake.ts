import { BATCH_LIMIT, feedbackGiven, interactionGiven, signalGiven, signals } from '@firebreak/contract/detect/signals';
import type { Feedback } from '@firebreak/core/detect/signals';
import { interactionsFromSpans, readOtlpJson, readOtlpProtobuf } from '@firebreak/core/detect/signals';
import { isRefusal, type Refusal, refuse } from '@firebreak/core/kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { App, Caller, Deps } from '../../platform/index.ts';
import { type Batch, mediaType, membersOf, parsed, plainBody } from './body.ts';
import { cloudEvents } from './cloud-events.ts';
import { type Accepted, answerBatch, intakeDoor } from './door.ts';
import {
  type FeedbackRead,
  type SignalRead,
  storable,
  storableWitnessed,
  timeOf,
  versionsOf,
  witnessedFrom,
} from './given.ts';
import { stateOf } from './state.ts';
import { type Stored, storeInteractions } from './store-interactions.ts';
import { findReferred, type Raised, storeFeedback, storeSignals } from './store-signals.ts';
import { wellFormed } from './well-formed.ts';

const OTLP_CHUNK = 500;
const FALLBACK_SYSTEM = 'unnamed';

interface Sorted<T> {
  readonly good: { readonly index: number; readonly value: T }[];
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
  const good: { index: number; value: T }[] = [];
  const rejected: Accepted['rejected'][number][] = [];
  for (const [index, member] of batch.members.entries()) {
    if ('unreadable' in member) {
      rejected.push({ index, pointer: batch.pointer(index), detail: member.unreadable });
      continue;
    }
    const known = usual(member.value);
    if (known !== null) {
      good.push({ index, value: known });
      continue;
    }
    const read = schema.safeParse(member.value);
    if (read.success) good.push({ index, value: as(read.data) });
    else {
      const issue = read.error.issues[0]!;
      const within = issue.path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
      rejected.push({ index, pointer: `${batch.pointer(index)}${within}`, detail: issue.message });
    }
  }
  return { good, rejected, total: batch.members.length };
}

function accepted(
  sorted: Sorted<unknown>,
  stored: { readonly ids: readonly string[]; readonly fresh: number },
): Accepted {
  const ids: (string | null)[] = Array.from({ length: sorted.total }, () => null);
  for (const [i, { index }] of sorted.good.entries()) ids[index] = stored.ids[i]!;
  return { accepted: stored.fresh, duplicate: sorted.good.length - stored.fresh, rejected: sorted.rejected, ids };
}

/** The batch of a request, read, or why it could not be. */
async function batchOf(request: FastifyRequest): Promise<Batch | Refusal> {
  const body = await plainBody(request);
  return isRefusal(body) ? body : membersOf(body, mediaType(request), BATCH_LIMIT);
}

const raisedFrom = (
  it: SignalRead,
  caller: Caller,
  deps: Deps,
  interaction: Raised['interaction'],
  digest: (text: string) => string,
): Raised => {
  const detector = storable(it.detector ?? caller.actor.id);
  return {
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

  intakeDoor(scope, deps, signals.sendInteractions, 'interaction', async (request, _caller, reply) => {
    const batch = await batchOf(request);
    if (isRefusal(batch)) return batch;
    const now = deps.now();
    const sorted = sort(
      batch,
      interactionGiven,
      (read) => witnessedFrom(read, now),
      (value) => wellFormed(value, now),
    );
    const given = sorted.good.map(({ value }) => value);
    if (given.length === 0) return answerBatch(reply, counted('interaction', accepted(sorted, { ids: [], fresh: 0 })));
    const stored = await storeInteractions(deps, given);
    kept(stored);
    for (const system of new Set(given.map((it) => it.system))) deps.hints.give({ kind: 'interactions', system });
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
    const { digest } = await state.aids();
    const stored = await deps.db.transaction(async (tx) => {
      const raised: Raised[] = [];
      for (const { value } of sorted.good) {
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
    }, 'bulk');
    return answerBatch(reply, counted('signal', accepted(sorted, stored)));
  });

  intakeDoor(scope, deps, signals.sendFeedback, 'feedback', async (request, _caller, reply) => {
    const batch = await batchOf(request);
    if (isRefusal(batch)) return batch;
    const sorted = sort(batch, feedbackGiven, (read) => read);
    const given = sorted.good.map(({ value }) => feedbackFrom(value, deps));
    const refers = sorted.good.map(({ value }) => (value.interaction ? storable(value.interaction) : null));
    const stored =
      given.length === 0
        ? { ids: [], fresh: 0 }
        : await deps.db.transaction((tx) => storeFeedback(tx, deps, given, refers), 'bulk');
    for (const system of new Set(given.map((it) => it.system))) deps.hints.give({ kind: 'feedback', system });
    return answerBatch(reply, counted('feedback', accepted(sorted, stored)));
  });

  intakeDoor(scope, deps, signals.otlpTraces, 'interaction', async (request, _caller, reply) => {
    const type = mediaType(request);
    const body = await plainBody(request);
    if (isRefusal(body)) return body;
    const protobuf = type === 'application/x-protobuf' || type === 'application/protobuf';
    if (!protobuf && type !== 'application/json')
      return refuse('request.media-type', 'OTLP comes as application/x-protobuf or application/json.');
    const json = protobuf ? null : parsed(body.toString('utf8'));
    if (isRefusal(json)) return json;
    const reading = protobuf
      ? readOtlpProtobuf(body, (bytes, from, to) => (bytes as Buffer).toString('utf8', from, to))
      : readOtlpJson(json!.value);
    if (isRefusal(reading)) return reading;
    const found = interactionsFromSpans(reading.spans, FALLBACK_SYSTEM, deps.now()).map(storableWitnessed);
    let fresh = 0;
    for (let i = 0; i < found.length; i += OTLP_CHUNK) {
      const chunk = found.slice(i, i + OTLP_CHUNK);
      const stored = await storeInteractions(deps, chunk);
      fresh += stored.fresh;
      kept(stored);
    }
    for (const system of new Set(found.map((it) => it.system))) deps.hints.give({ kind: 'interactions', system });
    counted('interaction', {
      accepted: fresh,
      duplicate: found.length - fresh,
      rejected: reading.examples.map(({ path, why }, index) => ({ index, pointer: path, detail: why })),
      ids: found.map(() => ''),
    });
    return answerOtlp(
      reply,
      protobuf,
      reading.leftOut,
      reading.examples
        .map(({ path, why }) => `${path}: ${why}`)
        .slice(0, 5)
        .join('; '),
    );
  });

  for (const endpoint of [signals.otlpLogs, signals.otlpMetrics])
    intakeDoor(scope, deps, endpoint, 'other', async () =>
      refuse(
        'otlp.not-yet',
        'Only traces are read so far. Nothing of this request was kept; turn this exporter off, or point it elsewhere.',
      ),
    );
}

/** ExportTraceServiceResponse; a partial success says how many spans were left out and why. */
function answerOtlp(reply: FastifyReply, protobuf: boolean, leftOut: number, why: string): FastifyReply {
  if (!protobuf)
    return reply
      .code(200)
      .send(leftOut === 0 ? {} : { partialSuccess: { rejectedSpans: String(leftOut), errorMessage: why } });
  const message = Buffer.from(why, 'utf8').subarray(0, 2_000);
  const partial = Buffer.concat([
    Buffer.from([0x08]),
    varint(leftOut),
    Buffer.from([0x12]),
    varint(message.length),
    message,
  ]);
  const body = leftOut === 0 ? Buffer.alloc(0) : Buffer.concat([Buffer.from([0x0a]), varint(partial.length), partial]);
  return reply
    .code(200)
    .type('application/x-protobuf')
    .serializer((payload: unknown) => payload as string)
    .send(body);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 127) {
    bytes.push((rest & 127) | 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
  return Buffer.from(bytes);
}
