import type { Moderator } from '@firebreak/contract/detect/moderation';

type Kind = Moderator['kind'];
const percent = (part: number): string => `${Math.round(part * 100)}\u00a0%`;

export const KIND_WORDS: Readonly<Record<Kind, string>> = {
  'openai-moderation': 'Moderation endpoint (OpenAI)',
  'llama-guard': 'Llama Guard (OpenAI-compatible chat)',
  webhook: 'Webhook',
};

export const KIND_HINTS: Readonly<Record<Kind, string>> = {
  'openai-moderation': 'https://api.openai.com/v1/moderations, or anything that answers in the same form.',
  'llama-guard': 'The chat completions address of the server that runs it, for example of vLLM or Ollama.',
  webhook: 'Gets the texts as JSON and answers “flagged” for each; the guide shows the form.',
};

export const SIDE_WORDS: Readonly<Record<Moderator['side'], string>> = {
  both: 'The question and the answer',
  output: 'The answer',
  input: 'The question',
};

export const SILENT_WORDS: Readonly<
  Record<Moderator['whenSilent'], { readonly choice: string; readonly says: string }>
> = {
  show: { choice: 'Show it here and under Now', says: 'Nobody is told of it.' },
  tell: {
    choice: 'Tell it to each system, as a weak signal',
    says: 'Each system it reads is told, which supports what else is noticed.',
  },
  page: { choice: 'Page somebody', says: 'After some minutes somebody is paged.' },
};

/** How a moderator stands: one word, and its colour. */
export function standingOf({ paused, silent, lastDay }: Pick<Moderator, 'paused' | 'silent' | 'lastDay'>): {
  word: string;
  tone: 'moss' | 'plain' | 'ember';
} {
  if (paused !== null) return { word: 'paused', tone: 'plain' };
  if (silent !== null) return { word: 'silent', tone: 'ember' };
  return lastDay.asked === 0 ? { word: 'nothing asked yet', tone: 'plain' } : { word: 'answering', tone: 'moss' };
}

/** The last 24 hours in a sentence. */
export function sayDay({ asked, flagged, none, notAsked, meanMs }: Moderator['lastDay'], waiting: number): string {
  const parts = [
    asked === 0 ? 'asked nothing in 24 hours' : `${flagged} of ${asked} flagged in 24 hours`,
    none > 0 && `no opinion on ${none}`,
    notAsked > 0 && `${notAsked} not asked: too many at once, or the day’s questions were used up`,
    waiting > 0 && `${waiting} waiting`,
    meanMs !== null && `${Math.round(meanMs)} ms a request`,
  ];
  return parts.filter((part) => part !== false).join(' · ');
}

/** How often its flags were right, in words. */
export function sayPrecision({ judged, right, rate }: Moderator['precision']): string {
  if (rate === null) return 'Nobody has judged a flag yet, so nobody knows how often it is right.';
  return `${right} of ${judged} judged flags were right: ${percent(rate.value)} [${percent(rate.lower)}, ${percent(rate.upper)}].`;
}
