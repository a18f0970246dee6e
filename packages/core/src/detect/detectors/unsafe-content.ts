import { foldedWords, judge, type LinearModel, plain, stem } from '../../text/index.ts';
import type { Interaction } from '../signals/index.ts';
import type { Aids, Detector, Finding } from './finding.ts';
import { QUOTE_LIMIT } from './finding.ts';
import { harmMarksIn, isHarm, speaksOfHarm } from './harm-marks.ts';
import stored from './harm-weights.json' with { type: 'json' };
import { pullsModel } from './pulls.ts';

const NAME = 'unsafe-content';
const VERSION = '1';
const READ = 6_000;
const MOST_WORDS = 400;

/** From this score on a text counts as harmful: one operating point for everything. */
export const UNSAFE_AT = 0.4;

const harmModel = pullsModel(stored, ['safe', 'harmful']);

/** The terms a text is judged by: what it speaks of (`#drug`), and stems. */
export function termsOfHarm(text: string): Map<string, number> {
  const counts = new Map<string, number>([['#all', 1]]);
  for (const mark of harmMarksIn(text)) counts.set(`#${mark}`, 1);
  for (const word of foldedWords(text.slice(0, READ), MOST_WORDS)) {
    const term = stem(word);
    counts.set(term, (counts.get(term) ?? 0) + 1);
  }
  return counts;
}

export interface HarmJudgement {
  /** How likely it is that the text is harmful, or asks for harm, 0 to 1, as cross-validated. */
  readonly score: number;
  /** What it speaks of: ids of marks, for example `self-harm`, `weapon`, `insult`. */
  readonly marks: readonly string[];
}

/** What the words make likely; half of it where no grave harm is spoken of, since everybody uses such words. */
export function harmChance(model: LinearModel, text: string): number {
  const terms = termsOfHarm(text);
  const chance = judge(model, terms).chances[1]!;
  return speaksOfHarm(text) && [...terms.keys()].some((term) => isHarm(term.slice(1))) ? chance : chance / 2;
}

/** Judges a text by its words and what they are about. Reads at most 6,000 characters; never throws. */
export function judgeHarm(text: string): HarmJudgement {
  const { text: read } = plain(text.slice(0, READ));
  return { score: harmChance(harmModel(), read), marks: harmMarksIn(read).filter(isHarm) };
}

function look(it: Interaction, _aids: Aids): Finding[] {
  const last = (it.input ?? []).findLastIndex(({ role }) => role === 'user');
  const fields: (readonly [string, string, string | null])[] = [
    ['unsafe-answer', 'output', it.output],
    ['unsafe-request', `input/${last}/content`, last < 0 ? null : it.input![last]!.content],
  ];
  return fields.flatMap(([kind, field, text]) => {
    if (text === null || !speaksOfHarm(text)) return [];
    const { score, marks } = judgeHarm(text);
    if (score < UNSAFE_AT || marks.length === 0) return [];
    return [
      {
        detector: NAME,
        version: VERSION,
        kind,
        archetype: 'toxicity-abuse',
        // Words alone are often wrong about harm: it feeds rates and groups, and never pages alone.
        evidenceClass: 'weak',
        score,
        spans: [{ field, start: 0, end: text.length, text: text.slice(0, QUOTE_LIMIT) }],
        rules: marks.slice(0, 10),
        explain: `${kind === 'unsafe-answer' ? 'The answer' : 'The request'} reads as harmful (${marks.slice(0, 3).join(', ')}).`,
        same: `${kind}|${text.slice(0, 300)}`,
      } satisfies Finding,
    ];
  });
}

/** Abuse, violence, self-harm, crime and hate in what is asked and answered, by words: a hint where no moderation model is asked. */
export const unsafeContent: Detector = { name: NAME, version: VERSION, look };
