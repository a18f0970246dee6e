import type { ProbeGroup, ProbeMark } from '../../evals/index.ts';

/** One attack another tool made, as far as its file tells. */
export interface ReportRow {
  /** The same for the same attack in another file of the tool, so that two can be compared. */
  readonly id: string;
  readonly title: string;
  readonly question: string;
  readonly answer: string | null;
  /** The attack did not work; null: the tool got no answer. */
  readonly held: boolean | null;
  readonly reasons: readonly string[];
  readonly probe: ProbeMark;
}

/** A file of results of another tool, read. */
export interface ProbeReport {
  readonly tool: 'promptfoo' | 'garak';
  /** As the file names it, or null. */
  readonly toolVersion: string | null;
  readonly target: string | null;
  readonly rows: readonly ReportRow[];
  /** Where the file holds sums alone; else made of the rows. */
  readonly groups: readonly ProbeGroup[] | null;
  /** Only what got through is known, not how much held. */
  readonly hitsAlone: boolean;
  /** What the tool itself says, in its own measure: never mixed with ours. */
  readonly toolScore: string | null;
  readonly notes: readonly string[];
}
export interface UnreadableReport {
  readonly unreadable: string;
}

export const REPORT_LIMITS = { characters: 16 * 1024 * 1024, rows: 5_000, text: 4_000, id: 80 } as const;

export type Members = Readonly<Record<string, unknown>>;
export const isMembers = (it: unknown): it is Members => typeof it === 'object' && it !== null && !Array.isArray(it);
export const textIn = (it: unknown, most: number = REPORT_LIMITS.text): string | null =>
  typeof it === 'string' && it !== '' ? it.slice(0, most) : typeof it === 'number' ? String(it) : null;

/** A short name for a text that stays the same (FNV-1a, 64 bits in two halves). */
export function nameOf(text: string): string {
  let [a, b] = [0x811c9dc5, 0x9747b28c];
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    a = Math.imul(a ^ c, 0x01000193) >>> 0;
    b = Math.imul(b ^ c, 0x85ebca6b) >>> 0;
  }
  return a.toString(16).padStart(8, '0') + b.toString(16).padStart(8, '0');
}

export const markOf = (
  family: string,
  [technique, owasp]: readonly [string | null, string | null] = [null, null],
): ProbeMark => ({ family: family.slice(0, 60), technique, owasp, control: false });
