export type { Corpus, CorpusFact, PublicReport } from './corpus.ts';
export { CORPUS_FACTS, CORPUS_LIMIT, CORPUS_STREAM, foldCorpus, importReports } from './corpus.ts';
export type { Likeness, Shelved } from './library.ts';
export { Library } from './library.ts';
export type { BadRow, Snapshot } from './snapshot.ts';
export { readSnapshot } from './snapshot.ts';
