import { readCasesFile, writeCasesFile } from '@firebreak/client/eval-file';
import type { EvalCase } from '@firebreak/contract/detect/evals';

export type CasesQuestion = { readonly read: string } | { readonly write: readonly EvalCase[] };
export type CasesAnswer =
  | { readonly cases: readonly EvalCase[]; readonly notes: readonly string[] }
  | { readonly text: string }
  | { readonly fault: string };

function answer(question: CasesQuestion): CasesAnswer {
  try {
    return 'write' in question ? { text: writeCasesFile(question.write) } : readCasesFile(question.read);
  } catch (error) {
    return { fault: (error as Error).message };
  }
}

self.onmessage = ({ data }: MessageEvent<CasesQuestion>) => self.postMessage(answer(data));
