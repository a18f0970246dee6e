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

/** Plugins of promptfoo by what they try; those not named are counted without a technique. */
const PLUGINS: readonly (readonly [RegExp, readonly [string | null, string | null]])[] = [
  [/^(?:indirect-prompt-injection|rag-poisoning)/, ['AML.T0051.001', 'LLM01:2026']],
  [/^rag-document-exfiltration/, ['AML.T0057', 'LLM09:2026']],
  [/^(?:prompt-extraction|system-prompt-override)/, ['AML.T0056', 'LLM08:2026']],
  [/^(?:hijacking|beavertails|harmbench|pliny|cca|off-topic|goal-misalignment)/, ['AML.T0051.000', 'LLM01:2026']],
  [/^ascii-smuggling/, ['AML.T0068', 'LLM01:2026']],
  [/^(?:pii|cross-session-leak|harmful:privacy|coppa|ferpa)/, ['AML.T0057', 'LLM02:2026']],
  [/^data-exfil/, ['AML.T0077', 'LLM10:2026']],
  [
    /^(?:excessive-agency|rbac|bola|bfla|tool-discovery|mcp|sql-injection|shell-injection|ssrf|debug-access|agentic)/,
    ['AML.T0053', 'LLM03:2026'],
  ],
  [/^memory-poisoning/, ['AML.T0080', 'LLM05:2026']],
  [/^(?:hallucination|overreliance|contracts|unverifiable-claims|harmful:misinformation)/, ['AML.T0062', 'LLM07:2026']],
  [/^(?:divergent-repetition|reasoning-dos)/, ['AML.T0034', 'LLM06:2026']],
];
/** Where the plugin says nothing, the way it was delivered may. */
const STRATEGIES: readonly (readonly [RegExp, readonly [string | null, string | null]])[] = [
  [
    /^(?:jailbreak|crescendo|goat|best-of-n|likert|prompt-injection|mischievous|authoritative)/,
    ['AML.T0054', 'LLM01:2026'],
  ],
  [
    /^(?:base64|hex|rot13|leetspeak|morse|piglatin|homoglyph|camelcase|emoji|multilingual)/,
    ['AML.T0068', 'LLM01:2026'],
  ],
];
const among = (list: typeof PLUGINS, name: string | null): readonly [string | null, string | null] | undefined =>
  name === null ? undefined : list.find(([it]) => it.test(name))?.[1];

function rowOf(test: Members, index: number): ReportRow {
  const testCase = isMembers(test.testCase) ? test.testCase : {};
  const metadata = {
    ...(isMembers(testCase.metadata) ? testCase.metadata : {}),
    ...(isMembers(test.metadata) ? test.metadata : {}),
  } as Members;
  const vars = isMembers(test.vars) ? test.vars : isMembers(testCase.vars) ? testCase.vars : {};
  const plugin = textIn(metadata.pluginId, 60);
  const strategy = textIn(metadata.strategyId, 60);
  const prompt = isMembers(test.prompt) ? textIn(test.prompt.raw) : textIn(test.prompt);
  const injected = Object.values(vars).filter((it): it is string => typeof it === 'string');
  const question = (injected.length === 1 ? injected[0]!.slice(0, REPORT_LIMITS.text) : prompt) ?? '';
  const response = isMembers(test.response) ? test.response : {};
  const output =
    typeof response.output === 'string'
      ? response.output
      : response.output === undefined
        ? null
        : JSON.stringify(response.output);
  const grading = isMembers(test.gradingResult) ? test.gradingResult : {};
  // 2: the test failed for another reason than an assertion, so the system was not judged.
  const judged =
    test.failureReason !== 2 && (output !== null || (typeof test.success === 'boolean' && textIn(test.error) === null));
  const held = typeof test.success === 'boolean' && judged ? test.success : null;
  const reason = textIn(grading.reason, 500) ?? textIn(test.error, 500);
  const family = plugin ?? 'promptfoo test';
  return {
    id: `pf-${nameOf(`${family}|${strategy ?? ''}|${question || index}`)}`,
    title: (textIn(testCase.description, 200) ?? [plugin, strategy].filter(Boolean).join(', ')) || `test ${index + 1}`,
    question,
    answer: output?.slice(0, REPORT_LIMITS.text) ?? null,
    held,
    reasons: held === true || reason === null ? [] : [reason],
    probe: markOf(family, among(PLUGINS, plugin) ?? among(STRATEGIES, strategy)),
  };
}

function severities(results: readonly unknown[]): string {
  const counts = new Map<string, number>();
  for (const test of results) {
    if (!isMembers(test) || test.success !== false) continue;
    const testCase = isMembers(test.testCase) && isMembers(test.testCase.metadata) ? test.testCase.metadata : {};
    const own: Members = isMembers(test.metadata) ? test.metadata : {};
    const severity = textIn(testCase.severity ?? own.severity, 20);
    if (severity !== null) counts.set(severity, (counts.get(severity) ?? 0) + 1);
  }
  return [...counts]
    .slice(0, 8)
    .map(([severity, n]) => `${n} ${severity}`)
    .join(', ');
}

/** The results file of `promptfoo eval --output results.json` or of a red team run: versions 2 and 3 of its summary, or bare results. */
export function readPromptfoo(file: unknown): ProbeReport | UnreadableReport {
  if (!isMembers(file)) return { unreadable: 'The file holds no JSON object, as results of promptfoo do.' };
  const summary = isMembers(file.results) ? file.results : file;
  const tests = Array.isArray(summary.results) ? summary.results : Array.isArray(file.results) ? file.results : null;
  if (tests === null)
    return { unreadable: 'The file has no list under results.results: it is no results file of promptfoo.' };
  const good = tests.filter(isMembers).filter((test) => 'success' in test || 'gradingResult' in test);
  if (good.length === 0) return { unreadable: 'No test of the file says whether it succeeded.' };
  const taken = good.slice(0, REPORT_LIMITS.rows);
  const rows = [...new Map(taken.map(rowOf).map((row) => [row.id, row])).values()];
  const notes: string[] = [];
  if (good.length > taken.length) notes.push(`${good.length} tests; the first ${taken.length} were taken.`);
  if (tests.length > good.length) notes.push(`${tests.length - good.length} entries are no test and were left out.`);
  if (rows.length < taken.length) notes.push(`${taken.length - rows.length} tests stand there twice and count once.`);
  if (rows.every(({ probe }) => probe.family === 'promptfoo test'))
    notes.push('No test names a red team plugin: they are counted without a technique.');
  const config = isMembers(file.config) ? file.config : {};
  const metadata = isMembers(file.metadata) ? file.metadata : {};
  const scores = taken.flatMap(({ score }) => (typeof score === 'number' && Number.isFinite(score) ? [score] : []));
  const graver = severities(taken);
  const mean = scores.length === 0 ? null : scores.reduce((sum, each) => sum + each, 0) / scores.length;
  const own = [
    mean === null ? '' : `mean score ${mean.toFixed(2)}`,
    graver === '' ? '' : `failed by severity: ${graver}`,
  ].filter(Boolean);
  return {
    tool: 'promptfoo',
    toolVersion: textIn(metadata.promptfooVersion, 40),
    target: textIn(config.description, 200) ?? null,
    rows,
    groups: null,
    hitsAlone: false,
    toolScore: own.length === 0 ? null : own.join('; '),
    notes,
  };
}
