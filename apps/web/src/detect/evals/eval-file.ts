import type { EvalCase } from '@firebreak/contract/detect/evals';
import type { CasesAnswer, CasesQuestion } from './eval-file-worker.ts';

/** The part that reads YAML is large and may take its time: it has a worker of its own, loaded when first asked. */
function ask(question: CasesQuestion): Promise<CasesAnswer> {
  const worker = new Worker(new URL('./eval-file-worker.ts', import.meta.url), { type: 'module' });
  return new Promise<CasesAnswer>((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<CasesAnswer>) => resolve(data);
    worker.onerror = (event) => reject(new Error(event.message || 'the part that reads files could not be loaded'));
    worker.postMessage(question);
  }).finally(() => worker.terminate());
}

export interface FileOfCases {
  readonly cases: readonly EvalCase[];
  readonly notes: readonly string[];
}

/** The cases of a file, or a sentence that says where it is wrong. */
export async function readFileOfCases(text: string): Promise<FileOfCases | string> {
  const answer = await ask({ read: text });
  return 'fault' in answer ? answer.fault : 'cases' in answer ? answer : 'The file could not be read.';
}

/** Hands the cases to the browser as a YAML file. */
export async function saveFileOfCases(name: string, cases: readonly EvalCase[]): Promise<void> {
  const answer = await ask({ write: cases });
  if (!('text' in answer)) throw new Error('fault' in answer ? answer.fault : 'the file could not be written');
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([answer.text], { type: 'application/yaml' }));
  link.download = `${name.toLowerCase().replace(/[^a-z0-9]+/g, '-')}.yaml`;
  link.click();
  URL.revokeObjectURL(link.href);
}
