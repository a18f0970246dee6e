import type { TakenOut } from '../../prepare/records/index.ts';
import { personalSpans } from './personal-kinds.ts';
import { secretSpans } from './secrets.ts';

export interface Redacted {
  readonly text: string;
  /** How many of each kind were taken out; kinds that were not there are left out. */
  readonly counts: Readonly<Partial<Record<TakenOut, number>>>;
}

const usualMark = (kind: TakenOut): string => `[${kind.toUpperCase()}]`;
/** What stands in records where something was taken out before they were kept. */
export const takenOutMark = (kind: TakenOut): string => `[${kind.toUpperCase()} taken out]`;

const READ = 64 * 1024;
const CUT = ' [not read, cut off]';

/**
 * The text with every value of these kinds replaced by its kind in brackets, such as `[EMAIL_ADDRESS]`. What has no form
 * that can be checked (names, postal addresses) stays. What lies beyond 64 Ki UTF-16 units is cut off, because nobody has
 * looked at it. Linear in the length.
 */
export function redact(text: string, kinds: ReadonlySet<TakenOut>, mark = usualMark): Redacted {
  if (kinds.size === 0 || text === '') return { text, counts: {} };
  const spans: { start: number; end: number; kind: TakenOut }[] = kinds.has('secret')
    ? secretSpans(text).map(({ start, end }) => ({ start, end, kind: 'secret' }))
    : [];
  for (const { start, end, type } of personalSpans(text)) if (kinds.has(type)) spans.push({ start, end, kind: type });
  spans.sort((a, b) => a.start - b.start || b.end - a.end);
  const counts: Partial<Record<TakenOut, number>> = {};
  let made = '';
  let at = 0;
  for (const { start, end, kind } of spans) {
    // Two kinds may claim the same words: the first one wins, and its neighbour goes with it.
    if (start < at) {
      at = Math.max(at, end);
      continue;
    }
    made += `${text.slice(at, start)}${mark(kind)}`;
    at = end;
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  const rest = text.slice(at, READ);
  return { text: text.length > READ ? `${made}${rest}${CUT}` : `${made}${rest}`, counts };
}
