import { type Decision, type Fact, ofTypes, type Recorded, refuse } from '../../kernel/index.ts';

/** A published incident, as a public collection tells it. */
export interface PublicReport {
  /** Of the form `aiid:23`. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  /** `2024-02-23`, or `null` where nobody says. */
  readonly date: string | null;
  readonly deployers: readonly string[];
  readonly harmed: readonly string[];
  readonly link: string | null;
}

/** Reports of others, kept so that own incidents can be compared with them; a later one with the same id replaces. */
export type CorpusFact = Fact<
  'corpus.imported',
  { readonly source: string; readonly reports: readonly PublicReport[] }
>;
export const CORPUS_FACTS = ['corpus.imported'] as const satisfies CorpusFact['type'][];

/** The stream of the public reports. */
export const CORPUS_STREAM = 'corpus';
export const CORPUS_LIMIT = 20_000;
const AT_ONCE = 100;

export type Corpus = ReadonlyMap<string, PublicReport>;

export function foldCorpus(facts: readonly Recorded[]): Corpus {
  const corpus = new Map<string, PublicReport>();
  // Once their values are shredded there is nothing to compare with.
  for (const { data } of ofTypes<CorpusFact>(facts, CORPUS_FACTS))
    if (Array.isArray(data.reports)) for (const report of data.reports) corpus.set(report.id, report);
  return corpus;
}

/** The same for the same report, in whatever order its members come back. */
const told = ({ title, description, date, deployers, harmed, link }: PublicReport): string =>
  JSON.stringify([title, description, date, deployers, harmed, link]);

/** Records what is new or told differently, a hundred reports to a fact. Importing the same again records nothing. */
export function importReports(
  corpus: Corpus,
  { source, reports }: { readonly source: string; readonly reports: readonly PublicReport[] },
): Decision<CorpusFact> {
  const changed = reports.filter((report) => {
    const held = corpus.get(report.id);
    return held === undefined || told(held) !== told(report);
  });
  const known = changed.filter((report) => corpus.has(report.id)).length;
  if (corpus.size + changed.length - known > CORPUS_LIMIT)
    return refuse(
      'corpus.too-large',
      `At most ${CORPUS_LIMIT.toLocaleString('en')} public reports are kept; there are ${corpus.size.toLocaleString('en')} already. Import fewer.`,
    );
  const facts: CorpusFact[] = [];
  for (let at = 0; at < changed.length; at += AT_ONCE)
    facts.push({ type: 'corpus.imported', data: { source, reports: changed.slice(at, at + AT_ONCE) } });
  return facts;
}
