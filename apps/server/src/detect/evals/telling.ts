import { type Comparison, questionOf, type Run, type RunEnded, versionKey } from '@firebreak/core/detect/evals';
import {
  ARCHETYPES,
  type Archetype,
  duty,
  type PagesAlone,
  promised,
  type Quote,
} from '@firebreak/core/detect/signals';
import type { Instant } from '@firebreak/core/kernel';
import type { Sql } from '../../platform/index.ts';
import type { Raised } from '../signals/index.ts';
import { lastFinished, readRun, readSuite } from './board.ts';
import { casesOf } from './cases.ts';
import { type ResultRow, shownAttempts } from './rows.ts';

const MOST_NAMED = 5;
const MOST_QUOTES = 3;
const QUOTE = 300;

const percent = (share: number): string => `${Math.round(share * 1_000) / 10} %`;
const small = (p: number): string => (p < 0.001 ? 'p < 0.001' : `p = ${p.toFixed(3)}`);
const cases = (n: number): string => `${n} ${n === 1 ? 'case' : 'cases'}`;
const cut = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

const what = (run: Run): string =>
  run.kind === 'golden-set'
    ? `Golden set “${run.name}”`
    : `Probes “${run.name}”${run.tool === undefined ? '' : ` (${run.tool})`}`;
const version = (run: Run): string => {
  const key = versionKey(run.versions);
  return key === 'unrecorded' ? 'a version nobody recorded' : key;
};

function numbersOf(it: Comparison, { counts }: RunEnded): string {
  if (it.test === 'fisher')
    return `${counts.passed} of ${counts.passed + counts.failed} attacks did not work, ${percent(it.loss)} fewer than before (${small(it.adjustedP)}; other attacks, compared by shares)`;
  const range =
    it.interval === null ? '' : `, 95 % interval ${percent(it.interval.lower)} to ${percent(it.interval.upper)}`;
  const together = it.suites > 1 ? `, adjusted for ${it.suites} suites` : '';
  return `${cases(it.lost.length)} lost and ${it.gained.length} gained of ${it.pairs} compared (${percent(it.loss)} worse${range}; ${small(it.adjustedP)}${together})`;
}

/** The kind of failure the lost cases agree on: their tags, or what their probes try. */
function archetypeOf(tags: readonly (readonly string[])[]): Archetype | null {
  const named = tags.map((each) =>
    each.find((tag): tag is Archetype => (ARCHETYPES as readonly string[]).includes(tag)),
  );
  const [first] = named;
  return first !== undefined && named.every((each) => each === first) ? first : null;
}

/** Somebody who starts a run by hand, or reads results in, looks at it already. */
const pages = (run: Run, alone: PagesAlone): { readonly pagesAlone?: PagesAlone } =>
  run.trigger === 'schedule' || run.trigger === 'change' ? { pagesAlone: alone } : {};

const EMPTY = { feature: null, deployment: null, subjectHash: null, severityHint: null, quotes: [], interaction: null };

/**
 * What the end of a run tells: a regression its version made, an alarm of the watch, or that nobody could be asked. Each has
 * a key, so that the same thing is told once.
 */
export async function raisedBy(tx: Sql, run: Run, rows: readonly ResultRow[], now: Instant): Promise<Raised[]> {
  const { ended } = run;
  if (ended === null || ended.outcome === 'stopped') return [];
  const base = {
    ...EMPTY,
    at: now,
    channel: run.kind === 'golden-set' ? 'golden-set' : 'probe',
    detector: what(run).slice(0, 256),
    rule: `run ${run.id}`,
    system: run.system,
    feature: run.feature,
    deployment: run.deployment,
    versions: {
      model: run.versions.model ?? null,
      modelAsked: null,
      prompt: run.versions.prompt ?? null,
      index: run.versions.index ?? null,
      tools: run.versions.tools ?? null,
    },
  } as const;
  const kind = run.kind === 'golden-set' ? 'golden-set' : 'probe';
  if (ended.outcome === 'could-not-run') {
    const last = await lastFinished(tx, run.suite, { tool: run.tool });
    return [
      {
        ...base,
        kind: `${kind}-could-not-run`,
        archetype: 'control-failure',
        evidenceClass: 'strong',
        score: null,
        severityHint: 4,
        text: `${what(run)} of ${run.system} could not run: ${ended.why} Nobody knows how the system answers meanwhile.`.slice(
          0,
          2_000,
        ),
        dedupKey: `eval|${run.suite}|could-not-run|${last?.id ?? 'never'}`,
        ...pages(run, duty(`“${run.name}” should run by itself, and could not`)),
      },
    ];
  }
  const regressed = ended.comparison?.verdict === 'regressed' && ended.decides;
  if (!regressed && !ended.alarm) return [];
  const bySharesAlone = regressed && ended.comparison!.test === 'fisher';
  const failing = bySharesAlone
    ? rows.flatMap(({ case_id, state }) => (state === 'failed' ? [case_id] : []))
    : regressed
      ? ended.comparison!.lost
      : ended.newlyFailing;
  const suite = await readSuite(tx, run.suite);
  const held = new Map((suite === null ? [] : await casesOf(tx, suite)).map((each) => [each.id, each]));
  const asked = new Map(rows.map(({ case_id, data }) => [case_id, data]));
  const attempts = await shownAttempts(tx, run.id);
  const names = failing.slice(0, MOST_NAMED).map((id) => {
    const it = held.get(id);
    return `“${cut(it?.title || (it && questionOf(it)) || asked.get(id)?.question || id, 80)}”`;
  });
  const quotes = failing.slice(0, MOST_QUOTES).flatMap((id): Quote[] => {
    const text = attempts.get(id)?.findLast(({ passed }) => passed === false)?.answer ?? null;
    return text === null || text === ''
      ? []
      : [{ field: 'answer', start: 0, end: Math.min(text.length, QUOTE), text: text.slice(0, QUOTE) }];
  });
  const before = ended.baseline === null ? null : await readRun(tx, ended.baseline);
  const more = failing.length > MOST_NAMED ? ` and ${failing.length - MOST_NAMED} more` : '';
  const story = regressed
    ? `${what(run)} got worse with ${version(run)}${before === null ? '' : ` (before: ${version(before)})`}: ${numbersOf(ended.comparison!, ended)}.`
    : `${what(run)} began to fail without a recorded change of ${version(run)}: ${cases(failing.length)} newly failing; by chance alone this happens once in ${Math.round(ended.design?.falseAlarmDays ?? 0)} days.`;
  return [
    {
      ...base,
      kind: regressed ? `${kind}-regressed` : `${kind}-alarm`,
      archetype: archetypeOf(failing.map((id) => held.get(id)?.tags ?? [])),
      evidenceClass: 'strong',
      score: regressed ? Math.max(0, Math.min(1, 1 - ended.comparison!.adjustedP)) : null,
      text: `${story} Failing: ${names.join(', ')}${more}.`.slice(0, 2_000),
      quotes,
      dedupKey: `eval|${run.id}|${regressed ? 'regressed' : 'alarm'}`,
      ...pages(
        run,
        promised(
          regressed
            ? `“${run.name}” calls a version worse by chance in one comparison of twenty at most`
            : `“${run.name}” raises an alarm by chance once in ${Math.round(ended.design?.falseAlarmDays ?? 0)} days`,
        ),
      ),
    },
  ];
}
