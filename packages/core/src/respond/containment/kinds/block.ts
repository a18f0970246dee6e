import { compilePattern, type LinearPattern } from '../../../patterns/index.ts';
import { type Asking, baseFaults, type ControlKind, type Fault, listFaults, type Ordering } from '../control.ts';
import { disableInstead } from './disable.ts';

/** Refuses texts with certain words, or that fit certain patterns. */
export interface Block {
  readonly kind: 'block';
  readonly feature?: string;
  readonly message?: string;
  readonly inFlight?: 'drain';
  /** Found anywhere in the text, whatever their case. */
  readonly phrases?: readonly string[];
  /** Of the linear-time engine; nothing a responder writes can take the application down. */
  readonly patterns?: readonly string[];
  /** Which way the text passes; both unless said. */
  readonly direction?: 'input' | 'output';
}

export const PHRASE_LIMIT = 100;
export const PATTERN_LIMIT = 20;
const PHRASE_LENGTH = 500;

function phraseFaults(pointer: string, phrase: unknown): Fault[] {
  const good = typeof phrase === 'string' && phrase.trim().length >= 2 && phrase.length <= PHRASE_LENGTH;
  return good ? [] : [{ pointer, why: `use 2 to ${PHRASE_LENGTH} characters` }];
}

function patternFaults(pointer: string, pattern: unknown): Fault[] {
  if (typeof pattern !== 'string' || pattern === '') return [{ pointer, why: 'write a pattern' }];
  const compiled = compilePattern(pattern);
  if ('fault' in compiled) return [{ pointer, why: compiled.fault }];
  return compiled.test('') ? [{ pointer, why: 'it fits every text; say what is to be found' }] : [];
}

function check(control: Block): readonly Fault[] {
  const { phrases, patterns, direction } = control;
  const faults: Fault[] = baseFaults(control);
  if (phrases === undefined && patterns === undefined)
    faults.push({ pointer: '', why: 'list phrases, patterns, or both' });
  if (phrases !== undefined) faults.push(...listFaults('/phrases', phrases, PHRASE_LIMIT, 'phrases', phraseFaults));
  if (patterns !== undefined)
    faults.push(...listFaults('/patterns', patterns, PATTERN_LIMIT, 'patterns', patternFaults));
  if (direction !== undefined && direction !== 'input' && direction !== 'output')
    faults.push({ pointer: '/direction', why: 'say "input" or "output", or leave it out for both' });
  return faults;
}

function describe({ phrases = [], patterns = [], direction, feature }: Block): string {
  const [first] = [...phrases.map((phrase) => `“${phrase}”`), ...patterns.map((pattern) => `/${pattern}/`)];
  const count = phrases.length + patterns.length;
  const what = count === 1 ? first : `${first} and ${count - 1} more`;
  const where = direction === undefined ? '' : direction === 'input' ? ' in questions' : ' in answers';
  return `block ${what}${where}${feature === undefined ? '' : ` for ${feature}`}`;
}

interface Finder {
  readonly phrases: readonly string[];
  readonly patterns: readonly LinearPattern[];
}
const finders = new WeakMap<Block, Finder>();

function finderOf(control: Block): Finder {
  let finder = finders.get(control);
  if (finder === undefined) {
    const patterns = (control.patterns ?? []).flatMap((source) => {
      const pattern = compilePattern(source);
      return 'fault' in pattern ? [] : [pattern];
    });
    finder = { phrases: (control.phrases ?? []).map((phrase) => phrase.toLowerCase()), patterns };
    finders.set(control, finder);
  }
  return finder;
}

function apply(control: Block, request: Asking): 'deny' | undefined {
  const { text } = request;
  if (text === undefined) return undefined;
  if (control.direction !== undefined && control.direction !== (request.direction ?? 'input')) return undefined;
  const { phrases, patterns } = finderOf(control);
  if (phrases.length > 0) {
    const lower = text.toLowerCase();
    for (const phrase of phrases) if (lower.includes(phrase)) return 'deny';
  }
  for (const pattern of patterns) if (pattern.test(text)) return 'deny';
  return undefined;
}

export const block: ControlKind<Block> = { kind: 'block', check, apply };
export const orderingBlock: Ordering<Block> = { describe, safeSuperset: disableInstead };
