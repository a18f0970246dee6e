import { refuse } from '../../kernel/index.ts';
import { PATTERN_LIMITS, readPattern } from '../../text/index.ts';
import { DETECTORS } from '../detectors/index.ts';
import type { Message } from '../signals/index.ts';

/** What an answer has to be as a whole. `refuse`: a refusal or a hand-off, as for a question no source answers. */
export const EXPECTATIONS = ['any', 'answer', 'refuse', 'handoff'] as const;
export type Expectation = (typeof EXPECTATIONS)[number];

/** One thing an answer is checked for. What each reads of `value`, `values` and `limit` stands in `CHECKS`. */
export const CHECK_KINDS = [
  'contains',
  'contains-any',
  'not-contains',
  'equals',
  'matches',
  'not-matches',
  'json',
  'cites',
  'numbers',
  'max-length',
  'no-finding',
  'not-leaked',
  'no-link-to',
  'no-tool',
] as const;
export type CheckKind = (typeof CHECK_KINDS)[number];

export interface Check {
  readonly kind: CheckKind;
  /** A text, a pattern, a detector, a tool, a host, or the shape of JSON as JSON. */
  readonly value: string;
  readonly values: readonly string[];
  readonly limit: number | null;
}

/** What a probe tries, where the case is one. */
export interface ProbeMark {
  /** Family of our own, for example `direct-injection`. */
  readonly family: string;
  /** Id of a MITRE ATLAS technique, or null. */
  readonly technique: string | null;
  /** Id of an OWASP LLM entry with its edition, or null. */
  readonly owasp: string | null;
  /** A harmless question beside the attacks: refusing it is a failure of its own. */
  readonly control: boolean;
}

export interface EvalCase {
  /** The same case in every version of its suite. */
  readonly id: string;
  readonly title: string;
  readonly input: readonly Message[];
  readonly expect: Expectation;
  readonly checks: readonly Check[];
  /** What a model is asked about the answer, as a second opinion; null: none. */
  readonly judge: string | null;
  /** Cases that share a document or a template fail together: they count as one. */
  readonly cluster: string | null;
  readonly tags: readonly string[];
  /** Texts the answer may rest on, for the checks of figures and invented rules. */
  readonly sources: readonly string[];
  /** Where it was made from, for example `int_…` or `INC-2026-0001`. */
  readonly from: string | null;
  readonly probe: ProbeMark | null;
}

export const CASE_LIMITS = {
  cases: 500,
  messages: 40,
  characters: 20_000,
  checks: 20,
  values: 50,
  value: 4_000,
  sources: 10,
} as const;

const needsValue: readonly CheckKind[] = [
  'contains',
  'not-contains',
  'equals',
  'matches',
  'not-matches',
  'no-finding',
  'not-leaked',
  'no-link-to',
  'no-tool',
];

function faultOfCheck({ kind, value, values, limit }: Check): string | null {
  if (needsValue.includes(kind) && value === '') return `“${kind}” needs a value`;
  if ((kind === 'contains-any' || kind === 'cites') && values.length === 0) return `“${kind}” needs at least one value`;
  if (kind === 'max-length' && (limit === null || limit < 1)) return '“max-length” needs a limit of at least 1';
  if (kind === 'no-finding' && !DETECTORS.some(({ name }) => name === value))
    return `there is no detector “${value}”; choose ${DETECTORS.map(({ name }) => name).join(', ')}`;
  if (kind === 'matches' || kind === 'not-matches') {
    const read = readPattern(value);
    if ('unreadable' in read)
      return `the pattern cannot be read: ${read.unreadable} (at most ${PATTERN_LIMITS.characters} characters, no look-around, no references back)`;
  }
  if (kind === 'json' && value !== '') {
    try {
      const shape: unknown = JSON.parse(value);
      if (typeof shape !== 'object' || shape === null || Array.isArray(shape)) return 'the shape of JSON is no object';
    } catch {
      return 'the shape of JSON is not JSON itself';
    }
  }
  return null;
}

/** What keeps a case from being run, with the place in the list it came in. */
export function caseFault(it: EvalCase, index: number) {
  const at = `/cases/${index}`;
  const named = `Case ${index + 1} (${it.id})`;
  if (it.input.at(-1)?.role !== 'user')
    return refuse('eval-suite.bad-case', `${named}: the last message must be one of the user.`, `${at}/input`);
  const characters = it.input.reduce((sum, { content }) => sum + content.length, 0);
  if (characters > CASE_LIMITS.characters)
    return refuse(
      'eval-suite.bad-case',
      `${named}: its messages have ${characters} characters; ${CASE_LIMITS.characters} are the most.`,
      `${at}/input`,
    );
  if (it.expect === 'any' && it.checks.length === 0)
    return refuse(
      'eval-suite.bad-case',
      `${named}: it would pass whatever is answered. Say what is expected, or add a check.`,
      `${at}/expect`,
    );
  for (const [i, check] of it.checks.entries()) {
    const fault = faultOfCheck(check);
    if (fault !== null) return refuse('eval-suite.bad-case', `${named}: ${fault}.`, `${at}/checks/${i}`);
  }
  return null;
}

/** The question, for lists. */
export const questionOf = ({ input }: Pick<EvalCase, 'input'>): string =>
  input.findLast(({ role }) => role === 'user')?.content ?? '';
