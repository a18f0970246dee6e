import { msBetween } from '../../kernel/index.ts';
import { STOP_WORDS, words } from '../../text/index.ts';
import type { Archetype, Signal } from '../signals/index.ts';
import type { Likeness } from './likeness.ts';
import type { Profile, Seen } from './profile.ts';

/** `40 s`, `14 min`, `3 h`, `2 days`. */
export function spanInWords(ms: number): string {
  const s = Math.round(Math.abs(ms) / 1_000);
  if (s < 90) return `${s} s`;
  if (s < 90 * 60) return `${Math.round(s / 60)} min`;
  if (s < 36 * 3_600) return `${Math.round(s / 3_600)} h`;
  return `${Math.round(s / 86_400)} days`;
}

/** The longest run of words two texts share, as the first writes it; `null` under two words that carry a subject. */
export function sharedPhrase(a: string, b: string): string | null {
  const left = words(a, 120);
  const right = words(b, 120).map((w) => w.folded);
  let best: { from: number; to: number; weight: number } | null = null;
  let above: number[] = [];
  for (let i = 0; i < left.length; i++) {
    const row: number[] = [];
    for (let k = 0; k < right.length; k++) {
      const run = left[i]!.folded === right[k] ? ((k > 0 ? above[k - 1] : 0) ?? 0) + 1 : 0;
      row.push(run);
      if (run < 2) continue;
      let from = i - run + 1;
      let to = i;
      // "of the device" reads better as "device": cut words without a subject at both ends, but keep figures such as "one".
      const isDull = (at: number) =>
        STOP_WORDS.has(left[at]!.folded) && !/^(?:one|no|not|only|never)$/.test(left[at]!.folded);
      while (from < to && isDull(from)) from++;
      while (to > from && isDull(to)) to--;
      const carrying = left.slice(from, to + 1).filter((w) => !STOP_WORDS.has(w.folded)).length;
      const weight = carrying * 10 + (to - from);
      if (carrying >= 2 || (carrying >= 1 && to - from >= 1))
        if (best === null || weight > best.weight) best = { from, to, weight };
    }
    above = row;
  }
  return best === null ? null : a.slice(left[best.from]!.start, left[best.to]!.end);
}

const cut = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most - 1)}…` : text);
const SAID: Readonly<Record<string, string>> = {
  prompt: 'prompt version',
  model: 'model',
  index: 'index version',
  tools: 'tool version',
};

/** Why this signal belongs to this candidate, in words a tired person understands. */
export function why(seen: Seen, profile: Profile, like: Likeness | 'key' | 'interaction' | 'words'): string {
  const { signal } = seen;
  const said: string[] = [];
  if (like === 'interaction') said.push('about the same conversation');
  const version = (['prompt', 'model'] as const).find(
    (kind) => signal.versions[kind] !== null && profile.versions[kind].includes(signal.versions[kind]),
  );
  if (version !== undefined) said.push(`same ${SAID[version]} ${signal.versions[version]}`);
  else if (signal.feature !== null && profile.features.includes(signal.feature))
    said.push(`same feature ${signal.feature}`);
  const apart = Math.abs(msBetween(profile.lastAt, signal.receivedAt));
  said.push(`${apart < 500 ? 'under 1 s' : spanInWords(apart)} apart`);
  if (like === 'key') return [...said, `the same again: “${cut(seen.subject, 80)}”`].join(', ');
  const phrase = profile.subjects
    .map((subject) => sharedPhrase(seen.subject, subject))
    .reduce<string | null>((best, it) => (it !== null && (best === null || it.length > best.length) ? it : best), null);
  if (phrase !== null) said.push(`both say “${cut(phrase, 80)}”`);
  else if (typeof like === 'object' && like.text >= 0.35) {
    const centre = new Map(profile.centre);
    const shared = [...seen.vector.keys()].filter((term) => centre.has(term)).slice(0, 3);
    if (shared.length > 0) said.push(`the same words (${shared.join(', ')})`);
  }
  if (typeof like === 'object' && like.change === 1) said.push('both soon after a change');
  return said.join(', ');
}

const TITLES: Partial<Record<string, string>> = {
  'ungrounded-claim': 'Invented rule',
  'secret-disclosed': 'A secret in an answer',
  'exfiltration-link': 'Data leaving by a link',
  'thumbs-down': 'Unhappy users',
  comment: 'Complaints',
  ticket: 'Complaints',
  abuse: 'Reported abuse',
  'outside-report': 'Reported from outside',
};
const BY_ARCHETYPE: Partial<Record<Archetype, string>> = {
  'prompt-injection': 'Prompt injection',
  'data-exfiltration': 'Data leaving',
  'misinformation-cascade': 'Wrong statements',
  'toxicity-abuse': 'Abusive output',
};

/** What a page says of a candidate to a machine of others: the kind and the place, and no word anybody said. */
export function headingOf({
  archetype,
  feature,
  system,
}: {
  readonly archetype: Archetype | null;
  readonly feature: string | null;
  readonly system: string;
}): string {
  const what =
    archetype === null ? 'Something may be wrong' : (BY_ARCHETYPE[archetype] ?? archetype.replaceAll('-', ' '));
  return `${what.charAt(0).toUpperCase()}${what.slice(1)} in ${feature ?? system}`;
}

/** The sentences of a text that fit, or its first one up to a word; no title ends within a word. */
function brief(text: string, most: number): string {
  if (text.length <= most) return text;
  const sentences = [...text.slice(0, most).matchAll(/[.!?](?=\s)/g)].at(-1);
  if (sentences !== undefined && sentences.index >= most / 4) return text.slice(0, sentences.index + 1);
  const space = text.lastIndexOf(' ', most - 1);
  return `${text.slice(0, space > most / 2 ? space : most - 1)}…`;
}

/** A title from the first signal: what, where, and the words. */
export function titleOf(signal: Signal): string {
  const what = TITLES[signal.kind] ?? (signal.archetype === null ? null : (BY_ARCHETYPE[signal.archetype] ?? null));
  const quote = signal.quotes.find((q) => q.text !== null)?.text ?? null;
  const words_ = quote !== null ? `“${brief(quote, 90)}”` : brief(signal.text, 110);
  return what === null ? brief(signal.text, 140) : `${what} in ${signal.feature ?? signal.system}: ${words_}`;
}
