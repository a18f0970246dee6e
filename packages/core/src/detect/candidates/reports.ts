import { foldedWords, words } from '../../text/index.ts';
import type { Channel, Signal } from '../signals/index.ts';

/** Kinds that are texts of strangers about us: no version, no feature, other words every time. By the first word of a kind. */
const FIRST_WORDS = new Set(['news', 'report', 'reports', 'press', 'post', 'posts', 'review', 'reviews']);
/** By the whole kind, and where such a signal comes from: monitors, and what strangers tell us themselves. */
const PUBLIC_KINDS: ReadonlyMap<string, readonly Channel[]> = new Map([
  ['public-report', ['external']],
  ['outside-report', ['feedback']],
  ['public-incident', ['external']],
]);

/** Whether it is compared without what all reports about its system share. */
export const isPublic = ({ kind, channel }: Pick<Signal, 'kind' | 'channel'>): boolean =>
  PUBLIC_KINDS.get(kind)?.includes(channel) ?? false;

/** Whether a signal is a text of a stranger, which is compared by its words and nothing else. */
export const isReport = (signal: Pick<Signal, 'kind' | 'channel'>): boolean =>
  isPublic(signal) || (signal.channel === 'external' && FIRST_WORDS.has(/^[a-z]+/.exec(signal.kind)?.[0] ?? ''));

/** What every report about an AI product speaks of. */
const EVERYWHERE =
  'ai llm gpt chatgpt chatbot chatbots bot bots assistant agent model customer customers company user users people'.split(
    ' ',
  );
const MOST_WORDS = 400;
/** One word in common, said once, is chance: a verb, or what a feed writes under each of its entries. */
export const FEWEST_SHARED = 2;

/**
 * A report without what all reports about this system share: its address, the words its source looked for, the name of the
 * system. What is left tells two stories about one product apart.
 */
export function storyOf(signal: Signal, text: string): string {
  if (!isPublic(signal)) return text;
  const shared = new Set([
    ...EVERYWHERE,
    ...foldedWords(signal.system.replaceAll('-', ' ')),
    ...(signal.lookedFor ?? []).flatMap((each) => [...foldedWords(each)]),
  ]);
  return words(text.replace(/https?:\/\/\S+/g, ' '), MOST_WORDS)
    .filter(({ folded }) => !shared.has(folded.replace(/'s$/, '')))
    .map((word) => word.text)
    .join(' ');
}
