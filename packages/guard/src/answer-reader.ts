import type { Verdict } from '@firebreak/core/respond/containment';
import { callsIn } from './vendor-tools.ts';

type Json = Readonly<Record<string, unknown>>;

/** Phrases have at most 500 characters; what patterns are to find stands within this much of a streamed answer. */
const WINDOW = 4_000;
const DEPTH = 8;
const WORDS = new Set(['content', 'text', 'refusal', 'delta']);
const INSIDE = new Set(['choices', 'message', 'delta', 'content', 'output', 'candidates', 'parts', 'content_block']);

/** The words of an answer, or of one event of it, in the shapes of OpenAI, Anthropic and Gemini. */
export function wordsOf(value: unknown, depth = 0): string {
  if (depth > DEPTH || typeof value !== 'object' || value === null) return '';
  if (Array.isArray(value)) return value.map((each) => wordsOf(each, depth + 1)).join('');
  let out = '';
  for (const [name, inner] of Object.entries(value as Json))
    if (typeof inner === 'string') out += WORDS.has(name) ? inner : '';
    else if (INSIDE.has(name)) out += wordsOf(inner, depth + 1);
  return out;
}

/** The verdict that ends an answer with these words and calls of these tools, if one does. */
export type JudgeAnswer = (text: string, calls: readonly string[]) => Verdict | undefined;

/** Judges a streamed answer as it comes, each event before any of it is passed on; gives the verdict that ends it, if one does. */
export function streamReader(judge: JudgeAnswer): (chunk: Uint8Array) => Verdict | undefined {
  const decoder = new TextDecoder();
  let rest = '';
  let words = '';
  return (chunk) => {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    let more = '';
    const calls: string[] = [];
    for (const line of lines) {
      if (!line.startsWith('data:')) continue;
      try {
        const event: unknown = JSON.parse(line.slice(5));
        more += wordsOf(event);
        calls.push(...callsIn(event));
      } catch {
        // `[DONE]`, and what is not JSON.
      }
    }
    if (more === '' && calls.length === 0) return undefined;
    words = words.slice(-WINDOW) + more;
    return judge(more === '' ? '' : words, calls);
  };
}
