import {
  type Actor,
  type Decision,
  type Fact,
  type Instant,
  ofTypes,
  type Recorded,
  refuse,
} from '../../kernel/index.ts';
import type { Message, ToolCall } from '../signals/index.ts';
import type { TargetId } from './ids.ts';
import type { Answer } from './judge.ts';

/** Whose wire format it speaks; `http`: any JSON, by a template and a path. */
export const TARGET_KINDS = ['openai', 'anthropic', 'http'] as const;
export type TargetKind = (typeof TARGET_KINDS)[number];

export interface TargetDescription {
  readonly name: string;
  readonly kind: TargetKind;
  /** Base address such as `https://api.openai.com/v1`, or for `http` the whole address. */
  readonly address: string;
  readonly system: string;
  /** Name of the deployment behind it, whose versions are under test; empty: whatever was deployed last. */
  readonly deployment: string;
  /** The model asked for; empty for `http`. */
  readonly model: string;
  /** System prompt sent along, where the address is a bare model; empty: none, as for an application. */
  readonly instructions: string;
  /** Body for `http`, JSON with `{{question}}`, `{{messages}}` and `{{instructions}}` in it. */
  readonly template: string;
  /** JSONata expression for the answer in what `http` returns. */
  readonly answerPath: string;
  /** Header the secret goes into for `http`; empty: `authorization: Bearer …`. */
  readonly secretHeader: string;
  readonly timeoutMs: number;
  /** Questions under way at the same time. */
  readonly atOnce: number;
  /** Requests one run may send, and all runs of a day (UTC) together. */
  readonly perRun: number;
  readonly perDay: number;
}

export type TargetFact =
  | Fact<'target.added', { readonly target: TargetId; readonly secret: boolean } & TargetDescription>
  | Fact<'target.described', { readonly secret: boolean } & TargetDescription>
  | Fact<'target.removed', { readonly reason: string }>;
export const TARGET_FACTS = ['target.added', 'target.described', 'target.removed'] as const;

export interface Target extends TargetDescription {
  readonly id: TargetId;
  /** Whether a secret is kept for it. The secret itself is no fact. */
  readonly secret: boolean;
  readonly changedAt: Instant;
  readonly changedBy: Actor;
  readonly removed: string | null;
}

export function foldTarget(facts: readonly Recorded[]): Target | null {
  return ofTypes<TargetFact>(facts, TARGET_FACTS).reduce<Target | null>((held, fact) => {
    const { at, by } = fact;
    if (fact.type === 'target.added') {
      const { target: id, ...said } = fact.data;
      return { id, ...said, changedAt: at, changedBy: by, removed: null };
    }
    if (held === null) return null;
    if (fact.type === 'target.described') return { ...held, ...fact.data, changedAt: at, changedBy: by };
    return { ...held, removed: fact.data.reason };
  }, null);
}

export const TARGET_LIMITS = {
  targets: 50,
  leastTimeoutMs: 1_000,
  mostTimeoutMs: 20_000,
  atOnce: 4,
  perRun: 5_000,
  perDay: 100_000,
} as const;

const STAND_IN = { question: 'Hello', messages: [], instructions: '' };
const PLACE = /"\{\{(messages)\}\}"|\{\{(question|instructions|messages)\}\}/g;

/** A template with its places filled: texts are escaped as JSON wants them, `"{{messages}}"` becomes a list. */
function fillTemplate(
  template: string,
  given: { readonly question: string; readonly instructions: string; readonly messages: readonly Message[] },
): string {
  return template.replace(PLACE, (_whole, list: string | undefined, word: string | undefined) => {
    if (list !== undefined || word === 'messages') return JSON.stringify(given.messages);
    return JSON.stringify(word === 'instructions' ? given.instructions : given.question).slice(1, -1);
  });
}

/** What keeps a target from being asked at all. */
export function targetFault(it: TargetDescription) {
  if (!/^https?:\/\/[^\s/@]+(?:\/\S*)?$/i.test(it.address))
    return refuse(
      'target.bad-address',
      'The address must begin with http:// or https://, and hold no blank and no password.',
      '/address',
    );
  if (it.kind !== 'http') {
    if (it.model === '') return refuse('target.bad-address', 'Say which model is asked for.', '/model');
    return null;
  }
  if (!/\{\{(?:question|messages)\}\}/.test(it.template))
    return refuse(
      'target.bad-template',
      'The template needs {{question}} or {{messages}} where the question goes.',
      '/template',
    );
  try {
    JSON.parse(fillTemplate(it.template, STAND_IN));
  } catch {
    return refuse(
      'target.bad-template',
      'The template is not JSON once its places are filled. Write {"input": "{{question}}"}, or {"messages": {{messages}}}.',
      '/template',
    );
  }
  if (it.answerPath.trim() === '')
    return refuse('target.bad-template', 'Say where the answer stands, for example reply.text.', '/answerPath');
  return null;
}

const unknown = () => refuse('target.unknown', 'There is no such target. List the targets to see the ones there are.');

export function addTarget(
  state: Target | null,
  want: { readonly target: TargetId; readonly secret: boolean } & TargetDescription,
  beside: number,
): Decision<TargetFact> {
  if (state !== null) return [];
  if (beside >= TARGET_LIMITS.targets)
    return refuse('target.too-many', `There are ${TARGET_LIMITS.targets} targets already. Remove one first.`);
  return targetFault(want) ?? [{ type: 'target.added', data: want }];
}
export function describeTarget(
  state: Target | null,
  want: { readonly secret: boolean } & TargetDescription,
): Decision<TargetFact> {
  if (state === null || state.removed !== null) return unknown();
  return targetFault(want) ?? [{ type: 'target.described', data: want }];
}
/** `users`: suites that ask it still. */
export function removeTarget(
  state: Target | null,
  want: { readonly reason: string },
  users: number,
): Decision<TargetFact> {
  if (state === null) return unknown();
  if (state.removed !== null) return [];
  if (users > 0)
    return refuse(
      'target.in-use',
      `${users} ${users === 1 ? 'suite asks' : 'suites ask'} it. Point them elsewhere first.`,
    );
  return [{ type: 'target.removed', data: want }];
}

/** One request, without the header of the secret's name where there is none. */
export interface TargetRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const joined = (base: string, end: string): string => {
  const bare = base.replace(/\/+$/, '');
  return bare.endsWith(end) ? bare : `${bare}${end}`;
};

/** The request a question becomes. `fill` puts planted words into instructions. */
export function requestTo(
  it: TargetDescription,
  messages: readonly Message[],
  secret: string | null,
  fill: (text: string) => string = (text) => text,
): TargetRequest {
  const instructions = fill(it.instructions);
  const own = instructions === '' ? [] : [{ role: 'system', content: instructions }];
  if (it.kind === 'openai')
    return {
      url: joined(it.address, '/chat/completions'),
      headers: secret === null ? {} : { authorization: `Bearer ${secret}` },
      body: JSON.stringify({ model: it.model, messages: [...own, ...messages], temperature: 0 }),
    };
  if (it.kind === 'anthropic') {
    const system = [...own, ...messages.filter(({ role }) => role === 'system')]
      .map(({ content }) => content)
      .join('\n\n');
    return {
      url: joined(it.address, '/messages'),
      headers: { 'anthropic-version': '2023-06-01', ...(secret !== null && { 'x-api-key': secret }) },
      body: JSON.stringify({
        model: it.model,
        max_tokens: 2_048,
        ...(system !== '' && { system }),
        messages: messages.filter(({ role }) => role !== 'system'),
      }),
    };
  }
  const question = messages.findLast(({ role }) => role === 'user')?.content ?? '';
  const header = it.secretHeader.trim().toLowerCase();
  return {
    url: it.address,
    headers:
      secret === null
        ? {}
        : header === '' || header === 'authorization'
          ? { authorization: `Bearer ${secret}` }
          : { [header]: secret },
    body: fillTemplate(it.template, { question, instructions, messages }),
  };
}

type Members = Readonly<Record<string, unknown>>;
const isMembers = (it: unknown): it is Members => typeof it === 'object' && it !== null && !Array.isArray(it);
const textOf = (content: unknown): string => {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content.map((part) => (isMembers(part) && typeof part.text === 'string' ? part.text : '')).join('');
};
const word = (it: unknown): string | null => (typeof it === 'string' && it !== '' ? it.slice(0, 256) : null);

function openaiCall(it: unknown): ToolCall[] {
  const made = isMembers(it) && isMembers(it.function) ? it.function : null;
  const name = word(made?.name);
  if (made === null || name === null) return [];
  return [
    {
      id: word((it as Members).id),
      name,
      arguments: typeof made.arguments === 'string' ? made.arguments : null,
      result: null,
    },
  ];
}

/** The answer in what `openai` or `anthropic` returned, or a sentence why there is none. */
export function readAnswer(kind: Exclude<TargetKind, 'http'>, json: unknown): Answer | { readonly unreadable: string } {
  if (!isMembers(json)) return { unreadable: 'The target answers something that is no JSON object.' };
  if (isMembers(json.error))
    return {
      unreadable: `The target answers an error: ${textOf(json.error.message).slice(0, 200) || 'without words'}.`,
    };
  const model = word(json.model);
  if (kind === 'openai') {
    const first: unknown = Array.isArray(json.choices) ? json.choices[0] : undefined;
    const message = isMembers(first) && isMembers(first.message) ? first.message : null;
    if (message === null) return { unreadable: 'The target answers no choices: it may not speak the OpenAI format.' };
    const calls = Array.isArray(message.tool_calls) ? message.tool_calls.slice(0, 50) : [];
    return { text: textOf(message.content) || textOf(message.refusal), toolCalls: calls.flatMap(openaiCall), model };
  }
  if (!Array.isArray(json.content))
    return { unreadable: 'The target answers no content: it may not speak the Anthropic format.' };
  const toolCalls = json.content.slice(0, 200).flatMap((part): ToolCall[] => {
    const name = isMembers(part) && part.type === 'tool_use' ? word(part.name) : null;
    if (name === null) return [];
    const { id, input } = part as Members;
    return [{ id: word(id), name, arguments: JSON.stringify(input ?? null), result: null }];
  });
  return { text: textOf(json.content), toolCalls, model };
}
