import { type EvalCaseGiven as CaseGiven, EvalCase } from '@firebreak/contract/detect/evals';
import { parseDocument, stringify } from 'yaml';
import { isMembers, looksLikePromptfoo, readPromptfooTests } from './promptfoo-tests.ts';

/** Largest file of cases, in characters. */
const MOST_CHARACTERS = 4 * 1024 * 1024;
const MOST_ALIASES = 100;
const MOST_CASES = 500;

export interface CasesRead {
  readonly cases: readonly EvalCase[];
  /** What was not taken over, sentences for whoever imports. */
  readonly notes: readonly string[];
  readonly format: 'firebreak' | 'promptfoo';
}

/** The file is none of cases; the message says where and what to do. */
export class UnreadableCases extends Error {}

function parsed(text: string): unknown {
  if (/^\s*[[{]/.test(text))
    try {
      return JSON.parse(text) as unknown;
    } catch {
      // It may be YAML in flow style; the other parser says where it is wrong.
    }
  try {
    const document = parseDocument(text, { version: '1.2', schema: 'core', uniqueKeys: true, prettyErrors: true });
    const [wrong] = document.errors;
    if (wrong) throw new UnreadableCases(`The file cannot be read: ${wrong.message.split('\n')[0]}`);
    return document.toJS({ maxAliasCount: MOST_ALIASES });
  } catch (error) {
    if (error instanceof UnreadableCases) throw error;
    throw new UnreadableCases(`The file cannot be read as YAML or JSON: ${(error as Error).message}`);
  }
}

/** `question` is short for one message of the user. */
const unfolded = (it: unknown): unknown => {
  if (!isMembers(it) || typeof it.question !== 'string') return it;
  const { question, ...rest } = it;
  return { ...rest, input: [{ role: 'user', content: question }] };
};

/**
 * Cases of a file, as YAML or JSON: a list, or an object with a list under `cases`; or the tests of a promptfoo
 * configuration. Throws UnreadableCases with the case and the member that is wrong.
 */
export function readCasesFile(given: string): CasesRead {
  const text = given.replace(/^\uFEFF/, '');
  if (text.length > MOST_CHARACTERS)
    throw new UnreadableCases(`The file is larger than ${MOST_CHARACTERS / 1024 / 1024} MiB; split it.`);
  const file = parsed(text);
  const list = isMembers(file) ? file.cases : file;
  const foreign = !Array.isArray(isMembers(file) ? file.cases : null) && looksLikePromptfoo(file);
  const { cases, notes } = foreign
    ? readPromptfooTests(file)
    : { cases: Array.isArray(list) ? (list as CaseGiven[]) : [], notes: [] as string[] };
  if (cases.length === 0)
    throw new UnreadableCases(
      'The file holds no case: neither a list of them, nor one under “cases”, nor promptfoo tests.',
    );
  if (cases.length > MOST_CASES)
    throw new UnreadableCases(
      `The file holds ${cases.length} cases; ${MOST_CASES} are the most of one suite. Split it.`,
    );
  const read = cases.map((each, i) => {
    const it = EvalCase.safeParse(unfolded(each));
    if (it.success) return it.data;
    const [issue] = it.error.issues;
    throw new UnreadableCases(`Case ${i + 1}, ${issue!.path.join('.') || 'the whole'}: ${issue!.message}`);
  });
  const twice = read.find((each, i) => read.findIndex(({ id }) => id === each.id) !== i);
  if (twice !== undefined) throw new UnreadableCases(`Two cases have the id “${twice.id}”. Give each one of its own.`);
  return { cases: read, notes, format: foreign ? 'promptfoo' : 'firebreak' };
}

const usual = { title: '', expect: 'any', judge: null, cluster: null, from: null, probe: null };
const empty = (it: unknown): boolean => Array.isArray(it) && it.length === 0;

/** Cases as YAML, without the members that say nothing. */
export function writeCasesFile(cases: readonly EvalCase[]): string {
  const rows = cases.map(({ input, checks, ...rest }) => {
    const [only] = input;
    const said = Object.entries(rest).filter(
      ([name, value]) => !empty(value) && usual[name as keyof typeof usual] !== value,
    );
    return {
      ...Object.fromEntries(said),
      ...(input.length === 1 && only?.role === 'user' ? { question: only.content } : { input }),
      ...(checks.length > 0 && {
        checks: checks.map(({ kind, value, values, limit }) => ({
          kind,
          ...(value !== '' && { value }),
          ...(values.length > 0 && { values }),
          ...(limit !== null && { limit }),
        })),
      }),
    };
  });
  return stringify({ cases: rows }, { aliasDuplicateObjects: false, lineWidth: 0 });
}
