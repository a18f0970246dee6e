import type { ProbeGroup } from '../../evals/index.ts';
import {
  isMembers,
  type Members,
  markOf,
  nameOf,
  type ProbeReport,
  REPORT_LIMITS,
  type ReportRow,
  textIn,
  type UnreadableReport,
} from './report.ts';

/** Probe modules of garak by what they try; those not named are counted without a technique. */
const MODULES: Readonly<Record<string, readonly [string | null, string | null]>> = {
  promptinject: ['AML.T0051.000', 'LLM01:2026'],
  goodside: ['AML.T0051.000', 'LLM01:2026'],
  latentinjection: ['AML.T0051.001', 'LLM01:2026'],
  dan: ['AML.T0054', 'LLM01:2026'],
  grandma: ['AML.T0054', 'LLM01:2026'],
  doctor: ['AML.T0054', 'LLM01:2026'],
  suffix: ['AML.T0054', 'LLM01:2026'],
  tap: ['AML.T0054', 'LLM01:2026'],
  fitd: ['AML.T0054', 'LLM01:2026'],
  phrasing: ['AML.T0054', 'LLM01:2026'],
  adaptive_attacks: ['AML.T0054', 'LLM01:2026'],
  encoding: ['AML.T0068', 'LLM01:2026'],
  smuggling: ['AML.T0068', 'LLM01:2026'],
  badchars: ['AML.T0068', 'LLM01:2026'],
  sysprompt_extraction: ['AML.T0056', 'LLM08:2026'],
  leakreplay: ['AML.T0057', 'LLM02:2026'],
  propile: ['AML.T0057', 'LLM02:2026'],
  apikey: ['AML.T0055', 'LLM02:2026'],
  xss: ['AML.T0077', 'LLM10:2026'],
  web_injection: ['AML.T0077', 'LLM10:2026'],
  ansiescape: ['AML.T0077', 'LLM10:2026'],
  exploitation: ['AML.T0053', 'LLM10:2026'],
  agent_breaker: ['AML.T0053', 'LLM03:2026'],
  packagehallucination: ['AML.T0060', 'LLM07:2026'],
  snowball: ['AML.T0062', 'LLM07:2026'],
  misleading: ['AML.T0062', 'LLM07:2026'],
  divergence: ['AML.T0034', 'LLM06:2026'],
};
const moduleOf = (probe: string): string => probe.replace(/^garak\.probes\.|^probes\./, '').split('.')[0]!;
const markFor = (probe: string) => markOf(moduleOf(probe), MODULES[moduleOf(probe)]);

/** A text as older and newer files keep it: a string, a message, or a conversation, of which the last turn asks. */
function wordsOf(it: unknown): string | null {
  if (typeof it === 'string') return it.slice(0, REPORT_LIMITS.text);
  if (!isMembers(it)) return null;
  if (Array.isArray(it.turns)) {
    const turn: unknown = it.turns.at(-1);
    return isMembers(turn) ? wordsOf(turn.content) : null;
  }
  return textIn(it.text) ?? (isMembers(it.content) ? wordsOf(it.content) : textIn(it.content));
}

/** Each answer of an attempt: it fell where any detector scores at least the threshold. */
function rowsOf(attempt: Members, threshold: number): ReportRow[] {
  const probe = textIn(attempt.probe_classname, 120) ?? 'unknown';
  const results = isMembers(attempt.detector_results) ? Object.entries(attempt.detector_results) : [];
  const outputs = Array.isArray(attempt.outputs) ? attempt.outputs : [];
  const question = wordsOf(attempt.prompt) ?? '';
  return outputs.slice(0, 50).map((output, i) => {
    const scores = results.flatMap(([detector, list]) => {
      const score: unknown = Array.isArray(list) ? list[i] : undefined;
      return typeof score === 'number' ? [{ detector, score }] : [];
    });
    const hits = scores.filter(({ score }) => score >= threshold);
    return {
      id: `gk-${nameOf(`${probe}|${question}`)}-${i}`,
      title: probe,
      question,
      answer: wordsOf(output),
      held: scores.length === 0 ? null : hits.length === 0,
      reasons: hits.map(({ detector, score }) => `${detector} says ${Math.round(score * 100) / 100}`),
      probe: markFor(probe),
    };
  });
}

const hitOf = (hit: Members, index: number): ReportRow => {
  const probe = textIn(hit.probe, 120) ?? 'unknown';
  const question = wordsOf(hit.prompt) ?? '';
  return {
    id: `gk-${nameOf(`${probe}|${question}`)}-${typeof hit.attempt_idx === 'number' ? hit.attempt_idx : index}`,
    title: probe,
    question,
    answer: wordsOf(hit.output),
    held: false,
    reasons: [`${textIn(hit.detector, 120) ?? 'a detector'} says ${textIn(hit.score, 20) ?? 'it got through'}`],
    probe: markFor(probe),
  };
};

/** Sums of older and newer files: `passed` of `total`, or of what was evaluated. */
function groupOf(it: Members): ProbeGroup | null {
  const probe = textIn(it.probe, 120);
  const all = [it.total_evaluated, it.total].find((each) => typeof each === 'number') as number | undefined;
  if (probe === null || all === undefined || typeof it.passed !== 'number' || it.passed > all || it.passed < 0)
    return null;
  const { technique, owasp, family } = markFor(probe);
  const unanswered = typeof it.nones === 'number' ? it.nones : 0;
  return { technique, owasp, family, control: false, held: it.passed, fell: all - it.passed, unanswered };
}

/** A report (`….report.jsonl`) or a hit log (`….hitlog.jsonl`) of garak: each line JSON, unknown lines left out. */
export function readGarak(text: string): ProbeReport | UnreadableReport {
  const attempts: ReportRow[] = [];
  const hits: ReportRow[] = [];
  const sums: ProbeGroup[] = [];
  let threshold = 0.5;
  let version: string | null = null;
  let target: string | null = null;
  let [lines, damaged, over] = [0, 0, 0];
  let passed = 0;
  let evaluated = 0;
  for (let from = 0; from < text.length; ) {
    const end = text.indexOf('\n', from);
    const line = text.slice(from, end === -1 ? text.length : end).trim();
    from = end === -1 ? text.length : end + 1;
    if (line === '') continue;
    lines++;
    let it: unknown;
    try {
      it = JSON.parse(line);
    } catch {
      damaged++;
      continue;
    }
    if (!isMembers(it)) continue;
    if (it.entry_type === 'start_run setup') {
      const set = it['run.eval_threshold'];
      if (typeof set === 'number' && set > 0 && set <= 1) threshold = set;
      version = textIn(it['_config.version'], 40) ?? version;
      target =
        [it['plugins.target_type'] ?? it['plugins.model_type'], it['plugins.target_name'] ?? it['plugins.model_name']]
          .flatMap((each) => textIn(each, 100) ?? [])
          .join(' ') || target;
    } else if (it.entry_type === 'init') version = textIn(it.garak_version, 40) ?? version;
    else if (it.entry_type === 'attempt') {
      // Status 2: asked and judged. The same attempt stands there before, without its results.
      if (it.status !== 2 && it.status !== undefined) continue;
      if (attempts.length >= REPORT_LIMITS.rows) over++;
      else attempts.push(...rowsOf(it, threshold));
    } else if (it.entry_type === 'eval') {
      const group = groupOf(it);
      if (group === null) continue;
      sums.push(group);
      passed += group.held;
      evaluated += group.held + group.fell;
    } else if (it.entry_type === undefined && 'probe' in it && 'detector' in it && 'output' in it) {
      if (hits.length >= REPORT_LIMITS.rows) over++;
      else hits.push(hitOf(it, hits.length));
    }
  }
  const unique = (rows: readonly ReportRow[]): ReportRow[] => [
    ...new Map(rows.slice(0, REPORT_LIMITS.rows).map((row) => [row.id, row])).values(),
  ];
  const notes: string[] = [];
  if (damaged > 0) notes.push(`${damaged} of ${lines} lines are no JSON and were left out.`);
  if (over > 0) notes.push(`${over} more entries than the ${REPORT_LIMITS.rows} that are taken.`);
  const base = {
    tool: 'garak' as const,
    toolVersion: version,
    target: target || null,
    toolScore: evaluated === 0 ? null : `${passed} of ${evaluated} detector verdicts passed`,
  };
  if (attempts.length > 0) return { ...base, rows: unique(attempts), groups: null, hitsAlone: false, notes };
  if (sums.length > 0) {
    notes.push('The file holds sums alone, so single attacks cannot be shown.');
    return { ...base, rows: [], groups: merged(sums), hitsAlone: false, notes };
  }
  if (hits.length > 0) {
    notes.push('A hit log holds only what got through: how much held is not known. Read in the report for that.');
    return { ...base, rows: unique(hits), groups: null, hitsAlone: true, notes };
  }
  return { unreadable: `None of ${lines} lines is an attempt, a sum or a hit of garak.` };
}

/** One probe may be judged by several detectors: the worst of them counts, so that nothing is counted twice. */
function merged(sums: readonly ProbeGroup[]): ProbeGroup[] {
  const worst = new Map<string, ProbeGroup>();
  for (const each of sums) {
    const key = `${each.family}|${each.technique}`;
    const held = worst.get(key);
    const share = (it: ProbeGroup): number => it.held / Math.max(1, it.held + it.fell);
    if (held === undefined || share(each) < share(held)) worst.set(key, each);
  }
  return [...worst.values()];
}
