import { foldedWords, fromBase64, fromHex, plain, readable } from '../../text/index.ts';
import type { Interaction } from '../signals/index.ts';
import type { Aids, Detector, Finding } from './finding.ts';
import { quoteOf, READ_LIMIT } from './finding.ts';
import { instructionsIn } from './instructions.ts';

const NAME = 'prompt-leak';
const VERSION = '2';

const ASCII = /^[\0-\x7f]*$/;
const bare = (text: string): string => {
  const low = plain(text).text.toLowerCase();
  return ASCII.test(low) ? low.replace(/[^a-z0-9]+/g, '') : low.replace(/[^\p{L}\p{N}]+/gu, '');
};
const BETWEEN_CODES = /[^A-Za-z0-9+/_=-]+/;
const LONGEST_CODE = 4_000;
const reversed = (text: string): string => [...text].reverse().join('');

/** An answer made ready for words to be looked for: bare, and what is encoded in it in runs of at least so many signs. */
function bared(answer: string, least: number): readonly string[] {
  const text = answer.slice(0, READ_LIMIT);
  const found = [bare(text)];
  for (const run of text.split(BETWEEN_CODES)) {
    if (run.length < least) continue;
    const code = run.slice(0, LONGEST_CODE);
    for (const bytes of [fromBase64(code), fromHex(code)]) {
      const inner = bytes === null ? null : readable(bytes);
      if (inner !== null) found.push(bare(inner));
    }
  }
  return found;
}

function holdsWord([plainly, ...encoded]: readonly string[], secret: string): boolean {
  const wanted = bare(secret);
  if (wanted.length < 4 || plainly === undefined) return false;
  return (
    plainly.includes(wanted) || plainly.includes(reversed(wanted)) || encoded.some((inner) => inner.includes(wanted))
  );
}

/** Whether a planted word came out: as it is, with other signs between its letters, backwards, or encoded. */
export const leaked = (answer: string, secret: string): boolean => holdsWord(bared(answer, 8), secret);

const WORD_LENGTH = 15;

/**
 * The word to plant into the instructions of a system: `fb` and letters and digits, always the same one for a system and a
 * version of its prompt (`null`: whatever version) and known to nobody who has not the salt of this installation.
 */
export function plantedWordOf(aids: Pick<Aids, 'digest'>, system: string, prompt: string | null): string {
  let letters = '';
  for (let i = 0; letters.length < WORD_LENGTH - 2; i++)
    letters += aids
      .digest(`planted word ${i}|${system}|${prompt ?? ''}`)
      .toLowerCase()
      .replace(/[^a-z0-9]/g, '');
  return `fb${letters.slice(0, WORD_LENGTH - 2)}`;
}

const MOST_KNOWN = 2_000;
const words = new WeakMap<object, Map<string, string>>();

/** The word of a system and a version, worked out once. */
function knownWord(aids: Aids, system: string, prompt: string | null): string {
  const held = words.get(aids) ?? new Map<string, string>();
  words.set(aids, held);
  const key = `${system}\n${prompt ?? ''}`;
  let word = held.get(key);
  if (word === undefined) {
    if (held.size >= MOST_KNOWN) held.clear();
    word = plantedWordOf(aids, system, prompt);
    held.set(key, word);
  }
  return word;
}

const GRAM = 5;
const SHARE = 0.1;
/** Words in a row; so many five-word runs are one of twelve. */
const LONGEST_CHANCE = 12;
const LEAST_GRAMS = LONGEST_CHANCE - GRAM + 1;
const MOST_WORDS = 6_000;
/** What stands in quotation marks is meant to be said. */
const QUOTED = /["“„«][^"“”„«»\n]{1,400}["”“»]/g;

const isInstruction = ({ role }: { readonly role: string }): boolean => role === 'system' || role === 'developer';

const wordsOf = (text: string): readonly string[] => foldedWords(plain(text.slice(0, READ_LIMIT)).text, MOST_WORDS);

/** What must not come out of some instructions: its words by number, and each five of them in a row as one number. */
interface Secret {
  readonly ids: ReadonlyMap<string, number>;
  readonly runs: ReadonlySet<number>;
}

/** Runs of five words of the sentences of some instructions that instruct. */
function secretIn(prompt: string): Secret {
  const told = instructionsIn(prompt.slice(0, READ_LIMIT).replace(QUOTED, ' … ')).join('\n');
  const words = wordsOf(told);
  const ids = new Map([...new Set(words)].map((word, i) => [word, i + 1]));
  const runs = new Set<number>();
  for (const [, run] of runsIn(words, ids)) runs.add(run);
  return { ids, runs };
}

/** Where five known words stand in a row, and which: a hash of their numbers, of which several in a row are never chance. */
function runsIn(words: readonly string[], ids: ReadonlyMap<string, number>): (readonly [number, number])[] {
  const found: [number, number][] = [];
  const of = [0, 0, 0, 0, 0];
  let known = 0;
  for (let i = 0; i < words.length; i++) {
    const id = ids.get(words[i]!);
    known = id === undefined ? 0 : known + 1;
    if (id === undefined) continue;
    of[i % GRAM] = id;
    if (known < GRAM) continue;
    let hash = 0x811c9dc5;
    for (let k = i + 1; k <= i + GRAM; k++) hash = Math.imul(hash ^ of[k % GRAM]!, 0x01000193) ^ (hash >>> 15);
    found.push([i - GRAM + 1, hash]);
  }
  return found;
}

const MOST_PROMPTS = 50;
/** The same instructions come with every question. */
const prompts = new Map<string, Secret>();

function knownSecret(prompt: string): Secret {
  let secret = prompts.get(prompt);
  if (secret === undefined) {
    if (prompts.size >= MOST_PROMPTS) prompts.clear();
    secret = secretIn(prompt);
    prompts.set(prompt, secret);
  }
  return secret;
}

/** How much of the instructions an answer repeats, beyond what everybody else had said; null: too little to speak of. */
export function overlapOf(it: Pick<Interaction, 'input' | 'output' | 'retrieved' | 'toolCalls'>): {
  readonly share: number;
  readonly longest: number;
} | null {
  const prompt = (it.input ?? [])
    .filter(isInstruction)
    .map(({ content }) => content)
    .join('\n');
  if (it.output === null || it.output.length < 40 || prompt.length < 40) return null;
  const secret = knownSecret(prompt);
  if (secret.runs.size < LEAST_GRAMS) return null;
  const places = runsIn(wordsOf(it.output), secret.ids).filter(([, run]) => secret.runs.has(run));
  if (places.length < LEAST_GRAMS) return null;
  const others = [
    ...(it.input ?? [])
      .filter((message) => message.role === 'user' || message.role === 'tool')
      .map(({ content }) => content),
    ...(it.retrieved ?? []).map(({ text }) => text),
    ...(it.toolCalls ?? []).map(({ result }) => result ?? ''),
  ];
  const runs = new Set(secret.runs);
  for (const other of others) for (const [, gram] of runsIn(wordsOf(other), secret.ids)) runs.delete(gram);
  const shared = new Set<number>();
  let longest = 0;
  let run = 0;
  let last = -1;
  for (const [place, gram] of places) {
    if (!runs.has(gram)) continue;
    shared.add(gram);
    run = place === last + 1 ? run + 1 : 1;
    last = place;
    longest = Math.max(longest, run + GRAM - 1);
  }
  const share = runs.size === 0 ? 0 : shared.size / runs.size;
  return longest >= LONGEST_CHANCE || (share >= SHARE && shared.size >= LEAST_GRAMS) ? { share, longest } : null;
}

function look(it: Interaction, aids: Aids): Finding[] {
  const { output } = it;
  if (output === null || output === '') return [];
  const found: Finding[] = [];
  const base = { detector: NAME, version: VERSION, archetype: 'data-exfiltration' as const };
  const spoken = [...new Set([it.versions.prompt, null])];
  const asked = (it.input ?? [])
    .filter(({ role }) => role === 'user')
    .map(({ content }) => content)
    .join('\n');
  // What encodes a whole planted word is longer than most words.
  const said = bared(output, 20);
  const planted = spoken.find((prompt) => {
    const word = knownWord(aids, it.system, prompt);
    // Who asks with the word has it already.
    return holdsWord(said, word) && !leaked(asked, word);
  });
  if (planted !== undefined)
    found.push({
      ...base,
      kind: 'planted-word-disclosed',
      evidenceClass: 'verified',
      score: 0.99,
      spans: [{ field: 'output', start: 0, end: output.length, text: null }],
      rules: ['planted-word'],
      explain: `The answer holds the word that was planted into the instructions of ${it.system}${planted === null ? '' : ` (prompt ${planted})`}: its instructions came out.`,
      same: 'planted-word',
    });
  const overlap = overlapOf(it);
  if (overlap !== null)
    found.push({
      ...base,
      kind: 'instructions-disclosed',
      evidenceClass: 'strong',
      score: Math.min(0.95, 0.7 + overlap.share / 4),
      spans: [quoteOf('output', output, 0, output.length)],
      rules: ['five-word-runs'],
      explain: `The answer repeats ${Math.round(100 * overlap.share)} % of the instructions of the assistant, ${overlap.longest} words of them in one piece.`,
      same: 'overlap',
    });
  return found;
}

/**
 * Instructions of the assistant in what it answers: a word planted into them (verified), or many runs of five words that stand
 * in the instructions and nowhere else (strong). A translation, a summary or an encoding of them is not seen by runs of words.
 */
export const promptLeak: Detector = { name: NAME, version: VERSION, look };
