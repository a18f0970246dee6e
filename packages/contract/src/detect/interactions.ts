import type { Interaction } from '@firebreak/core/detect/signals';
import { SOURCES, VERDICT_ACTIONS } from '@firebreak/core/detect/signals';
import { z } from 'zod';
import { At, id } from '../shapes.ts';

/** Bounds of what one interaction may carry. Longer texts are refused by name, never cut in silence. */
export const BOUNDS = {
  items: 1_000,
  messages: 200,
  text: 256 * 1024,
  passages: 100,
  toolCalls: 200,
  word: 256,
  evaluations: 50,
  explanation: 4_000,
} as const;

const word = z.string().trim().min(1).max(BOUNDS.word);
const maybe = <T extends z.ZodType>(schema: T) => schema.nullable();
const given = <T extends z.ZodType>(schema: T) => schema.nullish();

/** A time as a sender writes it: ISO 8601 with a zone. */
export const timeGiven = z.iso
  .datetime({ offset: true })
  .describe('ISO 8601 with a zone, for example 2026-11-20T23:21:04Z');

export const systemKey = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'small letters, digits, dot, dash and underscore; at most 64')
  .describe('key of the AI system, for example support-bot');

const role = z.string().trim().min(1).max(64);
const textPart = z.object({ type: z.string().max(64), text: z.string().max(BOUNDS.text).nullish() }).loose();
/** `content` is text, or a list of parts as the OpenAI and Anthropic interfaces have it: text parts are joined. */
export const messageGiven = z.object({
  role,
  content: z.union([z.string().max(BOUNDS.text), z.array(textPart).max(100), z.null()]),
});

export const versionsGiven = z.object({
  model: given(word),
  modelAsked: given(word),
  prompt: given(word),
  index: given(word),
  tools: given(word),
  fingerprint: given(word).describe(
    'what the supplier calls the build that answered, as the `system_fingerprint` of OpenAI',
  ),
  toolsDigest: given(word).describe('digest of the definitions of the tools that were offered to the model'),
});

type Judgement = { readonly [member in 'score' | 'label' | 'passed' | 'error']?: unknown };
export const saysSomething = ({ score, label, passed, error }: Judgement): boolean =>
  [score, label, passed, error].some((it) => it !== undefined && it !== null);
export const SAYS_NOTHING = { path: ['score'], message: 'say `score`, `label`, `passed` or `error`' };

export const traceId = z.string().regex(/^[0-9a-fA-F]{32}$/, '32 hexadecimal digits');
export const spanId = z.string().regex(/^[0-9a-fA-F]{16}$/, '16 hexadecimal digits');
const count = z.int().min(0).max(1e12);

/** What an evaluator says of an answer, whichever that is. */
export const evaluationMembers = {
  id: given(word).describe("the sender's own id; sending it again changes nothing"),
  name: word.describe('what was measured, for example Relevance'),
  at: given(timeGiven).describe('the time of receipt if absent'),
  score: given(z.number()).describe("on the evaluator's own scale"),
  label: given(word).describe('for example not_relevant; a label that is not in the table is shown as it is'),
  passed: given(z.boolean()).describe('whether that is good enough'),
  threshold: given(z.number()).describe('of the score, where `passed` is not said'),
  direction: given(z.enum(['increase', 'decrease'])).describe('decrease: the lower, the better; increase if absent'),
  explanation: given(z.string().max(BOUNDS.explanation)),
  error: given(word).describe('why the evaluator itself failed, with neither score nor label nor `passed`'),
  grave: given(z.boolean()).describe('the sender calls it an error: a failure is strong evidence then'),
};
const evaluationOfInteraction = z.object(evaluationMembers).refine(saysSomething, SAYS_NOTHING);

/** One interaction as a sender reports it. Absent and null both read "not captured"; `[]` and `''` read "captured, none". */
export const interactionGiven = z
  .object({
    id: given(word).describe("the sender's own id; sending it again changes nothing"),
    system: systemKey,
    agent: given(word).describe('which agent acted, for example clerk'),
    depth: given(z.int().min(0).max(1_000)).describe('how many agents called one another until this was asked'),
    instance: given(word).describe(
      'which running process tells of it, by the name it has as an instance: that of its guard, or of the gateway',
    ),
    at: given(timeGiven).describe('when it began; the time of receipt if absent'),
    feature: given(word),
    deployment: given(word),
    versions: given(versionsGiven),
    provider: given(word),
    session: given(word),
    subject: given(word).describe('opaque id of the person served'),
    country: given(z.string().regex(/^[A-Za-z]{2}$/, 'two letters, ISO 3166-1')),
    traceId: given(traceId),
    spanId: given(spanId),
    responseId: given(word),
    input: given(z.union([z.string().max(BOUNDS.text), z.array(messageGiven).max(BOUNDS.messages)])),
    output: given(z.string().max(BOUNDS.text)),
    retrieved: given(
      z
        .array(z.object({ id: given(word), title: given(z.string().max(500)), text: z.string().max(BOUNDS.text) }))
        .max(BOUNDS.passages),
    ),
    toolCalls: given(
      z
        .array(
          z.object({
            id: given(word),
            name: word,
            arguments: given(z.string().max(BOUNDS.text)),
            result: given(z.string().max(BOUNDS.text)),
          }),
        )
        .max(BOUNDS.toolCalls),
    ),
    tokens: given(z.object({ input: given(count), output: given(count) })),
    latencyMs: given(z.number().min(0).max(86_400_000)),
    error: given(z.string().max(4_000)),
    verdict: given(z.object({ action: z.enum(VERDICT_ACTIONS), hold: given(word) })),
    evaluations: given(z.array(evaluationOfInteraction).max(BOUNDS.evaluations)).describe(
      'what evaluators say of it already',
    ),
    source: given(z.enum(SOURCES)).describe('`gateway` for a record of the gateway; `api` if absent'),
  })
  .meta({ id: 'InteractionGiven' });
export type InteractionGiven = z.input<typeof interactionGiven>;

export const interactionId = id('int');
export const signalId = id('sig');
export const feedbackId = id('fbk');
export const candidateId = id('cnd');
export const incidentId = id('inc');

export const versions = z.object({
  model: maybe(z.string()),
  modelAsked: maybe(z.string()),
  prompt: maybe(z.string()),
  index: maybe(z.string()),
  tools: maybe(z.string()),
  fingerprint: z.string().exactOptional(),
  toolsDigest: z.string().exactOptional(),
});

/** One interaction as Firebreak keeps it: every member is there, and `null` reads "not captured". */
export const interaction = z
  .object({
    id: interactionId,
    agent: z.string().exactOptional(),
    depth: z.int().exactOptional().describe('how many agents called one another until this was asked'),
    judge: z.literal(true).exactOptional().describe('made by a judge to say something of another answer'),
    instances: z
      .array(z.string())
      .readonly()
      .exactOptional()
      .describe('through which running processes it went, as the witnesses name themselves; absent: not captured'),
    givenId: maybe(z.string()),
    system: z.string(),
    at: At,
    receivedAt: At,
    feature: maybe(z.string()),
    deployment: maybe(z.string()),
    versions,
    provider: maybe(z.string()),
    session: maybe(z.string()),
    subject: maybe(z.string()),
    country: maybe(z.string()),
    traceId: maybe(z.string()),
    spanId: maybe(z.string()),
    responseId: maybe(z.string()),
    input: maybe(z.array(z.object({ role: z.string(), content: z.string() })).readonly()),
    output: maybe(z.string()),
    retrieved: maybe(
      z.array(z.object({ id: maybe(z.string()), title: maybe(z.string()), text: z.string() })).readonly(),
    ),
    toolCalls: maybe(
      z
        .array(
          z.object({
            id: maybe(z.string()),
            name: z.string(),
            arguments: maybe(z.string()),
            result: maybe(z.string()),
          }),
        )
        .readonly(),
    ),
    tokens: z.object({ input: maybe(z.number()), output: maybe(z.number()) }),
    latencyMs: maybe(z.number()),
    error: maybe(z.string()),
    verdict: maybe(z.object({ action: z.enum(VERDICT_ACTIONS), hold: maybe(z.string()) })),
    sources: z.array(z.enum(SOURCES)).readonly(),
  })
  .meta({ id: 'Interaction' }) satisfies z.ZodType<Interaction>;

/** Drift between the wire and the core fails to compile here. */
type Same<A, B> = [A, B] extends [B, A] ? true : never;
export const interactionIsCore: Same<z.output<typeof interaction>, Interaction> = true;
