import { randomBytes } from 'node:crypto';
import { clipped, type Interaction } from '../interaction.ts';
import type { Call, Place, Refused } from './judge.ts';
import { isJson } from './message.ts';

const RUN = randomBytes(6).toString('hex');
let counter = 0;
const MOST_ARGUMENTS = 64 * 1024;
const MOST_RESULT = 64 * 1024;

/** How a call that was made ended. */
export interface Ended {
  /** The JSON-RPC answer; absent: there was none. */
  readonly answer?: unknown;
  readonly error?: string;
}

export interface CallRecord {
  /** The proxy that writes it down. */
  readonly instance: string;
  readonly place: Place;
  readonly call: Call;
  readonly at: string;
  readonly startedAt: number;
  readonly session?: string | undefined;
  readonly traceId?: string | undefined;
  /** Of the tools the server offered before the call. */
  readonly toolsDigest?: string | undefined;
}

/** A text that is cut says how long it was: the size of a result is part of the record. */
function sized(text: string): string {
  if (text.length <= MOST_RESULT) return text;
  return `${text.slice(0, MOST_RESULT - 80)}… [cut by the proxy: ${Buffer.byteLength(text)} bytes]`;
}

function errorIn(answer: unknown): string | undefined {
  if (!isJson(answer)) return undefined;
  if (isJson(answer.error)) return `${String(answer.error.code)}: ${String(answer.error.message)}`;
  if (!isJson(answer.result) || answer.result.isError !== true) return undefined;
  const [first] = Array.isArray(answer.result.content) ? answer.result.content : [];
  return isJson(first) && typeof first.text === 'string' ? first.text : 'the tool reported an error';
}

/** One call as `POST /api/v1/interactions` takes it: made, refused, or stopped while it ran. */
export function interactionOf(
  record: CallRecord,
  outcome: { readonly refused?: Refused; readonly ended?: Ended },
): Interaction {
  const { place, call, session, traceId, toolsDigest } = record;
  const { refused, ended } = outcome;
  counter += 1;
  const id = `mcp-${RUN}-${counter}`;
  const result =
    isJson(ended?.answer) && ended.answer.result !== undefined ? JSON.stringify(ended.answer.result) : undefined;
  const error =
    refused !== undefined && refused.verdict.hold === undefined
      ? `not permitted (${refused.rule}): ${refused.message}`
      : (ended?.error ?? errorIn(ended?.answer));
  const given = call.arguments === undefined ? undefined : JSON.stringify(call.arguments);
  const word = (text: string) => text.slice(0, 256);
  return {
    id,
    system: place.system,
    at: record.at,
    source: 'gateway',
    instance: word(record.instance),
    versions: toolsDigest === undefined ? {} : { toolsDigest },
    provider: word(`mcp:${place.server}`),
    ...(place.agent === undefined ? {} : { agent: word(place.agent) }),
    ...(session === undefined ? {} : { session: word(session) }),
    ...(place.feature === undefined ? {} : { feature: word(place.feature) }),
    ...(place.subject === undefined ? {} : { subject: word(place.subject) }),
    ...(traceId === undefined ? {} : { traceId }),
    toolCalls: [
      {
        id,
        name: call.tool.trim() === '' ? '(no name)' : word(call.tool.trim()),
        ...(given === undefined ? {} : { arguments: clipped(given, MOST_ARGUMENTS) }),
        ...(result === undefined ? {} : { result: sized(result) }),
      },
    ],
    latencyMs: Math.round((performance.now() - record.startedAt) * 10) / 10,
    ...(error === undefined ? {} : { error: clipped(error, 2_000) }),
    verdict: {
      action: refused === undefined ? 'allow' : 'deny',
      ...(refused?.verdict.hold === undefined ? {} : { hold: refused.verdict.hold }),
    },
  };
}
