import { timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { Verdict } from '@firebreak/core/respond/containment';
import type { Question } from '@firebreak/guard';
import { AWAITS_REVIEW, askingFrom, callsIn, putIn, refusalOf, SYSTEM_HEADER, wordsOf } from '@firebreak/guard/calls';
import { hashOf } from './clients.ts';
import type { House } from './house.ts';
import { word } from './interaction.ts';
import type { Adapter, AdapterName } from './options.ts';
import { sendProblem } from './problem.ts';

type Json = Readonly<Record<string, unknown>>;
type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const isRecord = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const textIn = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** Doors at which gateways of others ask before they act. Undefined: it is none of these addresses, or not configured. */
export function adapterAt(url: string, house: House): Answer | undefined {
  const path = url.split('?', 1)[0]!;
  const name: AdapterName | undefined =
    path === '/beta/litellm_basic_guardrail_api'
      ? 'litellm'
      : path === '/portkey/guardrail'
        ? 'portkey'
        : path === '/ext-authz' || path.startsWith('/ext-authz/')
          ? 'envoy'
          : undefined;
  const adapter = name === undefined ? undefined : house.adapters[name];
  if (name === undefined || adapter === undefined) return undefined;
  return (request, response) => {
    const shown =
      textIn(request.headers['x-firebreak-key']) ?? bearerIn(request.headers) ?? textIn(request.headers['x-api-key']);
    if (shown === undefined || !same(shown, adapter.secret)) {
      request.resume();
      const why = `Send the secret of the adapter ${name}: Authorization: Bearer …, or x-firebreak-key.`;
      sendProblem(response, 'gateway.key-refused', why);
      return;
    }
    collect(request, house.limits.bodyBytes, (body) => {
      if (body === undefined)
        return sendProblem(response, 'gateway.too-large', `The body may hold ${house.limits.bodyBytes} bytes.`);
      if (name === 'envoy') return envoy(house, adapter, request, response, body);
      let value: unknown;
      try {
        value = JSON.parse(body.toString());
      } catch {
        value = undefined;
      }
      if (!isRecord(value)) return sendProblem(response, 'gateway.unreadable', 'Send a JSON object.');
      const answer =
        name === 'litellm' ? litellm(house, adapter, request, value) : portkey(house, adapter, request, value);
      if (answer === undefined) return unnamed(response);
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer));
    });
  };
}

function unnamed(response: ServerResponse): void {
  sendProblem(
    response,
    'gateway.system-missing',
    `Give the adapter a system in the gateway’s configuration, or say it: ${SYSTEM_HEADER}: support-bot`,
  );
}

function bearerIn({ authorization }: IncomingHttpHeaders): string | undefined {
  const match = /^Bearer +(\S+)$/i.exec(authorization ?? '');
  return match?.[1];
}

const same = (shown: string, secret: string): boolean =>
  timingSafeEqual(Buffer.from(hashOf(shown)), Buffer.from(hashOf(secret)));

function collect(request: IncomingMessage, most: number, then: (body: Buffer | undefined) => void): void {
  const chunks: Buffer[] = [];
  let size = 0;
  request.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= most) chunks.push(chunk);
  });
  request.once('end', () => then(size <= most ? Buffer.concat(chunks) : undefined));
}

/** What the adapter’s own setting says about a request, else its headers, else its parameters: what is set nobody overrides. */
function questionOf(
  adapter: Adapter,
  headers: IncomingHttpHeaders,
  said: Json,
): { -readonly [K in keyof Question]: Question[K] } | undefined {
  const from = (name: string) => textIn(headers[name]) ?? textIn(said[name.replace('x-firebreak-', '')]);
  const system = adapter.system ?? word(from(SYSTEM_HEADER));
  if (system === undefined) return undefined;
  const asking = askingFrom(from);
  return { ...asking, system, feature: adapter.feature ?? asking.feature };
}

/** Whether it may run here: what has to be changed (a model, settings) nobody changes at this door, so it may not. */
function judged(house: House, question: Question): { readonly verdict: Verdict; readonly why: string } | undefined {
  const verdict = question.direction === 'output' ? house.guard.check(question) : house.guard.admit(question);
  const { action, message = 'This function is paused at the moment.' } = verdict;
  if (action === 'deny') return { verdict, why: message };
  if (question.direction === 'output') return undefined;
  if (action === 'review') return { verdict, why: AWAITS_REVIEW };
  if (verdict.to !== undefined || verdict.settings !== undefined)
    return {
      verdict,
      why: `${message} (${verdict.hold} orders it served differently, which this gateway cannot do for another.)`,
    };
  return undefined;
}

/** LiteLLM's Generic Guardrail API: https://docs.litellm.ai/docs/adding_provider/generic_guardrail_api */
function litellm(house: House, adapter: Adapter, request: IncomingMessage, body: Json): Json | undefined {
  const said = isRecord(body.additional_provider_specific_params) ? body.additional_provider_specific_params : {};
  const question = questionOf(adapter, request.headers, said);
  if (question === undefined) return undefined;
  const data = isRecord(body.request_data) ? body.request_data : {};
  const output = body.input_type === 'response';
  question.model ??= textIn(body.model);
  question.subject ??= word(data.user_api_key_end_user_id) ?? word(data.user_api_key_user_id);
  question.credential ??= word(data.user_api_key_alias);
  question.text = list(body.texts)
    .filter((each): each is string => typeof each === 'string')
    .join('\n');
  let calls: readonly string[] = [];
  if (output) {
    question.direction = 'output';
    calls = callsIn({ choices: [{ message: body }] });
  } else {
    // `texts` holds the system prompt and earlier answers too, which nobody put in; the messages say whose each is.
    const { text, attachments = 0 } = putIn({ messages: body.structured_messages });
    question.text = text || question.text;
    question.attachments = Math.max(attachments, list(body.images).length);
  }
  const denied = judged(house, question) ?? callsDenied(house, question, calls);
  return denied === undefined ? { action: 'NONE' } : { action: 'BLOCKED', blocked_reason: denied.why };
}

/** A call in an answer that may not be made, or only once a person agreed. */
function callsDenied(house: House, question: Question, calls: readonly string[]) {
  for (const tool of calls) {
    const denied = judged(house, { ...question, text: undefined, direction: undefined, tool });
    if (denied !== undefined) return denied;
  }
  return undefined;
}

/** Portkey's webhook guardrail: https://portkey.ai/docs/integrations/guardrails/bring-your-own-guardrails */
function portkey(house: House, adapter: Adapter, request: IncomingMessage, body: Json): Json | undefined {
  const question = questionOf(adapter, request.headers, isRecord(body.metadata) ? body.metadata : {});
  if (question === undefined) return undefined;
  const asked = isRecord(body.request) ? body.request : {};
  const answered = isRecord(body.response) ? body.response : {};
  const sent = isRecord(asked.json) ? asked.json : {};
  const output = body.eventType === 'afterRequestHook';
  question.model ??= word(sent.model);
  question.provider ??= word(body.provider);
  if (output) {
    question.direction = 'output';
    question.text = (isRecord(answered.json) ? wordsOf(answered.json) : '') || textIn(answered.text);
  } else {
    Object.assign(question, putIn(sent));
    question.text ??= textIn(asked.text);
  }
  const denied = judged(house, question) ?? callsDenied(house, question, output ? callsIn(answered.json) : []);
  if (denied === undefined) return { verdict: true };
  const { verdict, why } = denied;
  return {
    verdict: false,
    data: { reason: why, hold: verdict.hold, incident: verdict.incident, epoch: verdict.epoch },
  };
}

/**
 * Envoy's ext_authz filter with an HTTP service: 200 lets it pass, anything else is said to the client as it stands.
 * https://www.envoyproxy.io/docs/envoy/latest/api-v3/extensions/filters/http/ext_authz/v3/ext_authz.proto
 */
function envoy(house: House, adapter: Adapter, request: IncomingMessage, response: ServerResponse, body: Buffer) {
  const question = questionOf(adapter, request.headers, {});
  if (question === undefined) return unnamed(response);
  // What is cut off (`allow_partial_message`) is no JSON, and is judged as the words it is.
  if (body.length > 0) {
    const text = body.toString();
    try {
      const value: unknown = JSON.parse(text);
      if (isRecord(value)) {
        question.model ??= word(value.model);
        Object.assign(question, putIn(value));
      } else question.text = text;
    } catch {
      question.text = text;
    }
  }
  const denied = judged(house, question);
  if (denied === undefined) {
    response.writeHead(200, { 'content-length': 0 }).end();
    return;
  }
  const parts = refusalOf(denied.verdict, denied.why);
  response.writeHead(parts.status, { ...parts.headers, 'content-length': Buffer.byteLength(parts.body) });
  response.end(parts.body);
}
