import type { FileAnswer, FileQuestion } from './systems-file-worker.ts';

/** Ten thousand systems take seconds to read; in a worker of its own the screen goes on, and nothing of it is loaded before. */
function ask(question: FileQuestion): Promise<FileAnswer> {
  const worker = new Worker(new URL('./systems-file-worker.ts', import.meta.url), { type: 'module' });
  return new Promise<FileAnswer>((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<FileAnswer>) => resolve(data);
    worker.onerror = (event) => reject(new Error(event.message || 'the part that reads files could not be loaded'));
    worker.postMessage(question);
  }).finally(() => worker.terminate());
}

export interface ReadFile {
  readonly systems: readonly unknown[];
  /** Line of each row, from 1. */
  readonly lines: readonly number[];
}

/** The systems of a file; a sentence that says where it is wrong where it cannot be read. */
export async function readFileOfSystems(text: string): Promise<ReadFile | string> {
  const answer = await ask({ read: text });
  if ('fault' in answer) return answer.fault;
  return 'systems' in answer ? answer : 'The file could not be read.';
}

/** The systems as YAML. */
export async function writeFileOfSystems(systems: readonly object[]): Promise<string> {
  const answer = await ask({ write: systems });
  if ('text' in answer) return answer.text;
  throw new Error('fault' in answer ? answer.fault : 'The file could not be written.');
}
