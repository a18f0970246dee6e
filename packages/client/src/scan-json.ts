interface Scanned {
  /** Line, from 1, on which each value of the list begins. */
  readonly lines: readonly number[];
  /** The first member that stands twice in one object. */
  readonly duplicate: { readonly key: string; readonly line: number; readonly column: number } | null;
}

const OPENS = new Set(['{', '[']);

/** What `JSON.parse` throws away: where the values of a list begin, and members that stand twice. The text is valid JSON. */
export function scanJson(text: string, listUnder: string | null): Scanned {
  const lines: number[] = [];
  const members: (Set<string> | null)[] = [];
  let line = 1;
  let lineStart = 0;
  let key: string | null = null;
  let listDepth = listUnder === null ? 1 : -1;
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!;
    if (char === '\n') {
      line += 1;
      lineStart = i + 1;
      continue;
    }
    if (char === ' ' || char === '\r' || char === '\t' || char === ',' || char === ':') continue;
    if (char === '}' || char === ']') {
      if (members.length === listDepth) listDepth = 0;
      members.pop();
      continue;
    }
    const open = members.at(-1);
    if (members.length === listDepth && !open) lines.push(line);
    if (OPENS.has(char)) {
      members.push(char === '{' ? new Set() : null);
      if (char === '[' && members.length === 2 && key === listUnder && listDepth === -1) listDepth = 2;
      key = null;
      continue;
    }
    const from = i;
    if (char === '"') for (i++; text[i] !== '"'; i++) if (text[i] === '\\') i++;
    if (char !== '"') while (i + 1 < text.length && !/[\s,\]}]/.test(text[i + 1]!)) i++;
    if (char !== '"' || !open || !isKey(text, i)) continue;
    key = JSON.parse(text.slice(from, i + 1)) as string;
    if (open.has(key)) return { lines, duplicate: { key, line, column: from - lineStart + 1 } };
    open.add(key);
  }
  return { lines, duplicate: null };
}

function isKey(text: string, end: number): boolean {
  for (let i = end + 1; i < text.length; i++) if (!/\s/.test(text[i]!)) return text[i] === ':';
  return false;
}
