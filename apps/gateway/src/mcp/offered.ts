import { createHash } from 'node:crypto';
import { toolsText } from '@firebreak/core/detect/signals';
import { isJson } from './message.ts';

const MOST_LISTS = 1_000;
const MOST_UNFINISHED = 50;
const MOST_TOOLS = 2_000;
const MOST_TEXT = 4 * 1024 * 1024;

interface Unfinished {
  readonly texts: readonly string[];
  readonly size: number;
  /** What the next page has to be asked with. */
  readonly next: string;
}

/** Of what a model is not shown, nothing is compared: it may be made anew for every answer. */
function definitionOf(tool: unknown): string {
  if (!isJson(tool)) return JSON.stringify(tool) ?? '';
  const { _meta: _, icons: __, ...definition } = tool;
  return JSON.stringify(definition);
}

function keep<T>(held: Map<string, T>, key: string, it: T, most: number): void {
  held.delete(key);
  held.set(key, it);
  if (held.size > most) held.delete(held.keys().next().value!);
}

/**
 * Digests of the tools a server offered, as it described them and before any was left out: by whom it offered them to, as
 * servers may offer others to others. A list in pages counts once its last page is there.
 */
export class Offered {
  private readonly digests = new Map<string, string>();
  private readonly unfinished = new Map<string, Unfinished>();

  /** An answer to `tools/list` that was asked with this cursor. `to`: to whom, the narrowest name first. */
  note(to: readonly string[], cursor: unknown, answer: unknown): void {
    if (!isJson(answer) || !isJson(answer.result) || !Array.isArray(answer.result.tools)) return;
    const [key] = to;
    if (key === undefined) return;
    const before = cursor === undefined || cursor === null ? { texts: [], size: 0 } : this.before(key, cursor);
    this.unfinished.delete(key);
    if (before === undefined) return;
    const texts = [...before.texts];
    let size = before.size;
    for (const tool of answer.result.tools) {
      const text = definitionOf(tool);
      size += text.length;
      texts.push(text);
      if (size > MOST_TEXT || texts.length > MOST_TOOLS) return;
    }
    const next = answer.result.nextCursor;
    if (typeof next === 'string') {
      keep(this.unfinished, key, { texts, size, next }, MOST_UNFINISHED);
      return;
    }
    const digest = createHash('sha256').update(toolsText(texts)).digest('hex').slice(0, 32);
    for (const each of to) keep(this.digests, each, digest, MOST_LISTS);
  }

  private before(key: string, cursor: unknown): Unfinished | undefined {
    const held = this.unfinished.get(key);
    return held?.next === cursor ? held : undefined;
  }

  /** Digest of the newest list that was offered to the first of these that was offered any; undefined: none was seen. */
  to(whom: readonly string[]): string | undefined {
    for (const each of whom) {
      const digest = this.digests.get(each);
      if (digest !== undefined) return digest;
    }
    return undefined;
  }
}
