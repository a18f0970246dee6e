import type { EvalCaseGiven as CaseGiven } from '@firebreak/contract/detect/evals';

type Checks = NonNullable<CaseGiven['checks']>[number];
type Members = Readonly<Record<string, unknown>>;

export const isMembers = (it: unknown): it is Members => typeof it === 'object' && it !== null && !Array.isArray(it);
const textOf = (it: unknown): string | null =>
  typeof it === 'string' ? it : typeof it === 'number' || typeof it === 'boolean' ? String(it) : null;
const listOf = (it: unknown): string[] => [it].flat().flatMap((each) => textOf(each) ?? []);

/** Names under which a test usually carries the question itself. */
const QUESTIONS = ['question', 'query', 'input', 'prompt', 'message', 'text', 'user'];

function rendered(template: string, vars: Members): string {
  return template.replace(/\{\{\s{0,5}([A-Za-z_][\w.]{0,80})\s{0,5}(?:\|[^}]{0,80})?\}\}/g, (whole, name: string) => {
    const value = vars[name];
    return value === undefined ? whole : (textOf(value) ?? JSON.stringify(value));
  });
}

function messagesOf(prompt: string, vars: Members): CaseGiven['input'] {
  const text = rendered(prompt, vars);
  if (/^\s*\[/.test(text))
    try {
      const read: unknown = JSON.parse(text);
      const messages = Array.isArray(read)
        ? read.flatMap((it) =>
            isMembers(it) && typeof it.role === 'string' && typeof it.content === 'string'
              ? [{ role: it.role, content: it.content }]
              : [],
          )
        : [];
      if (messages.length > 0) return messages;
    } catch {
      // It begins like a list and is words.
    }
  return [{ role: 'user', content: text }];
}

function questionIn(vars: Members): string | null {
  for (const name of QUESTIONS) if (typeof vars[name] === 'string') return vars[name];
  const texts = Object.values(vars).filter((it): it is string => typeof it === 'string');
  return texts.length === 1 ? texts[0]! : null;
}

const check = (kind: Checks['kind'], value = '', values: string[] = []): Checks => ({ kind, value, values });

interface Read {
  readonly checks: Checks[];
  expect: NonNullable<CaseGiven['expect']>;
  judge: string | null;
  readonly leftOut: Set<string>;
}

function readAssertion(it: Members, into: Read): void {
  const type = textOf(it.type) ?? '';
  const values = listOf(it.value);
  const [value = ''] = values;
  const refuses = type.replace(/^not-/, '') === 'is-refusal';
  if (refuses) into.expect = type.startsWith('not-') ? 'answer' : 'refuse';
  else if (/^i?contains$/.test(type)) into.checks.push(check('contains', value));
  else if (/^not-i?contains$/.test(type)) into.checks.push(check('not-contains', value));
  else if (/^i?contains-any$/.test(type)) into.checks.push(check('contains-any', '', values));
  else if (/^i?contains-all$/.test(type)) into.checks.push(...values.map((each) => check('contains', each)));
  else if (type === 'equals') into.checks.push(check('equals', value));
  else if (type === 'regex') into.checks.push(check('matches', value));
  else if (type === 'not-regex') into.checks.push(check('not-matches', value));
  else if (type === 'starts-with')
    into.checks.push(check('matches', `^${value.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}`));
  else if (type === 'is-json' || type === 'contains-json')
    into.checks.push(
      check('json', isMembers(it.value) ? JSON.stringify(it.value) : value.startsWith('{') ? value : ''),
    );
  else if (['llm-rubric', 'model-graded-closedqa', 'factuality', 'g-eval'].includes(type) && value !== '')
    into.judge = into.judge === null ? value : `${into.judge}\n${value}`.slice(0, 2_000);
  else into.leftOut.add(type === '' ? 'an assertion without a type' : `“${type}”`);
}

const idOf = (text: string, index: number): string =>
  `${text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60)}-${index + 1}`.replace(/^-/, 'test-');

/** Whether a file holds tests of promptfoo: `tests`, with `vars` or `assert` in them. */
export const looksLikePromptfoo = (it: unknown): boolean => {
  const tests = isMembers(it) ? it.tests : it;
  return (
    Array.isArray(tests) &&
    tests.some((each) => isMembers(each) && (isMembers(each.vars) || Array.isArray(each.assert)))
  );
};

/**
 * Tests of a promptfoo configuration as cases. A test becomes one case: the first prompt with its variables, or the variable
 * that is the question. What asks for code, cost, likeness or another program is left out and named.
 */
export function readPromptfooTests(file: unknown): { readonly cases: CaseGiven[]; readonly notes: string[] } {
  const config = isMembers(file) ? file : { tests: file };
  const usual = isMembers(config.defaultTest) ? config.defaultTest : {};
  const prompts = [config.prompts].flat().flatMap((it) => textOf(isMembers(it) ? (it.raw ?? it.id) : it) ?? []);
  const prompt = prompts.find((each) => !each.startsWith('file://') && /\{\{/.test(each)) ?? null;
  const notes: string[] = [];
  if (prompts.some((each) => each.startsWith('file://')) && prompt === null)
    notes.push('The prompts stand in other files and were not read; each test asks its question alone.');
  if (prompts.length > 1)
    notes.push(`There are ${prompts.length} prompts; the cases ask the first that has a place for variables.`);
  const leftOut = new Set<string>();
  const cases: CaseGiven[] = [];
  let unasked = 0;
  for (const [i, test] of (Array.isArray(config.tests) ? config.tests : []).entries()) {
    if (!isMembers(test)) {
      unasked++;
      continue;
    }
    const vars = { ...(isMembers(usual.vars) ? usual.vars : {}), ...(isMembers(test.vars) ? test.vars : {}) };
    const question = prompt === null ? questionIn(vars) : null;
    if (prompt === null && question === null) {
      unasked++;
      continue;
    }
    const read: Read = { checks: [], expect: 'any', judge: null, leftOut };
    for (const it of [usual.assert, test.assert].flat()) if (isMembers(it)) readAssertion(it, read);
    for (const each of read.checks) if (each.value) each.value = rendered(each.value, vars);
    const metadata = isMembers(test.metadata) ? test.metadata : {};
    const title = textOf(test.description) ?? '';
    const input = prompt === null ? [{ role: 'user', content: question! }] : messagesOf(prompt, vars);
    const bare = read.checks.length === 0 && read.expect === 'any';
    cases.push({
      id:
        textOf(metadata.id)
          ?.replace(/[^A-Za-z0-9._-]/g, '-')
          .slice(0, 80) || idOf(title || question || 'test', i),
      title: title.slice(0, 200),
      input,
      expect: bare ? 'answer' : read.expect,
      checks: read.checks.slice(0, 20),
      judge: read.judge,
      cluster: textOf(metadata.cluster)?.slice(0, 100) || null,
      tags: listOf(metadata.tags).slice(0, 20),
    });
  }
  if (unasked > 0)
    notes.push(`${unasked} tests hold no question that could be told from their variables, and were left out.`);
  if (leftOut.size > 0) notes.push(`Left out, since nothing here reads them: ${[...leftOut].slice(0, 20).join(', ')}.`);
  return { cases, notes };
}
