import { fromPieces, guardVerdictOf, wordsOf } from './guard-words.ts';
import { type Answered, isUnreadable, type Opinion, opinionOf, type Unreadable } from './opinion.ts';

/** Wire formats a moderator may speak. */
export const MODERATOR_KINDS = ['openai-moderation', 'llama-guard', 'webhook'] as const;
export type ModeratorKind = (typeof MODERATOR_KINDS)[number];

/** What a moderator is asked about, with secrets already taken out. Null: not captured, or not to be looked at. */
export interface Question {
  readonly id: string;
  readonly system: string;
  readonly input: string | null;
  readonly output: string | null;
}

/** Questions that go into one request. */
export const questionsAtOnce = (kind: ModeratorKind): number => (kind === 'llama-guard' ? 1 : 16);

const textOf = ({ input, output }: Question): string => [input, output].filter((part) => part !== null).join('\n\n');

/** A guard model says a word and some codes; one that thinks first needs room for it. What takes too long ends by its time. */
const MOST_TOKENS = 512;
const CUT_SHORT = `its answer was cut off after ${MOST_TOKENS} tokens, before it said “safe” or “unsafe”`;

/** The body of a request, JSON. `questions` are no more than `questionsAtOnce`, and never empty. */
export function requestOf(kind: ModeratorKind, model: string, questions: readonly Question[]): string {
  if (kind === 'openai-moderation')
    return JSON.stringify({ ...(model !== '' && { model }), input: questions.map(textOf) });
  if (kind === 'llama-guard') {
    const { input, output } = questions[0]!;
    return JSON.stringify({
      ...(model !== '' && { model }),
      messages: [
        // Llama Guard judges the last turn of a conversation: an answer alone needs a turn before it.
        ...(input === null && output === null ? [] : [{ role: 'user', content: input ?? '' }]),
        ...(output === null ? [] : [{ role: 'assistant', content: output }]),
      ],
      temperature: 0,
      max_tokens: MOST_TOKENS,
    });
  }
  return JSON.stringify({ version: 1, ...(model !== '' && { model }), items: questions });
}

const isRecord = (it: unknown): it is Record<string, unknown> =>
  typeof it === 'object' && it !== null && !Array.isArray(it);
const score = (it: unknown): number | null =>
  typeof it === 'number' && Number.isFinite(it) ? Math.min(1, Math.max(0, it)) : null;
const textIn = (it: unknown): string | null => (typeof it === 'string' ? it : null);

/** Whether a result is flagged: as it says, or, where it only says which categories apply, whether any does. Null: neither. */
function flaggedIn(it: Record<string, unknown>): boolean | null {
  if (typeof it.flagged === 'boolean') return it.flagged;
  const verdicts = isRecord(it.categories) ? Object.values(it.categories) : [];
  return verdicts.length > 0 && verdicts.every((each) => typeof each === 'boolean') ? verdicts.includes(true) : null;
}

function moderationOf(it: unknown): Opinion | Unreadable {
  const flagged = isRecord(it) ? flaggedIn(it) : null;
  if (!isRecord(it) || flagged === null) return { unreadable: 'a result without “flagged”' };
  const scores = isRecord(it.category_scores) ? it.category_scores : {};
  const categories = isRecord(it.categories) ? it.categories : {};
  const named = Object.entries(categories).flatMap(([name, applies]) =>
    applies === true ? [{ name, score: score(scores[name]) }] : [],
  );
  return opinionOf(flagged, named);
}

function hookOf(it: unknown): Opinion | Unreadable {
  if (!isRecord(it) || typeof it.flagged !== 'boolean') return { unreadable: 'a result without “flagged”' };
  const categories = Array.isArray(it.categories) ? it.categories : [];
  const named = categories.slice(0, 50).flatMap((each) => {
    if (typeof each === 'string') return [{ name: each, score: null }];
    const name = isRecord(each) ? textIn(each.name) : null;
    return name === null ? [] : [{ name, score: score((each as Record<string, unknown>).score) }];
  });
  return opinionOf(it.flagged, named, textIn(it.reason) ?? '');
}

const all = (questions: readonly Question[], why: string): Answered => ({
  model: null,
  opinions: questions.map(() => ({ unreadable: why })),
});

/** What an answer says about each question. Never throws; what cannot be read is no opinion, with the reason. */
export function readOpinions(kind: ModeratorKind, questions: readonly Question[], body: string): Answered {
  let said: unknown;
  try {
    said = JSON.parse(body);
  } catch {
    said = kind === 'llama-guard' ? fromPieces(body) : null;
    if (said === null)
      return all(questions, /^\s*</.test(body) ? 'it answers a web page (HTML)' : 'its answer is not JSON');
  }
  if (!isRecord(said)) return all(questions, 'its answer is not a JSON object');
  const model = textIn(said.model)?.slice(0, 120) ?? null;
  if (kind === 'llama-guard') {
    const choice = Array.isArray(said.choices) ? said.choices[0] : undefined;
    const words = isRecord(choice) ? wordsOf(choice.message) : null;
    const cut = isRecord(choice) && choice.finish_reason === 'length';
    if (words === null || words.trim() === '') return all(questions, cut ? CUT_SHORT : 'its answer holds no message');
    const opinion = guardVerdictOf(words);
    return { model, opinions: [cut && isUnreadable(opinion) ? { unreadable: CUT_SHORT } : opinion] };
  }
  if (!Array.isArray(said.results)) return all(questions, 'its answer holds no “results”');
  const { results } = said;
  if (kind === 'openai-moderation')
    return results.length === questions.length
      ? { model, opinions: results.map(moderationOf) }
      : all(questions, `it was asked about ${questions.length} texts and answers ${results.length}`);
  const byId = new Map<unknown, unknown>(
    results.slice(0, 100).flatMap((each) => (isRecord(each) ? [[each.id, each] as const] : [])),
  );
  return {
    model,
    opinions: questions.map(({ id }) =>
      byId.has(id) ? hookOf(byId.get(id)) : { unreadable: 'it says nothing about this one' },
    ),
  };
}

/** The opinions, or why there is not even one: what makes a test run fail. */
export function faultIn({ opinions }: Answered): string | null {
  const first = opinions[0];
  return first === undefined || opinions.some((each) => !isUnreadable(each)) ? null : (first as Unreadable).unreadable;
}
