import type { Verdict } from '@firebreak/core/respond/containment';

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

/** Judges the words of a streamed answer as they come; gives the verdict that ends it, if one does. */
export function streamReader(judge: (text: string) => Verdict): (chunk: Uint8Array) => Verdict | undefined {
  const decoder = new TextDecoder();
  let rest = '';
  let words = '';
  return (chunk) => {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    let more = '';
    for (const line of lines) {
      if (!line.startsWith('data:')) continue;
      try {
        more += wordsOf(JSON.parse(line.slice(5)));
      } catch {
        // `[DONE]`, and what is not JSON.
      }
    }
    if (more === '') return undefined;
    words = words.slice(-WINDOW) + more;
    const verdict = judge(words);
    return verdict.action === 'deny' ? verdict : undefined;
  };
}
