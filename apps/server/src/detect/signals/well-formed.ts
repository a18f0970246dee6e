import { BOUNDS, timeGiven } from '@firebreak/contract/detect/signals';
import {
  type Message,
  type Passage,
  SOURCES,
  type Source,
  type ToolCall,
  VERDICT_ACTIONS,
  type VerdictAction,
  type Witnessed,
} from '@firebreak/core/detect/signals';
import type { Instant } from '@firebreak/core/kernel';
import { storable, timeOf } from './given.ts';

/** Says that the schema has to look: the value is wrong, or right in a way that is rare. */
const UNUSUAL = Symbol('unusual');
type Usual<T> = T | typeof UNUSUAL;
type Members = Readonly<Record<string, unknown>>;

const SYSTEM = /^[a-z0-9][a-z0-9._-]{0,63}$/;
const COUNTRY = /^[A-Za-z]{2}$/;
const TRACE = /^[0-9a-fA-F]{32}$/;
const SPAN = /^[0-9a-fA-F]{16}$/;
const MOST_TOKENS = 1e12;
const DEEPEST = 1_000;
const LONGEST_MS = 86_400_000;
const TITLE = 500;
const ERROR = 4_000;
const ROLE = 64;
const ACTIONS: readonly unknown[] = VERDICT_ACTIONS;
const KNOWN_SOURCES: readonly unknown[] = SOURCES;

const isMembers = (it: unknown): it is Members => typeof it === 'object' && it !== null && !Array.isArray(it);

/** Reads with `keep` applied to every text. */
function reader(keep: (text: string) => string) {
  function textUpTo(it: unknown, most: number): Usual<string | null> {
    if (it === undefined || it === null) return null;
    return typeof it === 'string' && it.length <= most ? keep(it) : UNUSUAL;
  }

  function wordUpTo(it: unknown, most: number): Usual<string | null> {
    if (it === undefined || it === null) return null;
    if (typeof it !== 'string' || it.length === 0 || it.length > most || it.trim().length !== it.length) return UNUSUAL;
    return keep(it);
  }

  const word = (it: unknown): Usual<string | null> => wordUpTo(it, BOUNDS.word);

  function matching(it: unknown, pattern: RegExp): Usual<string | null> {
    if (it === undefined || it === null) return null;
    return typeof it === 'string' && pattern.test(it) ? it : UNUSUAL;
  }

  function numberUpTo(it: unknown, most: number): Usual<number | null> {
    if (it === undefined || it === null) return null;
    return typeof it === 'number' && it >= 0 && it <= most ? it : UNUSUAL;
  }

  function countOf(it: unknown): Usual<number | null> {
    const read = numberUpTo(it, MOST_TOKENS);
    return typeof read === 'number' && !Number.isInteger(read) ? UNUSUAL : read;
  }

  function membersOf(it: unknown): Usual<Members | null> {
    if (it === undefined || it === null) return null;
    return isMembers(it) ? it : UNUSUAL;
  }

  function listOf<T>(it: unknown, most: number, read: (member: Members) => Usual<T>): Usual<T[] | null> {
    if (it === undefined || it === null) return null;
    if (!Array.isArray(it) || it.length > most) return UNUSUAL;
    const list: T[] = [];
    for (const member of it) {
      const one = isMembers(member) ? read(member) : UNUSUAL;
      if (one === UNUSUAL) return UNUSUAL;
      list.push(one);
    }
    return list;
  }

  function messageOf(it: Members): Usual<Message> {
    const role = wordUpTo(it.role, ROLE);
    const content = it.content === undefined ? UNUSUAL : textUpTo(it.content, BOUNDS.text);
    return role === UNUSUAL || role === null || content === UNUSUAL ? UNUSUAL : { role, content: content ?? '' };
  }

  function messagesOf(it: unknown): Usual<Message[] | null> {
    if (typeof it !== 'string') return listOf(it, BOUNDS.messages, messageOf);
    return it.length <= BOUNDS.text ? [{ role: 'user', content: keep(it) }] : UNUSUAL;
  }

  function passageOf(it: Members): Usual<Passage> {
    const id = word(it.id);
    const title = textUpTo(it.title, TITLE);
    const text = textUpTo(it.text, BOUNDS.text);
    return id === UNUSUAL || title === UNUSUAL || text === UNUSUAL || text === null ? UNUSUAL : { id, title, text };
  }

  function toolCallOf(it: Members): Usual<ToolCall> {
    const id = word(it.id);
    const name = word(it.name);
    const args = textUpTo(it.arguments, BOUNDS.text);
    const result = textUpTo(it.result, BOUNDS.text);
    if (id === UNUSUAL || name === UNUSUAL || name === null || args === UNUSUAL || result === UNUSUAL) return UNUSUAL;
    return { id, name, arguments: args, result };
  }

  function wellFormed(it: unknown, now: Instant): Witnessed | null {
    if (!isMembers(it) || typeof it.system !== 'string' || !SYSTEM.test(it.system)) return null;
    const versions = membersOf(it.versions);
    const tokens = membersOf(it.tokens);
    const verdict = membersOf(it.verdict);
    if (versions === UNUSUAL || tokens === UNUSUAL || verdict === UNUSUAL) return null;
    if (it.at !== undefined && it.at !== null && !timeGiven.safeParse(it.at).success) return null;
    if (verdict !== null && !ACTIONS.includes(verdict.action)) return null;
    if (it.evaluations !== undefined && it.evaluations !== null) return null;
    if (it.source !== undefined && it.source !== null && !KNOWN_SOURCES.includes(it.source)) return null;

    const agent = word(it.agent);
    const depth = countOf(it.depth);
    const instance = word(it.instance);
    if (agent === UNUSUAL || depth === UNUSUAL || instance === UNUSUAL) return null;
    if (depth !== null && depth > DEEPEST) return null;
    const givenId = word(it.id);
    const feature = word(it.feature);
    const deployment = word(it.deployment);
    const model = word(versions?.model);
    const modelAsked = word(versions?.modelAsked);
    const prompt = word(versions?.prompt);
    const index = word(versions?.index);
    const tools = word(versions?.tools);
    const fingerprint = word(versions?.fingerprint);
    const toolsDigest = word(versions?.toolsDigest);
    if (givenId === UNUSUAL || feature === UNUSUAL || deployment === UNUSUAL) return null;
    if (model === UNUSUAL || modelAsked === UNUSUAL || prompt === UNUSUAL || index === UNUSUAL || tools === UNUSUAL)
      return null;
    if (fingerprint === UNUSUAL || toolsDigest === UNUSUAL) return null;

    const provider = word(it.provider);
    const session = word(it.session);
    const subject = word(it.subject);
    const responseId = word(it.responseId);
    if (provider === UNUSUAL || session === UNUSUAL || subject === UNUSUAL || responseId === UNUSUAL) return null;

    const country = matching(it.country, COUNTRY);
    const traceId = matching(it.traceId, TRACE);
    const spanId = matching(it.spanId, SPAN);
    if (country === UNUSUAL || traceId === UNUSUAL || spanId === UNUSUAL) return null;

    const input = messagesOf(it.input);
    const output = textUpTo(it.output, BOUNDS.text);
    const retrieved = listOf(it.retrieved, BOUNDS.passages, passageOf);
    const toolCalls = listOf(it.toolCalls, BOUNDS.toolCalls, toolCallOf);
    if (input === UNUSUAL || output === UNUSUAL || retrieved === UNUSUAL || toolCalls === UNUSUAL) return null;

    const tokensIn = countOf(tokens?.input);
    const tokensOut = countOf(tokens?.output);
    const latencyMs = numberUpTo(it.latencyMs, LONGEST_MS);
    const error = textUpTo(it.error, ERROR);
    const hold = word(verdict?.hold);
    if (tokensIn === UNUSUAL || tokensOut === UNUSUAL || latencyMs === UNUSUAL || error === UNUSUAL || hold === UNUSUAL)
      return null;

    return {
      ...(agent === null ? {} : { agent }),
      ...(depth === null ? {} : { depth }),
      ...(instance === null ? {} : { instances: [instance] }),
      givenId,
      system: it.system,
      at: timeOf(it.at as string | null | undefined, now),
      feature,
      deployment,
      versions: {
        model,
        modelAsked,
        prompt,
        index,
        tools,
        ...(fingerprint === null ? {} : { fingerprint }),
        ...(toolsDigest === null ? {} : { toolsDigest }),
      },
      provider,
      session,
      subject,
      country: country?.toUpperCase() ?? null,
      traceId: traceId?.toLowerCase() ?? null,
      spanId: spanId?.toLowerCase() ?? null,
      responseId,
      input,
      output,
      retrieved,
      toolCalls,
      tokens: { input: tokensIn, output: tokensOut },
      latencyMs,
      error,
      verdict: verdict === null ? null : { action: verdict.action as VerdictAction, hold },
      sources: [(it.source ?? 'api') as Source],
    };
  }

  return wellFormed;
}

/**
 * An interaction as sent, read without the schema: several times faster, and the same to the letter wherever it answers.
 * `null`: the schema has to look, be it to accept a rare form or to say what is wrong.
 */
export const wellFormed = reader(storable);

/** The same for what came in a body without `\u`: none of its texts holds what the database does not store. */
export const wellFormedUnescaped = reader((text) => text);
