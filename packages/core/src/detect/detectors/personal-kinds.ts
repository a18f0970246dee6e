import { identityNumbers } from './identity-numbers.ts';

/** A piece of personal data in a text. Offsets are UTF-16 units, `end` exclusive. */
export interface PersonalSpan {
  readonly type: PersonalType;
  readonly start: number;
  readonly end: number;
  readonly value: string;
  /** Its own form proves it: a check digit or a reserved structure that chance does not meet. */
  readonly proven: boolean;
}

export const PERSONAL_TYPES = [
  'EMAIL_ADDRESS',
  'CREDIT_CARD',
  'IBAN_CODE',
  'US_SSN',
  'NATIONAL_ID',
  'PASSPORT',
  'IP_ADDRESS',
  'PHONE_NUMBER',
] as const;
export type PersonalType = (typeof PERSONAL_TYPES)[number];

/** Luhn check (ISO/IEC 7812-1, annex B) over decimal digits. */
export function luhn(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    let digit = digits.charCodeAt(digits.length - 1 - i) - 48;
    if (i % 2 === 1) digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
    sum += digit;
  }
  return sum % 10 === 0;
}

/** First digits of card numbers and the lengths their issuers use (ISO/IEC 7812, public ranges). */
const ISSUERS: readonly (readonly [RegExp, readonly number[]])[] = [
  [/^4/, [13, 16, 19]],
  [/^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, [16]],
  [/^3[47]/, [15]],
  [/^(?:30[0-5]|3095|36|38|39)/, [14, 16, 19]],
  [/^(?:6011|64[4-9]|65)/, [16, 19]],
  [/^35(?:2[89]|[3-8])/, [16, 19]],
  [/^(?:2131|1800)/, [15]],
  [/^(?:220[0-4]|9792)/, [16]],
  [/^62/, [16, 17, 18, 19]],
  [/^(?:50|5[6-9]|6)/, [12, 13, 14, 15, 16, 17, 18, 19]],
];

export function isCard(digits: string): boolean {
  if (/^(\d)\1+$/.test(digits)) return false;
  return luhn(digits) && ISSUERS.some(([first, lengths]) => first.test(digits) && lengths.includes(digits.length));
}

/** Lengths of IBANs by country (ISO 13616 registry). */
const IBAN_LENGTHS: Readonly<Record<string, number>> = Object.fromEntries(
  `AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18 FK18
  FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21
  LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24
  SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30`
    .split(/\s+/)
    .map((each) => [each.slice(0, 2), Number(each.slice(2))]),
);

/** Length of the country and remainder 1 modulo 97 (ISO 13616, ISO 7064 MOD 97-10). */
export function isIban(text: string): boolean {
  if (IBAN_LENGTHS[text.slice(0, 2)] !== text.length) return false;
  let rest = 0;
  for (const char of text.slice(4) + text.slice(0, 4)) {
    const value = char >= 'A' ? char.charCodeAt(0) - 55 : char.charCodeAt(0) - 48;
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}

const octet = (part: string): boolean => Number(part) <= 255 && (part.length === 1 || part[0] !== '0');

/** A label before a number that says what it is, within this many characters. */
const BEFORE = 48;
const CALLED_PHONE =
  /\b(?:phone|tel|telephone|mobile|cell|fax|call|calls|called|calling|dial|ring|whats ?app|sms|text|hotline|landline|telefon\w{0,7}|rufnummer|handy(?:nummer)?|mobil\w{0,7}|t[eé]l[eé]phone|portable|tel[eé]fonos?|celular|m[oó]vil|cellulare|telefones?|telem[oó]vel|telefoon\w{0,6}|puhelin\w{0,6}|anrufen)(?![\p{L}\d])[^\n\d]{0,40}$/iu;
/** The same, unless another word says what kind of number it is. */
const CALLED_NUMBER =
  /\b(?:contact|reach|numbers?|num[eé]ro|n[uú]mero|nummer|line|t|m|p|f)(?![\p{L}\d])[^\n\d]{0,40}$/iu;
const CALLED_CARD = /\b(?:card|visa|mastercard|amex|maestro|discover|jcb|diners)\b[^\n\d]{0,40}$/i;
const CALLED_OTHER =
  /\b(?:card|account|acct|iban|doi|gtin|ean|upc|barcode|meter|model|room|parts?|lines|score|invoice|order|ticket|reference|ref|tracking|serial|version|isbn|id|zip|post ?code|postal|license|licence|passport|sku|case|policy|member|social security|ssn|amount|total|price|balance|year)\b[^\n\d]{0,24}$/i;
const CALLED_SSN = /\b(?:ssn|social security|social insurance|tax(?:payer)? id|tin|itin)\b[^\n]{0,30}$/i;
const CALLED_VERSION =
  /(?:\b(?:version|release|build|firmware|chapter|section|clause)\b|\bv\.?)[^\n\d]{0,12}$|\bversion(?: \w{1,12}){0,2} $/i;

type Find = (text: string) => PersonalSpan[];

const MOST = 200;

/** Matches of a pattern that `judge` takes; what it answers says whether the form proves it. */
const by =
  (
    type: PersonalType,
    pattern: RegExp,
    judge: (value: string, before: string, after: string) => boolean | null,
  ): Find =>
  (text) => {
    const found: PersonalSpan[] = [];
    for (const match of text.matchAll(pattern)) {
      if (found.length >= MOST) break;
      const value = match[1] ?? match[0];
      const start = match.index + match[0].indexOf(value);
      const end = start + value.length;
      const proven = judge(value, text.slice(Math.max(0, start - BEFORE), start), text.slice(end, end + 12));
      if (proven !== null) found.push({ type, start, end, value, proven });
    }
    return found;
  };

const emails = by(
  'EMAIL_ADDRESS',
  /(?:[\p{L}\p{N}._%+'-]{1,64}|"[^"\n]{1,62}")@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.){1,8}\p{L}{2,24}(?![\p{L}\p{N}])/gu,
  // Where a repository lies.
  (value, _before, after) => (/^git@/i.test(value) && /^[:/]\w/.test(after) ? null : true),
);

/** A number of an issuer nobody knows counts where a word before it calls it a card. */
const cards = by('CREDIT_CARD', /(?<![\w.+-])\d(?:[ .-]?\d){11,18}(?![\w]|[.-]\d)/g, (value, before) => {
  const digits = value.replace(/[ .-]/g, '');
  if (value.includes('.') && !/^\d{4}(?:\.\d{4}){2,3}(?:\.\d{1,4})?$|^\d{4}\.\d{6}\.\d{4,5}$/.test(value)) return null;
  return isCard(digits) || (CALLED_CARD.test(before) && luhn(digits)) ? true : null;
});

/** An account number may be written in groups; what follows it in the text is no part of it. */
const ibans: Find = (text) => {
  const found: PersonalSpan[] = [];
  for (const match of text.matchAll(/(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?:[ -]?[A-Za-z0-9]){11,31}/g)) {
    if (found.length >= MOST) break;
    const length = IBAN_LENGTHS[match[0].slice(0, 2).toUpperCase()];
    if (length === undefined) continue;
    let taken = 0;
    let end = 0;
    for (; end < match[0].length && taken < length; end++) if (match[0][end] !== ' ' && match[0][end] !== '-') taken++;
    const value = match[0].slice(0, end);
    if (/[A-Za-z0-9]/.test(text[match.index + end] ?? ' ')) continue;
    if (isIban(value.replace(/[ -]/g, '').toUpperCase()))
      found.push({ type: 'IBAN_CODE', start: match.index, end: match.index + end, value, proven: true });
  }
  return found;
};

/** Areas 000, 666 and 900 up, group 00 and serial 0000 were never given out (SSA, 20 CFR 422.103). */
const socials = by('US_SSN', /(?<![\d.-])(\d{3}[- .]?\d{2}[- .]?\d{4})(?![\d-]|\.\d)/g, (value, before) => {
  const digits = value.replace(/[- .]/g, '');
  const grouped = /^\d{3}([- ])\d{2}\1\d{4}$/.test(value);
  const area = Number(digits.slice(0, 3));
  if (area === 0 || area === 666 || area >= 900 || digits.slice(3, 5) === '00' || digits.slice(5) === '0000')
    return null;
  if (digits === '123456789' || digits === '078051120') return null;
  if (CALLED_SSN.test(before)) return true;
  return grouped && value.includes('-') && !CALLED_PHONE.test(before) ? false : null;
});

const addresses4 = by('IP_ADDRESS', /(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d]|\.\d)/g, (value, before) => {
  if (!value.split('.').every(octet)) return null;
  return CALLED_VERSION.test(before) ? null : true;
});

const addresses6 = by(
  'IP_ADDRESS',
  /(?<![\w:.])(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}(?![\w:])|(?<![\w:.])(?:[0-9a-f]{1,4}:){1,6}:(?:[0-9a-f]{1,4}:){0,5}[0-9a-f]{0,4}(?![\w:])/gi,
  (value) => {
    const groups = value.split(':').filter((part) => part !== '');
    return value.includes('::') ? (groups.length >= 2 && groups.length <= 7 ? true : null) : true;
  },
);

/** Years, sizes, rooms: numbers that rise or fall by the same step. */
function isSeries(groups: readonly string[]): boolean {
  const numbers = groups.map(Number);
  const step = numbers[1]! - numbers[0]!;
  return numbers.length >= 3 && numbers.every((n, i) => i === 0 || n - numbers[i - 1]! === step);
}

const isOfSignature = (main: string, digits: string, before: string, after: string): boolean =>
  digits.length >= 8 &&
  digits.length <= 12 &&
  /^\d{2,5}(?:[ /-]\d{2,7}){1,3}$/.test(main) &&
  !/^\d{5}-\d{4}$/.test(main) &&
  /\p{L}[^\n]*\n[ \t]*$/u.test(before) &&
  /^[ \t]*(?:\n|$)/.test(after);

/**
 * Numbers by how people write them: a leading plus, a trunk in brackets, or groups, and 7 to 15 digits (ITU-T E.164). One that
 * has none of these needs a word before it that calls it a number to ring.
 */
const phones = by(
  'PHONE_NUMBER',
  /(?<![\w.+/-])((?:\+|00)?(?: ?\(\+?\d{1,3}(?: ?\d{1,3})?\)|\d)(?:[ ./-]{0,2}(?:\(\d{1,4}\)|\d)){5,17}(?:[ ]{0,2}(?:x|ext\.?|extension)[ ]{0,2}\d{1,6})?)(?![\w]|[.-]\d)/gi,
  (value, before, after) => {
    const main = value.replace(/(?:x|ext).*$/i, '');
    const digits = main.replace(/\D/g, '');
    // Three pairs, as in small countries, where a word calls them a number to ring.
    const isShort = /^\d\d( )\d\d\1\d\d$/.test(main.trim()) && CALLED_PHONE.test(before);
    if ((digits.length < 7 && !isShort) || digits.length > 15 || /^(\d)\1+$/.test(digits)) return null;
    if (/^\s?(?:%|€|\$|usd|eur|km|kg|years?)/i.test(after)) return null;
    const abroad = /^(?:\+|00[1-9])/.test(main) || /\(\+?\d{1,4}\)/.test(main);
    const isOther = !CALLED_PHONE.test(before) && CALLED_OTHER.test(before);
    if (isOther) return null;
    const called = CALLED_PHONE.test(before) || CALLED_NUMBER.test(before);
    // A house number and its street.
    if (!called && /^ \p{Lu}\p{Ll}/u.test(after)) return null;
    // Dates, decimals and lists of numbers.
    if (/^\d{1,2}([./-])\d{1,2}\1\d{2,4}(?: |$)|^\d{4}([./-])\d{1,2}\2\d{1,2}(?: |$)/.test(main)) return null;
    if (/^\d{1,3}\.\d{3,} |^\d\.\d/.test(main)) return null;
    if (/^\d{3}-\d{2}-\d{4}$|^\d{3}\.\d{3}\.\d{3}-\d{2}$/.test(main)) return null;
    if (/^\d{1,3}(?:[ .]\d{3})+$/.test(main) && !called && main[0] !== '0') return null;
    if (abroad && digits.length >= 8) return false;
    const groups = main
      .trim()
      .split(/[ ./-]+/)
      .filter((part) => part !== '');
    // Series, round sums, results of games.
    if (!called && (isSeries(groups) || /0{6}$/.test(digits) || /^\d\d?-\d\d? \d\d?-\d\d?/.test(main))) return null;
    if (groups.length >= 3 && groups.length <= 6 && groups.every((part) => part.length >= 2)) return false;
    if (
      groups.length === 2 &&
      (called || (main[0] === '(' && digits.length >= 9) || (main[0] === '0' && groups[1]!.length >= 5))
    )
      return false;
    if (groups.length > 6) return null;
    // The North American plan with its own prefix.
    if (/^1([ .-])\(?[2-9]\d{2}\)?\1[2-9]\d{2}\1\d{4}/.test(main)) return false;
    // Groups that stand alone on a line below others, as in a signature: too long for a postal code.
    if (isOfSignature(main, digits, before, after)) return false;
    // Ten digits of the North American plan that stand alone on their line.
    if (/^[2-9]\d{2}[2-9]\d{6}$/.test(main) && /(?:^|\n)[ \t]*$/.test(before) && /^[ \t]*(?:\n|$)/.test(after))
      return false;
    return called || (main[0] === '0' && digits.length >= 9 && digits.length <= 11) ? false : null;
  },
);

/** Each with what a text has to hold for it to find anything. */
const FINDERS: readonly (readonly [needs: RegExp, Find])[] = [
  [/@/, emails],
  [/\d/, ibans],
  [/\d/, cards],
  [/\d/, identityNumbers],
  [/\d/, addresses4],
  [/:/, addresses6],
  [/\d/, socials],
  [/\d/, phones],
];

/** Longest text that is read, UTF-16 units. */
const READ = 64 * 1024;

/**
 * Structured personal data in a text, in order, none overlapping: what has a form that can be checked, from the surest down.
 * Names and postal addresses have none and are not looked for. Linear in the length.
 */
export function personalSpans(text: string): PersonalSpan[] {
  const read = text.slice(0, READ);
  const taken: PersonalSpan[] = [];
  for (const [needs, find] of FINDERS) {
    if (!needs.test(read)) continue;
    const before = [...taken];
    for (const span of find(read))
      if (!before.some((other) => span.start < other.end && other.start < span.end)) taken.push(span);
  }
  return taken.sort((a, b) => a.start - b.start);
}
