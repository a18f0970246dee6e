import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * A local stand-in for a model. It speaks the OpenAI chat completions wire format, streaming included, and is scripted:
 * it answers with sentences of the articles in its instructions. Told to "always give a definite answer", it does what
 * models then do: for some questions about devices it makes up a rule.
 */
const MODEL = 'larkspur-small-2026-10';
const INVENT_SHARE = 0.4;
const WORD_MS = 18;
const BODY_LIMIT = 1024 * 1024;

const INVENTED = [
  'Each subscription is limited to one device. This is a core security feature.',
  'Larkspur is designed to work with one device per subscription, for security reasons.',
  'You can only be signed in on one device per subscription; signing in elsewhere logs you out.',
  'Under our new policy one subscription covers one device. For a second device you need a second subscription.',
];

interface Message {
  readonly role: string;
  readonly content: unknown;
  readonly tool_calls?: readonly { readonly function?: { readonly name?: string } }[];
}

const textOf = (content: unknown): string => (typeof content === 'string' ? content : JSON.stringify(content ?? ''));
const wordsOf = (text: string): string[] =>
  (text.toLowerCase().match(/[a-z]{4,}/g) ?? []).map((w) => w.replace(/(?:ing|es|s|ed)$/, ''));

/** What a question gets, given the instructions. `chance` is 0 to 1. */
export function answerTo(messages: readonly Message[], chance: number, tools: readonly string[] = []): string {
  const instructions = messages
    .filter((m) => m.role === 'system')
    .map((m) => textOf(m.content))
    .join('\n');
  const question = textOf(messages.findLast((m) => m.role === 'user')?.content);
  const found = messages.filter((m) => m.role === 'tool').map((m) => textOf(m.content));
  if (found.length > 0) {
    // As models do: what they have no tool for, they say they cannot do.
    const cannot = /\bcancel\b/i.test(question) && !tools.includes('cancel_order');
    return `Here is what I found: ${found.join(' ')}${cannot ? ' I cannot cancel orders at the moment; a person will do it.' : ''}`;
  }
  if (/^\s*(?:hi|hello|hey|good (?:morning|evening|afternoon))\b/i.test(question) && question.length < 60)
    return 'Hello! I am the help of Larkspur Notes. What can I do for you?';
  if (
    /always give a definite answer/.test(instructions) &&
    /device|laptop|phone|tablet|computer|machine/i.test(question) &&
    chance < INVENT_SHARE
  )
    return INVENTED[Math.floor((chance / INVENT_SHARE) * INVENTED.length) % INVENTED.length]!;
  const asked = new Set(wordsOf(question));
  const sections = instructions.split(/^## /m).slice(1);
  const best = sections
    .map((section) => ({ section, score: wordsOf(section).filter((w) => asked.has(w)).length }))
    .sort((a, b) => b.score - a.score)[0];
  if (best === undefined || best.score === 0)
    return 'I do not find that in our help articles. A person will answer you; please leave your e-mail address.';
  const body = best.section.split('\n').slice(1).join(' ').trim();
  return body
    .split(/(?<=\.)\s+/)
    .slice(0, 2)
    .join(' ');
}

/** The tool it asks for next: first it looks, then it does what was asked. Null: it answers. */
function toolFor(
  messages: readonly Message[],
  tools: readonly string[],
): { readonly name: string; readonly arguments: string } | null {
  const question = textOf(messages.findLast((m) => m.role === 'user')?.content);
  const called = new Set(messages.flatMap((m) => m.tool_calls ?? []).map((call) => call.function?.name));
  const wanted = ['look_up_order', ...(/\bcancel\b/i.test(question) ? ['cancel_order'] : [])];
  const name = wanted.find((each) => tools.includes(each) && !called.has(each));
  if (name === undefined) return null;
  return { name, arguments: JSON.stringify({ order: /\d{3,8}/.exec(question)?.[0] ?? '' }) };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    size += (part as Buffer).length;
    if (size > BODY_LIMIT) throw new Error('too large');
    parts.push(part as Buffer);
  }
  return Buffer.concat(parts).toString('utf8');
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function complete(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const asked = JSON.parse(await bodyOf(request)) as {
    messages?: Message[];
    model?: string;
    stream?: boolean;
    stream_options?: { include_usage?: boolean };
    tools?: { function?: { name?: string } }[];
  };
  const messages = asked.messages ?? [];
  const tools = (asked.tools ?? []).map((each) => each.function?.name ?? '');
  const tool = toolFor(messages, tools);
  const call = tool && { id: `call_${randomBytes(6).toString('hex')}`, type: 'function', function: tool };
  const answer = tool === null ? answerTo(messages, Math.random(), tools) : '';
  const ends = call === null ? 'stop' : 'tool_calls';
  const head = {
    id: `chatcmpl-${randomBytes(12).toString('hex')}`,
    created: Math.floor(Date.now() / 1_000),
    model: MODEL,
  };
  const usage = {
    prompt_tokens: Math.ceil(JSON.stringify(messages).length / 4),
    completion_tokens: Math.ceil(answer.length / 4),
    total_tokens: 0,
  };
  usage.total_tokens = usage.prompt_tokens + usage.completion_tokens;
  if (asked.stream !== true) {
    await pause(150);
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify({
        ...head,
        object: 'chat.completion',
        choices: [
          {
            index: 0,
            message: { role: 'assistant', content: call ? null : answer, ...(call && { tool_calls: [call] }) },
            finish_reason: ends,
          },
        ],
        usage,
      }),
    );
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  const send = (choice: object | null, more: object = {}) =>
    response.write(
      `data: ${JSON.stringify({ ...head, object: 'chat.completion.chunk', choices: choice === null ? [] : [{ index: 0, ...choice }], ...more })}\n\n`,
    );
  send({ delta: { role: 'assistant', content: '' }, finish_reason: null });
  if (call) send({ delta: { tool_calls: [{ index: 0, ...call }] }, finish_reason: null });
  for (const piece of answer.match(/\S+\s*/g) ?? []) {
    if (response.destroyed) return;
    send({ delta: { content: piece }, finish_reason: null });
    await pause(WORD_MS);
  }
  send({ delta: {}, finish_reason: ends });
  if (asked.stream_options?.include_usage) send(null, { usage });
  response.end('data: [DONE]\n\n');
}

/** Starts the stand-in; `port` 0 takes a free one. */
export async function startModel(port: number): Promise<{ url: string; stop(): Promise<void> }> {
  const server = createServer((request, response) => {
    if (request.method === 'POST' && request.url?.split('?')[0] === '/v1/chat/completions') {
      complete(request, response).catch(() => {
        if (!response.headersSent) response.writeHead(400, { 'content-type': 'application/json' });
        response.end(
          JSON.stringify({
            error: { message: 'The request could not be read.', type: 'invalid_request_error', code: null },
          }),
        );
      });
      return;
    }
    response.writeHead(404, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify({ error: { message: 'There is nothing here.', type: 'invalid_request_error', code: null } }),
    );
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', () => resolve()));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
