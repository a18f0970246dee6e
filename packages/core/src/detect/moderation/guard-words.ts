import { HAZARDS } from './hazards.ts';
import { type Opinion, opinionOf, type Unreadable } from './opinion.ts';

const isRecord = (it: unknown): it is Record<string, unknown> =>
  typeof it === 'object' && it !== null && !Array.isArray(it);

/** `safe` or `unsafe`, alone on its line or with codes of hazards behind it. */
const VERDICT = /^\W*(safe|unsafe)\b(?:[\s:.,;()[\]-]|\bS\d{1,2}\b|<\|[a-z_]+\|>)*\W*$/i;
/** Nothing but codes, and tokens that end a turn. */
const CODES = /^(?:[\s:.,;()[\]-]|\bS\d{1,2}\b|<\|[a-z_]+\|>)*$/i;
const MOST_CHARACTERS = 65_536;

/**
 * What a guard model says: `safe`, or `unsafe` with the codes of the hazards beside or beneath it. A model that thinks
 * aloud before it is read by what it says last; thoughts that never end are no verdict, whatever words stand in them.
 */
export function guardVerdictOf(said: string): Opinion | Unreadable {
  const text = said.slice(-MOST_CHARACTERS);
  const ended = text.toLowerCase().lastIndexOf('</think>');
  const spoken = ended === -1 ? text : text.slice(ended + '</think>'.length);
  if (/<think>/i.test(spoken)) return { unreadable: 'it was still thinking when its answer ended' };
  const lines = spoken
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const at = lines.findLastIndex((line) => VERDICT.test(line));
  const beneath = lines.slice(at + 1);
  if (at === -1 || !beneath.every((line) => CODES.test(line)))
    return { unreadable: 'it says neither “safe” nor “unsafe”' };
  const flags = (line: string) => /\bunsafe\b/i.test(line);
  if (lines.some((line) => VERDICT.test(line) && flags(line) !== flags(lines[at]!)))
    return { unreadable: 'it says both “safe” and “unsafe”' };
  if (!flags(lines[at]!)) return opinionOf(false, []);
  const codes = `${lines[at]} ${beneath.join(' ')}`.toUpperCase().match(/\bS\d{1,2}\b/g) ?? [];
  return opinionOf(
    true,
    [...new Set(codes)].map((code) => ({ name: HAZARDS[code] ?? code, score: null })),
  );
}

const MOST_EVENTS = 5_000;

/** An answer in pieces (server-sent events) put together as if it had come whole; null: it is none. */
export function fromPieces(body: string): unknown {
  if (!/^\s*(?:data|event|id|retry|):/.test(body)) return null;
  let model: unknown;
  let content = '';
  let pieces = 0;
  for (const line of body.split(/\r\n|\n|\r/, MOST_EVENTS)) {
    if (!line.startsWith('data:')) continue;
    const data = line.slice('data:'.length).trim();
    if (data === '[DONE]') break;
    let piece: unknown;
    try {
      piece = JSON.parse(data);
    } catch {
      return null;
    }
    const choice = isRecord(piece) && Array.isArray(piece.choices) ? piece.choices[0] : undefined;
    const delta = isRecord(choice) ? (choice.delta ?? choice.message) : undefined;
    if (isRecord(piece)) model ??= piece.model;
    if (isRecord(delta) && typeof delta.content === 'string') {
      content += delta.content;
      pieces += 1;
    }
  }
  return pieces === 0 ? null : { model, choices: [{ message: { content } }] };
}

/** The words of a message of a chat: a text, or the texts among its parts. Null: it holds none. */
export function wordsOf(message: unknown): string | null {
  if (!isRecord(message)) return null;
  const { content } = message;
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return null;
  const texts = content
    .slice(0, 100)
    .flatMap((part) => (isRecord(part) && typeof part.text === 'string' ? [part.text] : []));
  return texts.length === 0 ? null : texts.join('');
}
