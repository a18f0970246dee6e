import type { Id, Instant } from '../../kernel/index.ts';
import { mergedCalls, type ToolCall } from './tool-calls.ts';

export type { ToolCall } from './tool-calls.ts';

export type InteractionId = Id<'int'>;

/** Who told us about an interaction. Several witnesses of one interaction are merged into one record. */
export const SOURCES = ['otlp', 'api', 'gateway'] as const;
export type Source = (typeof SOURCES)[number];

export interface Message {
  /** `system`, `user`, `assistant`, `tool`, or what the sender calls it. */
  readonly role: string;
  readonly content: string;
}

export interface Passage {
  readonly id: string | null;
  readonly title: string | null;
  readonly text: string;
}

export interface Versions {
  /** The model that answered. */
  readonly model: string | null;
  /** The model that was asked for. */
  readonly modelAsked: string | null;
  readonly prompt: string | null;
  readonly index: string | null;
  readonly tools: string | null;
  /** What the supplier calls the build that answered, for example OpenAI's `system_fingerprint`; absent: not captured. */
  readonly fingerprint?: string;
  /** Digest of the definitions of the tools that were offered to the model; absent: not captured. */
  readonly toolsDigest?: string;
}

export interface TokenCount {
  readonly input: number | null;
  readonly output: number | null;
}

/** From the mildest to the strictest; `limit` and `review` let pass what was counted, or what a person allowed. */
export const VERDICT_ACTIONS = ['allow', 'reroute', 'limit', 'review', 'deny'] as const;
export type VerdictAction = (typeof VERDICT_ACTIONS)[number];

/** What the guard or the gateway decided about this interaction. */
export interface AppliedVerdict {
  readonly action: VerdictAction;
  readonly hold: string | null;
}

/**
 * One question to an AI system and its answer. Everywhere `null` reads "not captured", never "none": a list that was
 * captured and had nothing in it is `[]`, a text that was captured and empty is `''`.
 */
export interface Interaction {
  readonly id: InteractionId;
  /** Which agent acted, where a record says so; absent: not captured. Records made before there was this member have none. */
  readonly agent?: string;
  /** How many agents called one another until this was asked; absent: not captured. */
  readonly depth?: number;
  /** Made by a judge to say something of another answer, as its spans tell; absent: not so, or not said. */
  readonly judge?: true;
  /** Through which running processes it went, as the witnesses name themselves, in the order they told of it; absent: not captured. */
  readonly instances?: readonly string[];
  /** The sender's own id. */
  readonly givenId: string | null;
  /** Key of the AI system, for example `support-bot`. */
  readonly system: string;
  /** When it began, by the sender's clock. */
  readonly at: Instant;
  /** When it first reached Firebreak. */
  readonly receivedAt: Instant;
  readonly feature: string | null;
  readonly deployment: string | null;
  readonly versions: Versions;
  readonly provider: string | null;
  readonly session: string | null;
  /** Opaque id of the person served. */
  readonly subject: string | null;
  /** ISO 3166-1 alpha-2, upper case. */
  readonly country: string | null;
  /** 32 hex digits. */
  readonly traceId: string | null;
  /** 16 hex digits. */
  readonly spanId: string | null;
  /** The provider's id of the answer, for example `chatcmpl-…`. */
  readonly responseId: string | null;
  readonly input: readonly Message[] | null;
  readonly output: string | null;
  readonly retrieved: readonly Passage[] | null;
  readonly toolCalls: readonly ToolCall[] | null;
  readonly tokens: TokenCount;
  readonly latencyMs: number | null;
  readonly error: string | null;
  readonly verdict: AppliedVerdict | null;
  readonly sources: readonly Source[];
}

/** An interaction as a witness reports it: no id of ours, no time of receipt yet. */
export type Witnessed = Omit<Interaction, 'id' | 'receivedAt'>;

/** Of one interaction: an application and a few gateways in a row. */
const MOST_INSTANCES = 4;

/**
 * Two reports with the same key tell of one interaction: the provider's answer id, else trace and span, else the
 * sender's own id. `null`: nothing to recognise it by, so every report stands alone.
 */
export function interactionKey(it: Pick<Interaction, 'responseId' | 'traceId' | 'spanId' | 'givenId'>): string | null {
  if (it.responseId !== null) return `r:${it.responseId}`;
  if (it.traceId !== null && it.spanId !== null) return `s:${it.traceId}:${it.spanId}`;
  if (it.givenId !== null) return `g:${it.givenId}`;
  return null;
}

const known = <T>(held: T | null, said: T | null): T | null => (held === null ? said : held);

function toldBy(held: Interaction, said: Witnessed): readonly string[] | undefined {
  if (said.instances === undefined) return held.instances;
  return [...new Set([...(held.instances ?? []), ...said.instances])].slice(0, MOST_INSTANCES);
}

/** Fills what `held` does not know from `said`; what is known is never overwritten. The same object when nothing is new. */
export function fillFrom(held: Interaction, said: Witnessed): Interaction {
  const instances = toldBy(held, said);
  const filled: Interaction = {
    ...held,
    ...(held.agent === undefined && said.agent !== undefined ? { agent: said.agent } : {}),
    ...(held.depth === undefined && said.depth !== undefined ? { depth: said.depth } : {}),
    ...(said.judge === true ? { judge: true } : {}),
    ...(instances === undefined ? {} : { instances }),
    givenId: known(held.givenId, said.givenId),
    feature: known(held.feature, said.feature),
    deployment: known(held.deployment, said.deployment),
    versions: {
      ...held.versions,
      ...(held.versions.fingerprint === undefined && said.versions.fingerprint !== undefined
        ? { fingerprint: said.versions.fingerprint }
        : {}),
      ...(held.versions.toolsDigest === undefined && said.versions.toolsDigest !== undefined
        ? { toolsDigest: said.versions.toolsDigest }
        : {}),
      model: known(held.versions.model, said.versions.model),
      modelAsked: known(held.versions.modelAsked, said.versions.modelAsked),
      prompt: known(held.versions.prompt, said.versions.prompt),
      index: known(held.versions.index, said.versions.index),
      tools: known(held.versions.tools, said.versions.tools),
    },
    provider: known(held.provider, said.provider),
    session: known(held.session, said.session),
    subject: known(held.subject, said.subject),
    country: known(held.country, said.country),
    traceId: known(held.traceId, said.traceId),
    spanId: held.traceId === null ? said.spanId : held.spanId,
    responseId: known(held.responseId, said.responseId),
    input: known(held.input, said.input),
    output: known(held.output, said.output),
    retrieved: known(held.retrieved, said.retrieved),
    toolCalls: mergedCalls(held.toolCalls, said.toolCalls),
    tokens: {
      input: known(held.tokens.input, said.tokens.input),
      output: known(held.tokens.output, said.tokens.output),
    },
    latencyMs: known(held.latencyMs, said.latencyMs),
    error: known(held.error, said.error),
    verdict: known(held.verdict, said.verdict),
    sources: [...new Set([...held.sources, ...said.sources])].sort(),
  };
  return JSON.stringify(filled) === JSON.stringify(held) ? held : filled;
}

/** Members of an interaction that are counted; a second witness may bring them later than the first. */
export const COUNTED = ['latencyMs', 'tokens.input', 'tokens.output', 'output', 'error', 'verdict'] as const;
/**
 * `instances`: one more has told of it, and stands last. `toolCalls`: there are more calls than before; `calls`: more is known
 * of what they were called with, or of what came of it.
 */
export type Counted = (typeof COUNTED)[number] | 'instances' | 'toolCalls' | 'calls';

/** Which of them the held record did not know and the merged one does. */
export function gained(held: Interaction, merged: Interaction): Counted[] {
  const of = (it: Interaction, member: (typeof COUNTED)[number]): unknown =>
    member === 'tokens.input' ? it.tokens.input : member === 'tokens.output' ? it.tokens.output : it[member];
  const members: Counted[] = COUNTED.filter((member) => of(held, member) === null && of(merged, member) !== null);
  if ((merged.instances?.length ?? 0) > (held.instances?.length ?? 0)) members.push('instances');
  if ((merged.toolCalls?.length ?? 0) > (held.toolCalls?.length ?? 0)) members.push('toolCalls');
  const known = (of: Interaction): number =>
    (of.toolCalls ?? []).reduce((n, call) => n + Number(call.arguments !== null) + Number(call.result !== null), 0);
  if (known(merged) > known(held)) members.push('calls');
  return members;
}
