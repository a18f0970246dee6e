import { STOP_WORDS, stem, words } from '../../text/index.ts';
import { themesOf } from './themes.ts';

/** What is told of an incident. Only the title is needed; whatever else is known helps. */
export interface ReportText {
  readonly title: string;
  readonly description?: string | undefined;
  /** Who ran the AI system, as names or slugs. */
  readonly deployers?: readonly string[] | undefined;
  /** Who was hurt, as names or slugs. */
  readonly harmed?: readonly string[] | undefined;
}

export interface ReportTerms {
  /** How often each term occurs. */
  readonly counts: ReadonlyMap<string, number>;
  /** The words of the report that a term stands for. */
  readonly said: ReadonlyMap<string, ReadonlySet<string>>;
}

const MOST_WORDS = 600;
const MOST_NAMES = 20;

/** Kept although they carry no subject in a search: they tell who did what to whom. */
const TELLING = new Set(['against', 'without', 'not', 'cannot', "can't", 'during', 'after', 'over']);

interface Stemmed {
  readonly stem: string;
  readonly word: string;
}

function stemsOf(text: string, most: number): Stemmed[] {
  const found: Stemmed[] = [];
  for (const { folded } of words(text.replaceAll('-', ' '), most)) {
    if (folded.length < 2 || /^\d+$/.test(folded)) continue;
    if (STOP_WORDS.has(folded) && !TELLING.has(folded)) continue;
    found.push({ stem: stem(folded), word: folded });
  }
  return found;
}

/**
 * The terms a report is judged by: stems, pairs of neighbouring stems (`a b`), themes (`#fraud`), and the words of those
 * named in it (`by:…`, `hurt:…`). A title counts twice. At most 600 words and 20 names of each kind are read.
 */
export function termsOfReport(report: ReportText): ReportTerms {
  const counts = new Map<string, number>();
  const said = new Map<string, Set<string>>();
  const see = (term: string, word: string, times = 1) => {
    counts.set(term, (counts.get(term) ?? 0) + times);
    const held = said.get(term);
    if (held) held.add(word);
    else said.set(term, new Set([word]));
  };
  const read = (text: string, times: number) => {
    let last: Stemmed | null = null;
    for (const each of stemsOf(text, MOST_WORDS)) {
      see(each.stem, each.word, times);
      for (const theme of themesOf(each.stem)) see(`#${theme}`, each.word, times);
      if (last !== null) see(`${last.stem} ${each.stem}`, `${last.word} ${each.word}`, times);
      last = each;
    }
  };
  read(report.title, 2);
  read(report.description ?? '', 1);
  const name = (mark: string, names: readonly string[] = []) => {
    for (const each of names.slice(0, MOST_NAMES))
      for (const { stem: stemmed, word } of stemsOf(each, 20)) see(`${mark}:${stemmed}`, word);
  };
  name('by', report.deployers);
  name('hurt', report.harmed);
  return { counts, said };
}
