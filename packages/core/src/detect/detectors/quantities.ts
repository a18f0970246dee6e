import { STOP_WORDS, stem } from '../../text/index.ts';

/** A figure in a text, made comparable: `two weeks` and `14 days` are the same. */
export interface Quantity {
  readonly kind: 'money' | 'percent' | 'duration' | 'count' | 'date' | 'time' | 'number';
  readonly value: string;
  /** Stem of what is counted, for a count. */
  readonly of: string | null;
  readonly text: string;
}

const NUMBER_WORDS: ReadonlyMap<string, number> = new Map(
  Object.entries({
    zero: 0,
    one: 1,
    single: 1,
    sole: 1,
    two: 2,
    three: 3,
    four: 4,
    five: 5,
    six: 6,
    seven: 7,
    eight: 8,
    nine: 9,
    ten: 10,
    eleven: 11,
    twelve: 12,
    dozen: 12,
    fourteen: 14,
    fifteen: 15,
    twenty: 20,
    thirty: 30,
    forty: 40,
    fifty: 50,
    sixty: 60,
    ninety: 90,
    hundred: 100,
  }),
);
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
/** Things of which "one" is a figure rather than an article. */
const COUNTED = new Set(
  `device computer laptop phone machine user person people seat account subscription license licence refund return exchange change
  session screen stream profile address bag item order coupon code household download installation use claim visit guest passenger
  member login location copy project workspace transfer upgrade replacement`
    .split(/\s+/)
    .map(stem),
);
const UNITS: ReadonlyMap<string, readonly [string, number]> = new Map(
  Object.entries<readonly [string, number]>({
    second: ['s', 1],
    minute: ['s', 60],
    min: ['s', 60],
    hour: ['h', 1],
    hr: ['h', 1],
    day: ['d', 1],
    night: ['d', 1],
    week: ['d', 7],
    month: ['mo', 1],
    quarter: ['mo', 3],
    year: ['mo', 12],
  }),
);
const CURRENCY: ReadonlyMap<string, string> = new Map(
  Object.entries({
    $: 'usd',
    usd: 'usd',
    dollar: 'usd',
    buck: 'usd',
    '€': 'eur',
    eur: 'eur',
    euro: 'eur',
    '£': 'gbp',
    gbp: 'gbp',
    pound: 'gbp',
    '¥': 'jpy',
    yen: 'jpy',
  }),
);

const WORD = 1;
const FIGURE = 2;
const OTHER = 3;

interface Token {
  readonly kind: typeof WORD | typeof FIGURE | typeof OTHER;
  readonly low: string;
  readonly start: number;
  readonly end: number;
}

const MOST_TOKENS = 4_000;
const isDigit = (code: number): boolean => code >= 48 && code <= 57;
const isLetter = (code: number): boolean => (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
const BLANK = /\s/;
const isBlank = (code: number): boolean =>
  code === 32 || (code >= 9 && code <= 13) || (code > 127 && BLANK.test(String.fromCharCode(code)));
const isApostrophe = (code: number): boolean => code === 39 || code === 0x2019;

/** Where a word ends that begins at `i`: letters, and once more behind an apostrophe. */
function endOfWord(text: string, i: number): number {
  let end = i + 1;
  while (end < text.length && isLetter(text.charCodeAt(end))) end++;
  if (!isApostrophe(text.charCodeAt(end)) || !isLetter(text.charCodeAt(end + 1))) return end;
  end += 2;
  while (end < text.length && isLetter(text.charCodeAt(end))) end++;
  return end;
}

/** Where a figure ends that begins at `i`: digits, at most six times more behind a comma or a dot. */
function endOfFigure(text: string, i: number): number {
  let end = i + 1;
  for (let groups = 0; ; groups++) {
    while (end < text.length && isDigit(text.charCodeAt(end))) end++;
    const code = text.charCodeAt(end);
    if (groups >= 6 || (code !== 44 && code !== 46) || !isDigit(text.charCodeAt(end + 1))) return end;
    end += 2;
  }
}

/** Words, figures, and every other character that is no blank by itself. */
function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  const whole = text.toLowerCase();
  // Where lower case is longer, places would no longer fit.
  const low = whole.length === text.length ? whole : null;
  for (let i = 0; i < text.length && tokens.length < MOST_TOKENS; ) {
    const code = text.charCodeAt(i);
    if (isBlank(code)) {
      i++;
      continue;
    }
    const kind = isLetter(code) ? WORD : isDigit(code) ? FIGURE : OTHER;
    const end = kind === WORD ? endOfWord(text, i) : kind === FIGURE ? endOfFigure(text, i) : i + 1;
    tokens.push({ kind, low: low?.slice(i, end) ?? text.slice(i, end).toLowerCase(), start: i, end });
    i = end;
  }
  return tokens;
}

/** `1,299.00` and `1.299,00` as 1299; a comma or dot before exactly three digits groups thousands. */
function numberOf(text: string): number | null {
  const word = NUMBER_WORDS.get(text);
  if (word !== undefined) return word;
  if (!/^\d/.test(text)) return null;
  const parts = text.split(/[.,]/);
  const last = parts.at(-1)!;
  const whole = parts.length > 1 && last.length !== 3 ? `${parts.slice(0, -1).join('')}.${last}` : parts.join('');
  return Number(whole);
}

function durationOf(count: number, unit: string, working: boolean): string {
  const [base, times] = UNITS.get(unit)!;
  const amount = count * times;
  if (working) return `${amount} working ${base}`;
  if (base === 'h' && amount % 24 === 0) return `${amount / 24} d`;
  if (base === 's' && amount % 3600 === 0) return `${amount / 3600} h`;
  return `${amount} ${base}`;
}

const singular = (word: string): string => (word.endsWith('s') && !word.endsWith('ss') ? word.slice(0, -1) : word);
const monthOf = (word: string): number => (word.length >= 3 ? MONTHS.indexOf(word.slice(0, 3)) : -1);
const MONTH_NAMES: ReadonlySet<string> = new Set(
  `jan january feb february mar march apr april may jun june jul july aug august sep sept september oct october nov november
  dec december`.split(/\s+/),
);
const isMonth = (word: string): boolean => MONTH_NAMES.has(word);

const NUMBERS: ReadonlySet<string> = new Set(['once', 'twice', ...NUMBER_WORDS.keys()]);
const LENGTHS = [...NUMBERS].map(({ length }) => length);
const [SHORTEST, LONGEST] = [Math.min(...LENGTHS), Math.max(...LENGTHS)];
/** Words that may be a figure or begin one. */
const SPEAKING: ReadonlySet<string> = new Set([...NUMBERS, ...MONTH_NAMES]);

/** Whether there is any figure or word of number: most sentences have none, and this is asked of every one. */
function holdsNumber(text: string): boolean {
  let start = -1;
  for (let i = 0; i <= text.length; i++) {
    const code = i === text.length ? 0 : text.charCodeAt(i);
    if (isDigit(code)) return true;
    if (isLetter(code)) {
      if (start < 0) start = i;
      continue;
    }
    const length = i - start;
    if (start >= 0 && length >= SHORTEST && length <= LONGEST && NUMBERS.has(text.slice(start, i).toLowerCase()))
      return true;
    start = -1;
  }
  return false;
}

const two = (n: number): string => String(n).padStart(2, '0');
/** `5 pm` as 17:00; null: no such hour. */
function timeOf(hour: number, minute: number, half: string | null): string | null {
  if (!Number.isInteger(hour) || minute > 59 || hour > (half === null ? 24 : 12)) return null;
  return `${two(half === null ? hour : (hour % 12) + (half === 'p' ? 12 : 0))}:${two(minute)}`;
}

/** The figures of a text. Identifiers (`#4711`, long digit runs) and list numbers are left out. At most 60. */
export function quantities(text: string): Quantity[] {
  if (!holdsNumber(text)) return [];
  const tokens = tokensOf(text);
  const found: Quantity[] = [];
  const low = (i: number): string => tokens[i]?.low ?? '';
  const touches = (i: number): boolean =>
    tokens[i] !== undefined && tokens[i + 1] !== undefined && tokens[i]!.end === tokens[i + 1]!.start;
  /** The time of day that begins at a token: `17:30`, `5 pm`, `5:30 p.m.`, `17 Uhr`. */
  const timeAt = (i: number): { readonly value: string; readonly to: number } | null => {
    const written = low(i + 1) === ':' && touches(i) && touches(i + 1) && /^\d\d$/.test(low(i + 2));
    const behind = written ? i + 3 : i + 1;
    const said = low(behind);
    const dotted = /^[ap]$/.test(said) && low(behind + 1) === '.' && low(behind + 2) === 'm';
    const half = said === 'am' || said === 'pm' || dotted ? said.charAt(0) : null;
    const hours = /^(?:uhr|o['’]clock)$/.test(said);
    if (!(written || half !== null || hours)) return null;
    const value = timeOf(numberOf(low(i)) ?? Number.NaN, written ? Number(low(i + 2)) : 0, half);
    const to = dotted ? behind + 2 : half !== null || hours ? behind : behind - 1;
    return value === null ? null : { value, to };
  };
  let i = 0;
  const add = (kind: Quantity['kind'], value: string, to: number, of: string | null = null) =>
    found.push({ kind, value, of, text: text.slice(tokens[i]!.start, tokens[Math.min(to, tokens.length - 1)]!.end) });
  for (; i < tokens.length && found.length < 60; i++) {
    const { kind, low: word } = tokens[i]!;
    if (kind === WORD && !SPEAKING.has(word)) continue;
    if (word === 'once' || word === 'twice') {
      add('count', word === 'once' ? '1' : '2', i, 'time');
      continue;
    }
    const currency = kind === OTHER ? CURRENCY.get(word) : undefined;
    if (currency !== undefined) {
      const amount = numberOf(low(i + 1));
      if (amount !== null) {
        add('money', `${amount} ${currency}`, i + 1);
        i++;
      }
      continue;
    }
    if (kind === WORD && isMonth(word) && /^\d{1,2}$/.test(low(i + 1))) {
      const year = low(i + 2) === ',' ? low(i + 3) : low(i + 2);
      add('date', `${monthOf(word) + 1}-${Number(low(i + 1))}${/^\d{4}$/.test(year) ? `-${year}` : ''}`, i + 1);
      i++;
      continue;
    }
    const number = numberOf(word);
    if (number === null) continue;
    if (low(i - 1) === '#' || /^\d{5,}$/.test(word)) continue;
    if (i === 0 && (low(1) === '.' || low(1) === ')') && touches(0)) continue;
    if (low(i + 1) === '/' && touches(i)) {
      i += 2;
      continue;
    }
    if (touches(i - 1) && /^[a-z]+$/.test(low(i - 1))) continue;
    const time = timeAt(i);
    if (time !== null) {
      add('time', time.value, time.to);
      i = time.to;
      continue;
    }
    let at = i + 1;
    let upper: number | null = null;
    if (['-', '–', '—', 'to', 'or'].includes(low(at)) && numberOf(low(at + 1)) !== null) {
      upper = numberOf(low(at + 1));
      at += 2;
    }
    if (low(at) === '-') at++;
    const working = ['business', 'working', 'work'].includes(low(at));
    if (working || low(at) === 'calendar' || low(at) === 'full' || low(at) === 'consecutive') at++;
    const unit = singular(low(at));
    const both = upper === null ? [number] : [number, upper];
    if (unit === '%' || unit === 'percent' || (unit === 'per' && low(at + 1) === 'cent')) {
      for (const n of both) add('percent', String(n), at);
      i = at;
    } else if (CURRENCY.has(unit)) {
      for (const n of both) add('money', `${n} ${CURRENCY.get(unit)}`, at);
      i = at;
    } else if (UNITS.has(unit)) {
      for (const n of both) add('duration', durationOf(n, unit, working), at);
      i = at;
    } else if (isMonth(low(at)) && /^\d/.test(word)) {
      const year = low(at + 1);
      add('date', `${monthOf(low(at)) + 1}-${number}${/^\d{4}$/.test(year) ? `-${year}` : ''}`, at);
      i = at;
    } else if (/^[a-z]/.test(low(at))) {
      const next = stem(low(at));
      const afterNext = stem(low(at + 1));
      const noun = COUNTED.has(next) ? next : COUNTED.has(afterNext) ? afterNext : null;
      if (noun === null && STOP_WORDS.has(low(at))) {
        if (/^\d/.test(word)) for (const n of both) add('number', String(n), i);
      } else if (/^\d/.test(word) || number > 1) for (const n of both) add('count', String(n), at, noun ?? next);
      else if (noun !== null) add('count', String(number), at, noun);
    } else if (/^\d/.test(word)) add('number', String(number), i);
  }
  return found;
}

/** Whether these figures hold the one claimed: the same kind and value, of the same thing where things are counted. */
export function holds(source: readonly Quantity[], claimed: Quantity): boolean {
  const same = source.filter((q) => q.value === claimed.value);
  if (claimed.kind === 'count') {
    const sameThing = source.filter((q) => q.kind === 'count' && q.of === claimed.of);
    if (sameThing.length > 0) return sameThing.some((q) => q.value === claimed.value);
    return same.some((q) => q.kind === 'count' || q.kind === 'number');
  }
  if (claimed.kind === 'time') {
    const [hour, minute] = claimed.value.split(':').map(Number);
    const bare = [String(hour), String(hour! % 12)];
    // “Open 9-17” and “open 9 to 5” say the hours without calling them so.
    return (
      same.length > 0 ||
      (minute === 0 && source.some((q) => (q.kind === 'number' || q.kind === 'count') && bare.includes(q.value)))
    );
  }
  if (claimed.kind === 'number') return same.length > 0 || source.some((q) => q.value.split(' ')[0] === claimed.value);
  if (claimed.kind === 'date')
    return source.some(
      (q) => q.kind === 'date' && (q.value.startsWith(claimed.value) || claimed.value.startsWith(q.value)),
    );
  return same.some((q) => q.kind === claimed.kind);
}

/** The amount of a figure without its unit; of a date its first number. */
export const amountOf = ({ value }: Quantity): number => Number.parseFloat(value);
const unitOf = ({ kind, value, of }: Quantity): string => `${kind} ${of ?? value.split(' ').slice(1).join(' ')}`;
/** `12.99 per month` without a currency is money as well. */
const isAlike = (a: Quantity, b: Quantity): boolean =>
  unitOf(a) === unitOf(b) || (a.kind === 'money' && b.kind === 'number') || (a.kind === 'number' && b.kind === 'money');
const near = (a: number, b: number): boolean => Math.abs(a - b) < 0.006;
const COMMON_YEAR = 2027;
const DAY_MS = 86_400_000;

/** Days since the beginning of 1970, of `5-3` or `5-3-2026`; a year that is not said is a common one. */
function dayOf({ value }: Quantity): number {
  const [month, day, year] = value.split('-').map(Number);
  return Date.UTC(year ?? COMMON_YEAR, month! - 1, day!) / DAY_MS;
}

/** Whether a figure is what two others make together. */
function follows(claimed: Quantity, mine: Quantity, theirs: Quantity): boolean {
  if (claimed.kind === 'date') {
    const [date, span] = mine.kind === 'date' ? [mine, theirs] : [theirs, mine];
    if (date.kind !== 'date' || unitOf(span) !== 'duration d') return false;
    return near(Math.abs(dayOf(claimed) - dayOf(date)), amountOf(span));
  }
  const [amount, a, b] = [amountOf(claimed), amountOf(mine), amountOf(theirs)];
  const isTimes =
    mine.kind === 'count' || mine.kind === 'number' || (mine.kind === 'duration' && theirs.kind === 'money');
  if (isTimes && b > 1 && unitOf(claimed) === unitOf(theirs) && near(amount, a * b)) return true;
  if (theirs.kind === 'percent' && claimed.kind !== 'percent') {
    const isPlain = unitOf(claimed) === unitOf(mine) || (mine.kind === 'number' && claimed.kind === 'money');
    return isPlain && [(a * b) / 100, a - (a * b) / 100, a + (a * b) / 100].some((made) => near(amount, made));
  }
  // What is left of what may be had; one left over would excuse every “one only”.
  if (claimed.kind === 'count')
    return (
      mine.kind === 'count' &&
      theirs.kind === 'count' &&
      [mine, theirs].some(({ of }) => of === claimed.of) &&
      amount > 1 &&
      near(amount, Math.abs(a - b))
    );
  if (!isAlike(mine, theirs) || !(isAlike(claimed, mine) || isAlike(claimed, theirs))) return false;
  return (
    (claimed.kind === 'money' || claimed.kind === 'duration') &&
    [Math.abs(a - b), a + b].some((made) => near(amount, made))
  );
}

/**
 * Whether a figure comes out of one the person gave and one of the sources: three tickets at 12 dollars, 14 days after 3 May,
 * what is left of 30 days. A lone 1 reckons with nothing.
 */
export function followsFrom(claimed: Quantity, asked: readonly Quantity[], source: readonly Quantity[]): boolean {
  const given = asked.filter((q) => amountOf(q) > 1 || q.kind === 'date');
  return given.some((mine) => source.some((theirs) => follows(claimed, mine, theirs)));
}
