import { terms } from '../../text/index.ts';

/** Words without which neither a task nor a reason says anything. */
const LEAST_WORDS = 6;
const MOST_WORDS = 80;
const STEPS = 5;
/** A reason shares no more with its task than this. */
const APART = 0.1;

/** What an agent set out to do, and how much its last reasons had to do with that. */
export interface Course {
  /** Digests of the words of the task; empty: it was not captured. */
  readonly task: readonly string[];
  /** Share of the words of each reason that stand in the task, newest last. */
  readonly shared: readonly number[];
  /** A reason had to do with the task once. One that never did may speak another language. */
  readonly begun: boolean;
}

const wordsOf = (text: string): string[] => [...terms(text).keys()];

/**
 * Holds the words an agent gives with its calls against its task: five reasons in a row that share less than a tenth of their
 * words with it, after one that shared more, have lost it. `task`: what the person asked for, where the record says; `reason`: what the model said beside
 * its calls. Words are remembered as digests.
 */
export function stepCourse(
  before: Course | undefined,
  task: string | null,
  reason: string | null,
  digest: (text: string) => string,
): { readonly course: Course; readonly lost: boolean } {
  let { task: words, shared, begun } = before ?? { task: [], shared: [], begun: false };
  if (words.length === 0 && task !== null) {
    const said = wordsOf(task);
    if (said.length >= LEAST_WORDS) words = said.slice(0, MOST_WORDS).map((word) => digest(`task|${word}`));
  }
  const given = reason === null || words.length === 0 ? [] : wordsOf(reason).slice(0, MOST_WORDS);
  if (given.length >= LEAST_WORDS) {
    const held = new Set(words);
    const known = given.filter((word) => held.has(digest(`task|${word}`))).length;
    const share = Math.round((known / given.length) * 1_000) / 1_000;
    begun ||= share >= APART;
    shared = [...shared, share].slice(-STEPS);
  }
  const lost = begun && shared.length === STEPS && shared.every((share) => share < APART);
  return { course: { task: words, shared, begun }, lost };
}
