import type { EvalComparison, EvalResult, EvalRun, WatchDesign } from '@firebreak/contract/detect/evals';
import type { CheckKind, Expectation, Trigger } from '@firebreak/core/detect/evals';
import type { Tone } from '../../ui/Marks.tsx';

export const percent = (share: number): string => `${Math.round(share * 1_000) / 10} %`;
const count = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;

export const EXPECT_WORDS: Readonly<Record<Expectation, string>> = {
  any: 'only the checks decide',
  answer: 'answers',
  refuse: 'refuses, or hands over',
  handoff: 'hands over to a person',
};
export const CHECK_WORDS: Readonly<Record<CheckKind, string>> = {
  contains: 'contains',
  'contains-any': 'contains one of',
  'not-contains': 'does not contain',
  equals: 'is exactly',
  matches: 'matches the pattern',
  'not-matches': 'does not match the pattern',
  json: 'is JSON of this shape',
  cites: 'cites one of',
  numbers: 'states only figures of the sources, and these',
  'max-length': 'is at most so many characters long',
  'no-finding': 'gives this detector nothing to find',
  'not-leaked': 'does not give away',
  'no-link-to': 'does not link to',
  'no-tool': 'does not call the tool',
};
/** Which member of a check says what it looks for. */
export const checkReads = (kind: CheckKind): 'value' | 'values' | 'limit' =>
  kind === 'contains-any' || kind === 'cites' ? 'values' : kind === 'max-length' ? 'limit' : 'value';

export const TRIGGER_WORDS: Readonly<Record<Trigger, string>> = {
  schedule: 'on schedule',
  hand: 'asked for',
  change: 'a new version',
  import: 'read in',
};

const EVERY: Readonly<Record<number, string>> = { 60: 'every hour', 1440: 'every day', 10080: 'every week' };
export const sayEvery = (minutes: number): string =>
  EVERY[minutes] ?? (minutes % 60 === 0 ? `every ${minutes / 60} hours` : `every ${minutes} minutes`);
export const sayP = (p: number): string => (p < 0.0001 ? 'below 0.0001' : p.toFixed(4));

export interface Standing {
  readonly word: string;
  readonly tone: Tone;
}
const VERDICTS: Readonly<Record<EvalComparison['verdict'], Standing>> = {
  regressed: { word: 'regressed', tone: 'ember' },
  improved: { word: 'improved', tone: 'moss' },
  unchanged: { word: 'unchanged', tone: 'moss' },
  inconclusive: { word: 'inconclusive', tone: 'amber' },
};

/** What a run came to, in a word. */
export function standingOf(run: EvalRun): Standing {
  if (run.state === 'running') return { word: `running, ${run.answered} of ${run.total}`, tone: 'blue' };
  if (run.state === 'could-not-run') return { word: 'could not run', tone: 'amber' };
  if (run.state === 'stopped') return { word: 'stopped', tone: 'plain' };
  if (run.alarm) return { word: 'alarm', tone: 'ember' };
  return run.comparison === null ? { word: 'first of its kind', tone: 'plain' } : VERDICTS[run.comparison.verdict];
}

export function sayCounts({ counts, passRate, kind }: EvalRun): string {
  if (counts === null) return '';
  const all = counts.passed + counts.failed;
  const range = passRate === null ? '' : ` (${percent(passRate.lower)} to ${percent(passRate.upper)})`;
  const rest = [
    counts.flaky > 0 ? `${counts.flaky} flaky` : '',
    counts.unanswered > 0 ? `${counts.unanswered} unanswered` : '',
  ].filter(Boolean);
  return [`${counts.passed} of ${all} ${kind === 'probes' ? 'held' : 'passed'}${range}`, ...rest].join(' · ');
}

/** One sentence that says what the comparison found, and how sure that is. */
export function sayComparison(it: EvalComparison): string {
  if (it.test === 'fisher')
    return `${percent(Math.abs(it.loss))} ${it.loss > 0 ? 'fewer' : 'more'} held than before (${it.adjustedP < 0.001 ? 'p < 0.001' : `p = ${it.adjustedP.toFixed(3)}`}).`;
  if (it.pairs === 0) return 'No case was answered in both runs, so nothing can be compared.';
  const moved = `${count(it.lost.length, 'case')} lost and ${it.gained.length} gained of ${it.pairs} compared`;
  const p = it.adjustedP < 0.001 ? 'p < 0.001' : `p = ${it.adjustedP.toFixed(3)}`;
  const range =
    it.interval === null
      ? ''
      : `; the loss lies between ${percent(it.interval.lower)} and ${percent(it.interval.upper)}`;
  const together = it.suites > 1 ? `, adjusted for ${it.suites} suites` : '';
  return `${moved} (${p}${together})${range}.`;
}
export function sayVerdict(it: EvalComparison): string {
  if (it.verdict === 'unchanged') return `Any loss is below the ${percent(it.tolerated)} you tolerate.`;
  if (it.verdict === 'inconclusive')
    return `That is too few to tell. It needs about ${count(it.needs ?? 0, 'more case')} to rule out a loss of ${percent(it.tolerated)}.`;
  if (it.test === 'fisher') return 'The attacks are others than before, so only the shares were compared (Fisher).';
  return it.test === 'sign-flip'
    ? 'Cases that share a cluster count as one (sign-flip permutation).'
    : 'Tested pair by pair (mid-p McNemar).';
}

const hours = (n: number): string =>
  n < 1 ? `${Math.max(1, Math.round(n * 60))} minutes` : `${Math.round(n * 10) / 10} hours`;
/** What the watch between runs costs and finds, in calendar time. */
export function sayDesign(it: WatchDesign): string {
  const days = Math.round(it.falseAlarmDays);
  return `One false alarm in ${days >= 1_000 ? 'more than 1,000' : days} days. A rise of newly failing cases from ${percent(it.p0)} to ${percent(it.p1)} is noticed after about ${hours(it.noticedHours)}.`;
}

export const STATE_WORDS: Readonly<Record<EvalResult['state'], Standing>> = {
  passed: { word: 'passed', tone: 'moss' },
  failed: { word: 'failed', tone: 'ember' },
  flaky: { word: 'flaky', tone: 'amber' },
  unanswered: { word: 'unanswered', tone: 'amber' },
  waiting: { word: 'waiting', tone: 'plain' },
};

/** How a case moved between two runs. */
export function sayMove({ before, state }: Pick<EvalResult, 'before' | 'state'>): string | null {
  const good = (it: string | null): boolean | null =>
    it === 'passed' || it === 'flaky' ? true : it === 'failed' ? false : null;
  const [was, is] = [good(before), good(state)];
  if (was === null || is === null || was === is) return null;
  return is ? 'gained' : 'lost';
}
export const wordsIn = (text: string): string[] => [
  ...new Set(
    text
      .split('\n')
      .map((each) => each.trim())
      .filter((each) => each !== ''),
  ),
];
