import { readSystemsFile, writeSystemsFile } from '@firebreak/client/systems-file';

export type FileQuestion = { readonly read: string } | { readonly write: readonly object[] };
export type FileAnswer =
  | { readonly systems: readonly unknown[]; readonly lines: readonly number[] }
  | { readonly text: string }
  | { readonly fault: string };

function answer(question: FileQuestion): FileAnswer {
  try {
    if ('write' in question) return { text: writeSystemsFile(question.write) };
    const { systems, lineOf } = readSystemsFile(question.read);
    return { systems, lines: systems.map((_, row) => lineOf(row)) };
  } catch (error) {
    return { fault: (error as Error).message };
  }
}

self.onmessage = ({ data }: MessageEvent<FileQuestion>) => self.postMessage(answer(data));
