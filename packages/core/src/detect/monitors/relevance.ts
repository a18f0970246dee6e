import type { Instant } from '../../kernel/index.ts';
import { msBetween } from '../../kernel/index.ts';
import { canonicalAddress, type Item } from './item.ts';
import type { MonitorKind } from './sources.ts';

/** Words a monitor looks for. A phrase counts as one word. Case, accents and width do not matter. */
export interface Keywords {
  /** Names of the product or brand: at least one must stand there. */
  readonly brand: readonly string[];
  /** All of these must. */
  readonly must: readonly string[];
  /** At least one of these must, where there are any. */
  readonly any: readonly string[];
  /** None of these may. */
  readonly not: readonly string[];
  /** Two words no further apart than so many words. */
  readonly near: readonly { readonly one: string; readonly other: string; readonly within: number }[];
}

export interface Relevance {
  readonly keep: boolean;
  /** 0 to 1. */
  readonly score: number;
  /** Why it is kept, or the one thing for which it is not; each a phrase. */
  readonly reasons: readonly string[];
}

/** Least score that is kept, unless the monitor says otherwise. */
export const USUAL_THRESHOLD = 0.6;

const FAILURE = [
  // English
  ...'wrong incorrect false fake fabricated fabricates invented invents hallucinated hallucinates hallucination hallucinating lied lies lying misled misleading'.split(
    ' ',
  ),
  ...'leak leaked leaks leaking breach breached exposed exposes hacked hack jailbreak jailbroken injection exploited exploit vulnerability'.split(
    ' ',
  ),
  ...'harmful abusive racist offensive discriminates discriminated biased unsafe dangerous suicide lawsuit sued sues complaint complaints banned refund'.split(
    ' ',
  ),
  ...'outage down broken failed fails failing failure crash crashed malfunction malfunctions disaster fiasco scam refuses deleted incident'.split(
    ' ',
  ),
  'made up',
  'makes up',
  'making up',
  'went rogue',
  'goes rogue',
  'out of control',
  // German
  ...'falsch falsche falschen erfunden erfindet halluziniert lügt datenleck leck gehackt ausfall ausgefallen defekt fehler panne skandal klage beschwerde gefährlich rassistisch sicherheitslücke'.split(
    ' ',
  ),
  // French
  ...'faux fausse fausses inventé invente hallucine fuite piraté panne erreur erreurs scandale plainte dangereux raciste faille'.split(
    ' ',
  ),
  // Spanish, Portuguese, Italian
  ...'falso falsa inventó inventa alucina filtración filtró hackeado caída fallo falla error errores escándalo demanda queja peligroso racista'.split(
    ' ',
  ),
  ...'vazamento vazou falha erro queixa perigoso sbagliato inventato allucinazione violazione guasto errore scandalo pericoloso'.split(
    ' ',
  ),
  // Dutch, Polish
  ...'fout verzonnen lek gehackt storing gevaarlijk błąd wyciek awaria zmyślił niebezpieczny'.split(' '),
  // Japanese, Chinese, Korean
  '誤情報',
  '誤回答',
  '漏洩',
  '漏えい',
  '障害',
  '不具合',
  '炎上',
  '幻觉',
  '泄露',
  '故障',
  '错误',
  '宕机',
  '造谣',
  '유출',
  '오류',
  '장애',
  '환각',
];
const AI = [
  ...'ai llm gpt chatgpt chatbot bot assistant agent model copilot gemini claude llama mistral generative'.split(' '),
  'artificial intelligence',
  'machine learning',
  'language model',
  'virtual assistant',
  ...'ki ia künstliche sprachmodell assistent assistant assistente asistente agente agent modelo modèle modell'.split(
    ' ',
  ),
  '人工知能',
  '人工智能',
  'チャットボット',
  '聊天机器人',
  '生成式',
  '生成ai',
  '인공지능',
  '챗봇',
];
const NEGATION = new Set(
  "no not never without none neither cannot can't cant didn't didnt doesn't doesnt don't dont isn't isnt wasn't wasnt won't wont hasn't hasnt kein keine keinen nicht nie ohne pas aucun aucune jamais sans sin nunca ningún ninguna não sem senza mai geen niet zonder nie bez".split(
    ' ',
  ),
);
/** A word before this many others turns a word of failure round. */
const NEGATED_WITHIN = 3;
/** Brand and failure this close belong to one thought. */
const CLOSE = 12;

const fold = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll('’', "'")
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .normalize('NFC');

const UNSPACED_SCRIPTS = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}`;
const UNSPACED = new RegExp(`[${UNSPACED_SCRIPTS}]`, 'u');
const RUN = String.raw`(?:(?![${UNSPACED_SCRIPTS}])[\p{L}\p{N}])+`;
/** A word of a script with blanks, or a run of one without: `Northwindのチャット` is two. */
const TOKEN = new RegExp(`[${UNSPACED_SCRIPTS}ー]+|${RUN}(?:['._-]${RUN})*`, 'gu');

interface Tokens {
  readonly words: readonly string[];
  readonly places: readonly number[];
  readonly text: string;
}

const MOST_TOKENS = 2_000;
/** Runs of letters and digits of any script. Scripts without blanks are searched as text, and the place is that of the run. */
function tokensOf(text: string): Tokens {
  const folded = fold(text);
  const words: string[] = [];
  const places: number[] = [];
  for (const match of folded.matchAll(TOKEN)) {
    if (words.length >= MOST_TOKENS) break;
    words.push(match[0]);
    places.push(match.index);
  }
  return { words, places, text: folded };
}

/** Places (by word) at which a word or phrase stands; a possessive or a hyphen after it changes nothing. */
function placesOf(wanted: string, { words, places, text }: Tokens): number[] {
  const asked = fold(wanted).trim();
  if (asked === '') return [];
  if (UNSPACED.test(asked)) {
    const at: number[] = [];
    for (let i = text.indexOf(asked); i !== -1 && at.length < 50; i = text.indexOf(asked, i + asked.length)) {
      const next = places.findIndex((place) => place > i);
      at.push(next === -1 ? Math.max(0, words.length - 1) : Math.max(0, next - 1));
    }
    return at;
  }
  const parts = asked.match(TOKEN) ?? [];
  if (parts.length === 0) return [];
  const same = (word: string | undefined, part: string): boolean =>
    word !== undefined &&
    (word === part ||
      word === `${part}'s` ||
      word.split(/[-._]/).includes(part) ||
      word.replace(/[-._]/g, '') === part);
  return words.flatMap((_, i) => (parts.every((part, k) => same(words[i + k], part)) ? [i] : [])).slice(0, 50);
}

const anywhere = (words: readonly string[], ...texts: readonly Tokens[]): string | null =>
  words.find((word) => texts.some((text) => placesOf(word, text).length > 0)) ?? null;

/** The first word of failure that is not said to be absent, with its place. */
function failureIn(tokens: Tokens): { word: string; place: number } | null {
  for (const word of FAILURE)
    for (const place of placesOf(word, tokens)) {
      const before = tokens.words.slice(Math.max(0, place - NEGATED_WITHIN), place);
      if (!before.some((each) => NEGATION.has(each))) return { word, place };
    }
  return null;
}

const isClose = (a: readonly number[], b: readonly number[], within: number): boolean =>
  a.some((x) => b.some((y) => Math.abs(x - y) <= within));

const dropped = (reason: string, score = 0): Relevance => ({ keep: false, score, reasons: [reason] });
const round = (score: number): number => Math.round(Math.min(1, score) * 100) / 100;

/**
 * Whether an item speaks of a failure of what the monitor is about: a brand word, a word of failure that is not negated,
 * and a word of AI; what stands in the title weighs more, and brand and failure close together more still.
 */
export function relevanceOf(kind: MonitorKind, item: Item, keywords: Keywords, threshold: number): Relevance {
  const title = tokensOf(item.title);
  const text = tokensOf(`${item.text} ${item.status?.components.join(' ') ?? ''}`);
  const unwanted = anywhere(keywords.not, title, text);
  if (unwanted !== null) return dropped(`it has “${unwanted}”, which is not wanted`);
  const missing = keywords.must.find((word) => anywhere([word], title, text) === null);
  if (missing !== undefined) return dropped(`it lacks “${missing}”`);
  if (keywords.any.length > 0 && anywhere(keywords.any, title, text) === null)
    return dropped(`it has none of ${keywords.any.map((word) => `“${word}”`).join(', ')}`);
  const apart = keywords.near.find(
    ({ one, other, within }) =>
      ![title, text].some((tokens) => isClose(placesOf(one, tokens), placesOf(other, tokens), within)),
  );
  if (apart !== undefined)
    return dropped(`“${apart.one}” and “${apart.other}” are not within ${apart.within} words of each other`);
  if (kind === 'status-page') {
    const { impact, state } = item.status ?? { impact: null, state: 'unknown' };
    return {
      keep: true,
      score: 1,
      reasons: [`the vendor says ${state}${impact === null ? '' : `, impact ${impact}`}`],
    };
  }
  const reasons: string[] = [];
  let score = 0;
  const inTitle = anywhere(keywords.brand, title);
  const brand = inTitle ?? anywhere(keywords.brand, text);
  if (keywords.brand.length > 0) {
    if (brand === null) return dropped('it names none of your words');
    score += inTitle !== null ? 0.4 : 0.25;
    reasons.push(`names “${brand}”${inTitle !== null ? ' in the title' : ''}`);
  } else score += 0.25;
  if (kind === 'incident-database') {
    reasons.push('the source lists AI incidents only');
    return { keep: true, score: round(score + 0.6), reasons };
  }
  const failedTitle = failureIn(title);
  const failedText = failureIn(text);
  const failed = failedTitle ?? failedText;
  if (failed === null) return dropped('no word of failure, or only negated ones', round(score));
  score += failedTitle !== null ? 0.35 : 0.25;
  reasons.push(`speaks of “${failed.word}”${failedTitle !== null ? ' in the title' : ''}`);
  const aiTitle = anywhere(AI, title);
  const ai = aiTitle ?? anywhere(AI, text);
  if (ai !== null) {
    score += aiTitle !== null ? 0.25 : 0.15;
    reasons.push(`speaks of “${ai}”`);
  }
  const close =
    brand !== null &&
    ((failedTitle !== null && isClose(placesOf(brand, title), [failedTitle.place], CLOSE)) ||
      (failedText !== null && isClose(placesOf(brand, text), [failedText.place], CLOSE)));
  if (close) {
    score += 0.05;
    reasons.push('both in one thought');
  }
  const total = round(score);
  return total >= threshold
    ? { keep: true, score: total, reasons }
    : dropped(`relevance ${total} of ${threshold} needed: ${reasons.join(', ')}`, total);
}

const DAY_MS = 86_400_000;
/** Older than this at the first sight it is no news. The incident database is written weeks later. */
const NEWS_DAYS: Readonly<Record<MonitorKind, number>> = {
  'hacker-news': 7,
  reddit: 7,
  feed: 7,
  json: 7,
  'status-page': 1,
  'incident-database': 60,
};

/** Why an item is no news, or null. An incident of a vendor that goes on is news however old it is. */
export function tooOld(kind: MonitorKind, item: Item, now: Instant): string | null {
  if (item.at === null || (kind === 'status-page' && item.status?.over === false)) return null;
  const days = NEWS_DAYS[kind];
  return msBetween(item.at, now) > days * DAY_MS
    ? `older than ${days === 1 ? 'a day' : `${days} days`} when it was first seen`
    : null;
}

/** Same page or same entry: what it is recognised by. */
export const itemKeys = (item: Item): string[] => [
  `g:${item.guid.slice(0, 500)}`,
  ...(item.url === null ? [] : [`u:${canonicalAddress(item.url)}`.slice(0, 600)]),
];

/** Words of a title that say what it is about, in order and once each. */
export const titleWords = (title: string): readonly string[] => [
  ...new Set(tokensOf(title).words.filter((word) => word.length > 2 || UNSPACED.test(word))),
];

const SAME_TITLE = 0.75;
/** Whether two titles tell one story: most of their words are the same. Short ones must be equal. */
export function isSameStory(a: readonly string[], b: readonly string[]): boolean {
  const one = new Set(a);
  const both = b.filter((word) => one.has(word)).length;
  const all = new Set([...a, ...b]).size;
  if (all === 0) return false;
  return Math.min(a.length, b.length) < 4 ? both === all : both / all >= SAME_TITLE;
}
