import { readGarak } from './garak.ts';
import { readPromptfoo } from './promptfoo.ts';
import { isMembers, type ProbeReport, REPORT_LIMITS, type UnreadableReport } from './report.ts';

export { type ProbeReport, REPORT_LIMITS, type ReportRow } from './report.ts';

/** A test of promptfoo by itself, as `--output results.jsonl` writes one on each line. */
const isTest = (it: unknown): boolean =>
  isMembers(it) && ('success' in it || 'gradingResult' in it) && ('testCase' in it || 'vars' in it);

function readPromptfooLines(text: string): ProbeReport | UnreadableReport {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const tests = lines.flatMap((line) => {
    try {
      return [JSON.parse(line) as unknown];
    } catch {
      return [];
    }
  });
  const read = readPromptfoo({ results: tests });
  const damaged = lines.length - tests.length;
  return 'unreadable' in read || damaged === 0
    ? read
    : { ...read, notes: [...read.notes, `${damaged} of ${lines.length} lines are no JSON and were left out.`] };
}

/** Reads a results file of promptfoo (one JSON object, or a test on each line) or of garak (a JSON object on each line). */
export function readReport(given: string): ProbeReport | UnreadableReport {
  const text = given.replace(/^\uFEFF/, '').trim();
  if (text === '') return { unreadable: 'The file is empty.' };
  if (text.length > REPORT_LIMITS.characters)
    return {
      unreadable: `The file is larger than ${REPORT_LIMITS.characters / 1024 / 1024} MiB. Of garak, read in the hit log instead; of promptfoo, split the run.`,
    };
  if (!text.startsWith('{') && !text.startsWith('['))
    return {
      unreadable: 'The file is neither JSON nor JSON lines: results of promptfoo are JSON, of garak JSON lines.',
    };
  const line = text.slice(0, text.indexOf('\n') === -1 ? text.length : text.indexOf('\n'));
  try {
    const first: unknown = JSON.parse(line);
    if (line.length < text.length && isTest(first)) return readPromptfooLines(text);
    // A whole object on the first line, with others after it or marks of garak in it.
    if (line.length < text.length || /"(?:entry_type|detector)"/.test(line)) return readGarak(text);
    return readPromptfoo(first);
  } catch {
    // The first line is no whole object: one object over many lines.
  }
  try {
    return readPromptfoo(JSON.parse(text));
  } catch (error) {
    return { unreadable: `The file is not whole JSON: ${(error as Error).message.slice(0, 120)}.` };
  }
}
