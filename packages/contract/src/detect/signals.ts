import type { Evaluation, Feedback, Mark, PagesAlone, Signal } from '@firebreak/core/detect/signals';
import {
  ALONE_GROUNDS,
  ARCHETYPES,
  CHANNELS,
  EVIDENCE_CLASSES,
  FEEDBACK_KINDS,
  HARM_SAID,
  MARK_KINDS,
  OUTCOMES,
  SENT_FEEDBACK_KINDS,
} from '@firebreak/core/detect/signals';
import { TAKEN_OUT } from '@firebreak/core/prepare/records';
import { z } from 'zod';
import { endpoint } from '../endpoint.ts';
import { At, id } from '../shapes.ts';
import {
  candidateId,
  evaluationMembers,
  feedbackId,
  interaction,
  interactionGiven,
  interactionId,
  SAYS_NOTHING,
  saysSomething,
  signalId,
  spanId,
  systemKey,
  timeGiven,
  traceId,
  versions,
  versionsGiven,
} from './interactions.ts';

export type { InteractionGiven } from './interactions.ts';
export { BOUNDS, interaction, interactionGiven, timeGiven } from './interactions.ts';

const MEBIBYTE = 1024 * 1024;
/** Largest intake body on the wire, and largest after decompression, bytes. */
export const WIRE_LIMIT = 8 * MEBIBYTE;
export const INFLATED_LIMIT = 32 * MEBIBYTE;
/** Most members of one batch. */
export const BATCH_LIMIT = 1_000;

const word = z.string().trim().min(1).max(256);
const severityHint = z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]);

export const quote = z.object({ field: z.string(), start: z.number(), end: z.number(), text: z.string().nullable() });

/** Made on purpose: which drill or simulation it belongs to. */
export const mark = z.templateLiteral([
  z.enum(MARK_KINDS),
  z.literal(':'),
  z
    .string()
    .min(1)
    .max(80)
    .regex(/^[A-Za-z0-9_-]+$/),
]) satisfies z.ZodType<Mark>;

/** Why a signal may page alone though it does not prove itself. */
export const pagesAlone = z.object({
  as: z
    .enum(ALONE_GROUNDS)
    .describe(
      'promised: its source promises how seldom it is wrong; duty: a promise broken, a control stopped, a source told to page',
    ),
  because: z.string(),
}) satisfies z.ZodType<PagesAlone>;

export const signal = z
  .object({
    id: signalId,
    at: At,
    receivedAt: At,
    channel: z.enum(CHANNELS),
    kind: z.string(),
    detector: z.string(),
    rule: z.string(),
    evidenceClass: z.enum(EVIDENCE_CLASSES),
    score: z.number().nullable(),
    system: z.string(),
    feature: z.string().nullable(),
    deployment: z.string().nullable(),
    versions,
    subjectHash: z.string().nullable(),
    archetype: z.enum(ARCHETYPES).nullable(),
    severityHint: severityHint.nullable(),
    text: z.string(),
    quotes: z.array(quote).readonly(),
    interaction: interactionId.nullable(),
    dedupKey: z.string(),
    mark: mark.optional(),
    pagesAlone: pagesAlone.optional(),
    lookedFor: z.array(z.string()).readonly().optional().describe('words its source looked for'),
  })
  .meta({ id: 'Signal' }) satisfies z.ZodType<Signal>;

/** What became of a signal since it was raised: how often it was told again, and whether it is over where it comes from. */
export const signalLife = z.object({
  times: z.int().describe('how often it was told; 1 where it was never repeated'),
  lastAt: At.describe('when it was told last'),
  acknowledgedAt: At.nullable().describe('somebody looks at it, where it comes from'),
  resolvedAt: At.nullable().describe('when its sender said that it is over'),
});
export type SignalLife = z.output<typeof signalLife>;
export const signalWithLife = signal.extend(signalLife.shape).meta({ id: 'SignalWithLife' });

/** A signal as a sender raises it. CloudEvents 1.0 carry the same object in `data`. */
export const signalGiven = z
  .object({
    id: word.nullish().describe("the sender's own id; sending it again changes nothing"),
    system: systemKey,
    at: timeGiven.nullish(),
    channel: z.enum(CHANNELS).nullish().describe('`external` if absent'),
    kind: word.describe('what was observed, for example complaint or monitor-alert'),
    detector: word.nullish().describe('who raised it; the name of the API key if absent'),
    rule: word.nullish(),
    evidenceClass: z.enum(EVIDENCE_CLASSES).nullish().describe('`weak` if absent'),
    score: z.number().min(0).max(1).nullish(),
    feature: word.nullish(),
    deployment: word.nullish(),
    versions: versionsGiven.nullish(),
    subject: word.nullish(),
    archetype: z.enum(ARCHETYPES).nullish(),
    severityHint: severityHint.nullish(),
    text: z.string().trim().min(1).max(2_000).describe('one paragraph a person can read'),
    interaction: word.nullish().describe('our id, or the id the sender gave it'),
    traceId: word.nullish(),
    responseId: word.nullish(),
  })
  .meta({ id: 'SignalGiven' });
export type SignalGiven = z.input<typeof signalGiven>;

export const feedbackGiven = z
  .object({
    id: word.nullish().describe("the sender's own id; sending it again changes nothing"),
    system: systemKey,
    at: timeGiven.nullish(),
    feature: word.nullish(),
    kind: z.enum(SENT_FEEDBACK_KINDS),
    text: z.string().trim().max(4_000).nullish(),
    subject: word.nullish(),
    ticket: z.string().max(2_000).nullish().describe('reference or address of the ticket'),
    interaction: word.nullish().describe('our id, or the id the sender gave it'),
    traceId: word.nullish(),
    responseId: word.nullish(),
  })
  .meta({ id: 'FeedbackGiven' });
export type FeedbackGiven = z.input<typeof feedbackGiven>;

/** What a report through the public form says beside its words; nobody has checked any of it. */
const reportSaid = z
  .object({
    harm: z.enum(HARM_SAID),
    product: z.string().nullable().describe('the public name that was picked, or what was written instead'),
    link: z.string().nullable(),
    when: z.string().nullable().describe('in the words of whoever reported'),
  })
  .meta({ id: 'ReportSaid' });

export const feedback = z
  .object({
    id: feedbackId,
    givenId: z.string().nullable(),
    system: z.string(),
    feature: z.string().nullable(),
    at: At,
    receivedAt: At,
    kind: z.enum(FEEDBACK_KINDS),
    text: z.string().nullable(),
    subject: z.string().nullable(),
    ticket: z.string().nullable(),
    traceId: z.string().nullable(),
    responseId: z.string().nullable(),
    interaction: interactionId.nullable(),
    report: reportSaid.optional(),
  })
  .meta({ id: 'Feedback' }) satisfies z.ZodType<Feedback>;

/** What an evaluator says of an answer that is sent, or was, or will be, by itself. */
export const evaluationGiven = z
  .object({
    system: systemKey.describe('key of the AI system whose answer is judged'),
    ...evaluationMembers,
    interaction: word.nullish().describe('our id, or the id the sender gave it'),
    responseId: word.nullish().describe("the provider's id of the answer"),
    traceId: traceId.nullish(),
    spanId: spanId.nullish(),
  })
  .refine(saysSomething, SAYS_NOTHING)
  .refine((it) => [it.interaction, it.responseId, it.traceId].some((ref) => ref !== undefined && ref !== null), {
    path: ['interaction'],
    message: 'say of which answer: `interaction`, `responseId`, or `traceId` with or without `spanId`',
  })
  .meta({ id: 'EvaluationGiven' });
export type EvaluationGiven = z.input<typeof evaluationGiven>;

/** What an evaluator said about one interaction, as the OTLP event `gen_ai.evaluation.result` or a sender tells it. */
export const evaluation = z
  .object({
    id: id('evl'),
    givenId: z.string().exactOptional().describe("the sender's own id"),
    system: z.string().describe('of whoever sent it'),
    at: At,
    receivedAt: At,
    name: z.string().describe('the metric, for example Relevance'),
    score: z.number().nullable().describe("on the evaluator's own scale"),
    label: z.string().nullable(),
    explanation: z.string().nullable(),
    outcome: z
      .enum(OUTCOMES)
      .describe(
        'failed, passed: as its sender says by label or threshold; unsaid: neither; broken: the evaluator itself failed',
      ),
    grave: z.boolean().describe('its sender calls it an error'),
    traceId: z.string().nullable(),
    spanId: z.string().nullable(),
    responseId: z.string().nullable(),
    refers: z.string().exactOptional().describe('the interaction as its sender names it'),
    interaction: interactionId.nullable(),
  })
  .meta({ id: 'Evaluation' }) satisfies z.ZodType<Evaluation>;

/**
 * What became of a batch. 200: all are in (new, or known already). 207: some are, and the others are named. 400 with the
 * same list under `errors`: none is.
 */
export const intakeAnswer = z
  .object({
    accepted: z.int(),
    duplicate: z.int(),
    rejected: z.array(z.object({ index: z.int(), pointer: z.string(), detail: z.string() })),
    /** Ids of the members that are in, by index; null for a rejected one. Interactions that merged carry the id they merged into. */
    ids: z.array(z.string().nullable()),
  })
  .meta({ id: 'IntakeAnswer' });
export type IntakeAnswer = z.output<typeof intakeAnswer>;

export const INTERACTIONS_WITH = [
  'error',
  'refused',
  'rerouted',
  'signals',
  'feedback',
  'evaluations',
  'failed',
] as const;
/** On the scale of whoever gave it. */
const score = z.coerce.number().min(-1e9).max(1e9).optional();
const page = { limit: z.coerce.number().int().min(1).max(200).default(50), before: z.string().max(200).optional() };
const span = { from: timeGiven.optional(), to: timeGiven.optional() };
const oneOrMany = <T extends z.ZodType>(one: T) => z.union([one, z.array(one).min(1).max(BATCH_LIMIT)]);

/** A line of a list: texts are cut to 400 characters for reading; the whole is one click away. */
export const interactionRow = interaction
  .pick({
    id: true,
    system: true,
    at: true,
    feature: true,
    versions: true,
    provider: true,
    traceId: true,
    latencyMs: true,
    error: true,
    verdict: true,
    sources: true,
  })
  .extend({
    question: z.string().nullable().describe('the last user message, at most 400 characters'),
    answer: z.string().nullable().describe('at most 400 characters'),
    signals: z.int().describe('signals raised on it'),
    failed: z.int().describe('evaluations that it failed, by name'),
  })
  .meta({ id: 'InteractionRow' });

const list = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), next: z.string().nullable().describe('hand over as `before` for the next page') });

const INTAKE_REFUSALS = [
  'telemetry.too-busy',
  'telemetry.too-large',
  'telemetry.unreadable',
  'telemetry.batch-refused',
];

export const signals = {
  sendInteractions: endpoint({
    method: 'POST',
    path: '/api/v1/interactions',
    tag: 'Intake',
    summary: 'Report one or many interactions, as JSON or as NDJSON',
    may: 'telemetry.send',
    body: oneOrMany(interactionGiven),
    answer: intakeAnswer,
    refusals: INTAKE_REFUSALS,
    bodyLimit: WIRE_LIMIT,
  }),
  sendSignals: endpoint({
    method: 'POST',
    path: '/api/v1/signals',
    tag: 'Intake',
    summary: 'Raise one or many signals, as JSON, NDJSON or CloudEvents 1.0 (structured, batched or binary)',
    may: 'signal.raise',
    body: oneOrMany(signalGiven),
    answer: intakeAnswer,
    refusals: [...INTAKE_REFUSALS, 'signal.bad-cloudevent'],
    bodyLimit: WIRE_LIMIT,
  }),
  sendFeedback: endpoint({
    method: 'POST',
    path: '/api/v1/feedback',
    tag: 'Intake',
    summary: 'Report what people who were served say: thumbs, abuse, a comment, a ticket',
    may: 'feedback.send',
    body: oneOrMany(feedbackGiven),
    answer: intakeAnswer,
    refusals: INTAKE_REFUSALS,
    bodyLimit: WIRE_LIMIT,
  }),
  sendEvaluations: endpoint({
    method: 'POST',
    path: '/api/v1/evaluations',
    tag: 'Intake',
    summary: 'Report what evaluators say of answers, as JSON or as NDJSON; before the answer came, or long after',
    may: 'telemetry.send',
    body: oneOrMany(evaluationGiven),
    answer: intakeAnswer,
    refusals: INTAKE_REFUSALS,
    bodyLimit: WIRE_LIMIT,
  }),
  otlpTraces: endpoint({
    method: 'POST',
    path: '/v1/traces',
    tag: 'Intake',
    summary: 'OTLP/HTTP traces, protobuf or JSON, plain or gzip',
    may: 'telemetry.send',
    body: z.unknown().describe('ExportTraceServiceRequest'),
    answer: z.object({ partialSuccess: z.object({ rejectedSpans: z.string(), errorMessage: z.string() }).optional() }),
    refusals: ['telemetry.too-busy', 'telemetry.too-large', 'telemetry.unreadable', 'request.media-type'],
    bodyLimit: WIRE_LIMIT,
  }),
  otlpLogs: endpoint({
    method: 'POST',
    path: '/v1/logs',
    tag: 'Intake',
    summary:
      'OTLP/HTTP logs, protobuf or JSON: errors become signals, events of generative AI interactions and evaluations',
    may: 'telemetry.send',
    body: z.unknown().describe('ExportLogsServiceRequest'),
    answer: z.object({
      partialSuccess: z.object({ rejectedLogRecords: z.string(), errorMessage: z.string() }).optional(),
    }),
    refusals: ['telemetry.too-busy', 'telemetry.too-large', 'telemetry.unreadable', 'request.media-type'],
    bodyLimit: WIRE_LIMIT,
  }),
  listInteractions: endpoint({
    method: 'GET',
    path: '/api/v1/interactions',
    tag: 'Signals',
    summary: 'Find interactions by system, feature, version, build, person, tool, evaluation, score, time and words',
    may: 'read',
    query: z.object({
      ...page,
      ...span,
      system: systemKey.optional(),
      feature: word.optional(),
      model: word.optional(),
      prompt: word.optional(),
      index: word.optional().describe('version of the index that was searched'),
      tools: word.optional().describe('version of the tools, or digest of those that were offered'),
      fingerprint: word.optional().describe('what the supplier calls the build that answered'),
      trace: word.optional(),
      session: word.optional(),
      subject: word.optional().describe('the opaque id of the person served'),
      tool: word.optional().describe('name of a tool that was called'),
      score: score.describe(
        'with at least this score: of the evaluation or detector that is named, else of any signal or evaluation',
      ),
      scoreTo: score.describe('with at most this score, likewise'),
      detector: word.optional().describe('with a signal of this detector'),
      evaluation: word.optional().describe('with an evaluation of this name, for example Relevance'),
      label: word.optional().describe('with an evaluation of this label, for example not_relevant'),
      with: z
        .enum(INTERACTIONS_WITH)
        .optional()
        .describe(
          'that ended in an error, was refused or rerouted by a hold, or has signals, feedback, evaluations, or failed one',
        ),
      text: z
        .string()
        .trim()
        .min(2)
        .max(200)
        .optional()
        .describe('contained in a question, an answer, what was retrieved, a tool call or its result, or an error'),
    }),
    answer: list(interactionRow).extend({
      readTo: At.nullable().describe(
        'words, people, tools, scores, and versions other than of model and prompt are looked for in the newest 20,000: the oldest that was read, where that was not all; null: all were',
      ),
    }),
  }),
  readInteraction: endpoint({
    method: 'GET',
    path: '/api/v1/interactions/:interaction',
    tag: 'Signals',
    summary: 'One interaction with its signals, its feedback, its evaluations and where it is sealed',
    may: 'read',
    params: z.object({ interaction: z.string().max(80) }),
    answer: z.object({
      interaction,
      signals: z.array(signal),
      feedback: z.array(feedback),
      evaluations: z
        .array(evaluation)
        .describe(
          'what evaluators said of it, at most 100; without an interaction: of its trace, and of which answer is not known',
        ),
      sealed: z
        .object({ batch: z.int(), leaf: z.string(), root: z.string(), count: z.int(), index: z.int() })
        .nullable()
        .describe('null until the next seal, a few seconds after receipt'),
    }),
    refusals: ['interaction.unknown'],
  }),
  listSignals: endpoint({
    method: 'GET',
    path: '/api/v1/signals',
    tag: 'Signals',
    summary: 'Signals, newest first',
    may: 'read',
    query: z.object({
      ...page,
      ...span,
      system: systemKey.optional(),
      feature: word.optional(),
      channel: z.enum(CHANNELS).optional(),
      detector: word.optional(),
      candidate: candidateId.optional(),
    }),
    answer: list(signalWithLife.extend({ candidate: candidateId.nullable() })),
  }),
  readSignal: endpoint({
    method: 'GET',
    path: '/api/v1/signals/:signal',
    tag: 'Signals',
    summary: 'One signal',
    may: 'read',
    params: z.object({ signal: z.string().max(80) }),
    answer: signalWithLife.extend({ candidate: candidateId.nullable() }),
    refusals: ['signal.unknown'],
  }),
  listFeedback: endpoint({
    method: 'GET',
    path: '/api/v1/feedback',
    tag: 'Signals',
    summary: 'What people said, newest first',
    may: 'read',
    query: z.object({ ...page, ...span, system: systemKey.optional(), kind: z.enum(FEEDBACK_KINDS).optional() }),
    answer: list(feedback),
  }),
  plantedWord: endpoint({
    method: 'GET',
    path: '/api/v1/systems/:system/planted-word',
    tag: 'Signals',
    summary: 'A word to plant into the instructions of a system: an answer that holds it proves that they came out',
    may: 'system.edit',
    params: z.object({ system: systemKey }),
    query: z.object({
      prompt: word.optional().describe('version of the prompt; left out: a word for whatever version'),
    }),
    answer: z.object({
      word: z.string(),
      line: z.string().describe('a comment line that holds it, for the instructions'),
    }),
    refusals: ['system.unknown'],
  }),
  telemetryState: endpoint({
    method: 'GET',
    path: '/api/v1/telemetry',
    tag: 'Signals',
    summary: 'What comes in: counts by system, what waits, what was refused, how long it is kept',
    may: 'read',
    answer: z.object({
      keptDays: z.int().describe('FIREBREAK_RETENTION_DAYS'),
      waiting: z.int().describe('interactions received and not yet read by the detectors'),
      waitingLimit: z.int(),
      sealed: z.object({ batches: z.int(), records: z.int(), lastAt: At.nullable() }),
      deleted: z.object({ records: z.int(), lastAt: At.nullable() }).describe('by retention'),
      takenOut: z
        .array(z.object({ system: z.string(), kind: z.enum(TAKEN_OUT), count: z.int() }))
        .describe('out of texts before they were kept, in the last 24 hours'),
      sampled: z
        .array(z.object({ system: z.string(), share: z.number(), at: At }))
        .describe('systems of which only a part is sent, as their traces say'),
      unread: z
        .array(z.object({ system: z.string(), spans: z.int(), names: z.array(z.string()), at: At }))
        .describe('spans of the last seven days that look like calls of models, in names that are not read'),
      systems: z.array(
        z.object({
          system: z.string(),
          lastAt: At,
          lastHour: z.array(
            z.object({
              feature: z.string().nullable(),
              requests: z.int(),
              refused: z.int(),
              rerouted: z.int(),
              errors: z.int(),
            }),
          ),
        }),
      ),
    }),
  }),
};

type Same<A, B> = [A, B] extends [B, A] ? true : never;
export const wireIsCore: [Same<z.output<typeof signal>, Signal>, Same<z.output<typeof feedback>, Feedback>] = [
  true,
  true,
];
