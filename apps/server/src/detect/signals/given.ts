import type { evaluationGiven, feedbackGiven, interactionGiven, signalGiven } from '@firebreak/contract/detect/signals';
import {
  type EvaluationSaid,
  type Message,
  outcomeOf,
  type Source,
  type Versions,
  type Witnessed,
} from '@firebreak/core/detect/signals';
import { type Instant, instant } from '@firebreak/core/kernel';
import type { z } from 'zod';

type InteractionRead = z.output<typeof interactionGiven>;
export type SignalRead = z.output<typeof signalGiven>;
export type EvaluationRead = z.output<typeof evaluationGiven>;
/** What is said of an answer that is known already. */
export type EvaluationOf = NonNullable<InteractionRead['evaluations']>[number];
export type FeedbackRead = z.output<typeof feedbackGiven>;

/** The database stores no NUL and no half of a surrogate pair; each becomes U+FFFD, so the text stays as long as it was. */
const UNSTORABLE = /\0|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
const SUSPECT = /[\0\ud800-\udfff]/;
export const storable = (text: string): string => (SUSPECT.test(text) ? text.replace(UNSTORABLE, '\uFFFD') : text);

const word = (it: string | null | undefined): string | null => (it === null || it === undefined ? null : storable(it));
export const timeOf = (it: string | null | undefined, now: Instant): Instant =>
  it === null || it === undefined ? now : instant(it);

const isSaid = (it: string | null | undefined): it is string => it !== null && it !== undefined;

export const versionsOf = (it: InteractionRead['versions']): Versions => ({
  model: word(it?.model),
  modelAsked: word(it?.modelAsked),
  prompt: word(it?.prompt),
  index: word(it?.index),
  tools: word(it?.tools),
  ...(isSaid(it?.fingerprint) ? { fingerprint: storable(it.fingerprint) } : {}),
  ...(isSaid(it?.toolsDigest) ? { toolsDigest: storable(it.toolsDigest) } : {}),
});

function messagesOf(input: InteractionRead['input']): Message[] | null {
  if (input === null || input === undefined) return null;
  if (typeof input === 'string') return [{ role: 'user', content: storable(input) }];
  return input.map(({ role, content }) => ({
    role: storable(role),
    content: storable(
      typeof content === 'string'
        ? content
        : (content ?? [])
            .map((part) => part.text ?? '')
            .filter((text) => text !== '')
            .join('\n'),
    ),
  }));
}

/** An interaction as sent, with every member there: absent becomes null, "not captured". */
export function witnessedFrom(it: InteractionRead, now: Instant): Witnessed {
  return {
    ...(isSaid(it.agent) ? { agent: storable(it.agent) } : {}),
    ...(typeof it.depth === 'number' ? { depth: it.depth } : {}),
    ...(isSaid(it.instance) ? { instances: [storable(it.instance)] } : {}),
    givenId: word(it.id),
    system: it.system,
    at: timeOf(it.at, now),
    feature: word(it.feature),
    deployment: word(it.deployment),
    versions: versionsOf(it.versions),
    provider: word(it.provider),
    session: word(it.session),
    subject: word(it.subject),
    country: it.country?.toUpperCase() ?? null,
    traceId: it.traceId?.toLowerCase() ?? null,
    spanId: it.spanId?.toLowerCase() ?? null,
    responseId: word(it.responseId),
    input: messagesOf(it.input),
    output: word(it.output),
    retrieved: it.retrieved?.map((p) => ({ id: word(p.id), title: word(p.title), text: storable(p.text) })) ?? null,
    toolCalls:
      it.toolCalls?.map((c) => ({
        id: word(c.id),
        name: storable(c.name),
        arguments: word(c.arguments),
        result: word(c.result),
      })) ?? null,
    tokens: { input: it.tokens?.input ?? null, output: it.tokens?.output ?? null },
    latencyMs: it.latencyMs ?? null,
    error: word(it.error),
    verdict: it.verdict ? { action: it.verdict.action, hold: word(it.verdict.hold) } : null,
    sources: [(it.source ?? 'api') satisfies Source],
  };
}

/** An evaluation as sent. `of`: the interaction, where that is known already. */
export function evaluationFrom(
  it: EvaluationOf & Partial<EvaluationRead>,
  of: { readonly system: string; readonly interaction: string | null },
  now: Instant,
): EvaluationSaid {
  const { score = null, label = null, passed = null, threshold = null } = it;
  const broken = score === null && label === null && passed === null;
  const refers = of.interaction ?? it.interaction;
  return {
    ...(isSaid(it.id) ? { givenId: storable(it.id) } : {}),
    system: of.system,
    at: timeOf(it.at, now),
    name: storable(it.name),
    score,
    label: word(label),
    explanation: word(it.explanation?.trim() || it.error),
    outcome: broken
      ? 'broken'
      : outcomeOf(it.name, score, label, { passed, threshold, direction: it.direction ?? 'increase' }),
    grave: it.grave === true,
    traceId: it.traceId?.toLowerCase() ?? null,
    spanId: it.spanId?.toLowerCase() ?? null,
    responseId: word(it.responseId),
    ...(isSaid(refers) ? { refers: storable(refers) } : {}),
  };
}

/** Every text of a span's interaction made storable. */
export function storableWitnessed(it: Witnessed): Witnessed {
  const deep = <T>(value: T): T => {
    if (typeof value === 'string') return storable(value) as T;
    if (Array.isArray(value)) return value.map(deep) as T;
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, deep(v)])) as T;
    return value;
  };
  return deep(it);
}
