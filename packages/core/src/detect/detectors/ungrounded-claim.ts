import { contentStems, originalSpan, plain, Ranking, sentences, words } from '../../text/index.ts';
import type { Interaction } from '../signals/index.ts';
import type { Commitment } from './commitments.ts';
import { commitments, isAboutPolicy } from './commitments.ts';
import type { Detector, Finding } from './finding.ts';
import { FINDING_LIMIT, quoteOf, READ_LIMIT } from './finding.ts';
import { amountOf, followsFrom, holds, type Quantity, quantities } from './quantities.ts';

const NAME = 'ungrounded-claim';
const VERSION = '2';
const CONTAINMENT = 0.5;
/** Questions of a conversation whose figures are the person's own. */
const MOST_QUESTIONS = 5;
/** Below this nothing in the sources speaks of it at all. */
const UNHEARD = 0.34;

interface Source {
  readonly where: string;
  readonly text: string;
}

/** Everything the answer could rest on: retrieved passages, instructions, results of tools. */
function sourcesOf(it: Interaction): Source[] {
  const sources: Source[] = (it.retrieved ?? []).map((passage, i) => ({
    where: passage.title ?? passage.id ?? `passage ${i + 1}`,
    text: `${passage.title ?? ''}\n${passage.text}`,
  }));
  for (const message of it.input ?? [])
    if (message.role === 'system' || message.role === 'developer' || message.role === 'tool')
      sources.push({ where: message.role === 'tool' ? 'a tool' : 'the instructions', text: message.content });
  for (const call of it.toolCalls ?? [])
    if (call.result !== null) sources.push({ where: call.name, text: call.result });
  return sources;
}

/** One sentence of a source, with its neighbours, made ready for comparison. */
interface Place {
  readonly sentence: string;
  readonly stems: ReadonlySet<string>;
  readonly window: string;
  readonly windowStems: readonly string[];
  readonly windowSet: ReadonlySet<string>;
  /** Figures of the window, read when first asked for. */
  figures: readonly Quantity[] | null;
  /** What the sentence denies, read when first asked for. */
  denied: readonly string[] | null;
}

const READ_TEXTS = 200;
/** Passages and instructions come again and again; reading one anew gives the same places. */
const readTexts = new Map<string, readonly Place[]>();

function placesIn(text: string): readonly Place[] {
  const held = readTexts.get(text);
  if (held !== undefined) return held;
  const parts = sentences(plain(text).text, 500).map((part) => ({ text: part.text, stems: contentStems(part.text) }));
  const places = parts.map(({ text: sentence, stems }, i) => {
    const around = [parts[i - 1], parts[i], parts[i + 1]].filter((part) => part !== undefined);
    const windowStems = around.flatMap((part) => part.stems);
    return {
      sentence,
      stems: new Set(stems),
      window: around.map((part) => part.text).join(' '),
      windowStems,
      windowSet: new Set(windowStems),
      figures: null,
      denied: null,
    };
  });
  if (text.length < 16_384) {
    if (readTexts.size >= READ_TEXTS) readTexts.delete(readTexts.keys().next().value!);
    readTexts.set(text, places);
  }
  return places;
}

interface Sourced {
  readonly where: string;
  readonly place: Place;
}

function placesOf(sources: readonly Source[]): Sourced[] {
  const places: Sourced[] = [];
  let read = 0;
  for (const { where, text } of sources) {
    const room = READ_LIMIT - read;
    if (room <= 0) break;
    read += text.length;
    for (const place of placesIn(text.length > room ? text.slice(0, room) : text)) places.push({ where, place });
  }
  return places;
}

const RANKED_SETS = 100;
/** The same passages are often retrieved together: ranking them anew gives the same. By their texts. */
const rankedSets = new Map<string, Ranking>();

function rankingOf(sources: readonly Source[], places: readonly Sourced[]): Ranking {
  const key = sources.map(({ text }) => text).join('\u0000');
  const held = rankedSets.get(key);
  if (held !== undefined) return held;
  const ranking = new Ranking(places.map(({ place }) => place.windowStems));
  if (key.length < 16_384) {
    if (rankedSets.size >= RANKED_SETS) rankedSets.delete(rankedSets.keys().next().value!);
    rankedSets.set(key, ranking);
  }
  return ranking;
}

const NEGATION = /\b(?:not|no|never|none|cannot|\w{2,8}n't|without|unable|neither|nor|non)\b/gi;
/** "After 30 days" is what "within 30 days" is not; "carried over until 31 March" goes beyond nothing. */
const FLIP =
  /(?<!\b(?:carr\w{2,5}|roll\w{0,3}|hand\w{0,3}|tak\w{1,3}|turn\w{0,3}|left|all) )\b(?:after|beyond|past|exceed\w*|more than|over|later than) (?:\w{1,12} )?(?:\d|one|two|three|four|five|six|seven|ten|thirty|sixty|ninety)/i;
/** "No, …" answers a question and denies nothing by itself. */
const REPLY =
  /^(?:no|yes|not (?:really|quite|exactly)|(?:unfortunately|sadly|of course)(?: not)?|sure|correct|right)\s?[,.:;!–-]\s*/i;
/** “Never more than ten” is no denial but a bound. */
const BOUND = /\b(?:never|not|no|cannot|\w{2,8}n't) (?:\w{1,12} ){0,2}(?:more|longer|later|higher) than\b/gi;
const isBeyond = (text: string): boolean => FLIP.test(text.replace(BOUND, 'at most'));
/** The first word with a meaning behind each word that denies: of “10 seats and no SSO” it is “sso”. */
function deniedIn(sentence: string): readonly string[] {
  const text = sentence.replace(REPLY, '').replace(BOUND, 'at most');
  return [...text.matchAll(NEGATION)].flatMap((denial) =>
    contentStems(text.slice(denial.index + denial[0].length).split(/[.,;:!?]/, 1)[0]!).slice(0, 1),
  );
}

/** Words that promise without bound or forbid without exception, and what may stand for them in a source. */
const ABSOLUTES: readonly (readonly [RegExp, RegExp])[] = [
  [
    /\b(?:always|every time|at any time|any time|anytime|whenever)\b/i,
    /\b(?:always|every|any ?time|whenever|at all times|24)\b/i,
  ],
  [
    /\b(?:free|no (?:extra )?(?:fee|charge|cost)s?|complimentary|waived?)\b/i,
    /\b(?:free|no (?:extra |additional )?(?:fee|charge|cost)s?|without (?:an? |any |extra |additional )*(?:charge|cost|fee)s?|complimentary|waived?|included|do not charge|don't charge)\b/i,
  ],
  [/\b(?:unlimited|as many|no limit)\b/i, /\b(?:unlimited|no limit|as many|any number)\b/i],
  [
    /\b(?:lifetime|forever|never expires?|permanent(?:ly)?)\b/i,
    /\b(?:lifetime|forever|never expires?|do(?:es)? not expire|permanent(?:ly)?)\b/i,
  ],
  [/\bguarantee[ds]?\b/i, /\bguarantee[ds]?\b/i],
  [
    /\b(?:automatic(?:ally)?|instant(?:ly)?|immediate(?:ly)?|right away)\b/i,
    /\b(?:automatic(?:ally)?|instant(?:ly)?|immediate(?:ly)?|at once|right away)\b/i,
  ],
  [/\b(?:full refund|refunded in full|100 ?%)/i, /\b(?:full|in full|100 ?%|entire|whole|complete)/i],
  [
    /\bfor any reason|no questions asked\b/i,
    /\b(?:any reason|no questions asked|without giving (?:a )?reason|change your mind)\b/i,
  ],
];
const ONLY =
  /\b(?:only|solely|exclusively|limited to|restricted to|designed to work with|prohibited|not (?:allowed|permitted))\b/i;
const LIMITING =
  /\b(?:only|sole|exclusive|limit|restrict|maximum|at most|up to|no more|must|cannot|can't|not|except|unless|just|prohibit|within|required|no\b)/i;
const OFTEN_CAPITAL =
  /^(?:I|I'\w+|AI|FAQ|ID|OK|PDF|SMS|TV|US|UK|EU|Mr|Mrs|Ms|Dr|Jan\w*|Feb\w*|Mar\w*|Apr\w*|May|Jun\w*|Jul\w*|Aug\w*|Sep\w*|Oct\w*|Nov\w*|Dec\w*|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)s?$/;

function strangeNames(claim: string, known: () => string): string[] {
  const names = words(claim)
    .slice(1)
    .filter(
      (w) =>
        /^\p{Lu}[\p{L}\d]+$/u.test(w.text) &&
        !OFTEN_CAPITAL.test(w.text) &&
        !/[:"“*]\s*$/.test(claim.slice(0, w.start)),
    )
    .map((w) => w.text);
  if (names.length === 0) return [];
  const text = known();
  return names.filter((name) => !text.includes(name.toLowerCase().replace(/s$/, '')));
}

/** Why one place of the sources does not carry the claim; empty: it does. `grave` where it could not be a mere rewording. */
interface Lack {
  readonly rule: string;
  readonly why: string;
  readonly grave: boolean;
}

function containment(claim: readonly string[], held: ReadonlySet<string>): number {
  if (claim.length === 0) return 1;
  return claim.filter((stem) => held.has(stem)).length / claim.length;
}

/** What is the same for every place the claim is held against. */
interface Read {
  readonly claim: Commitment;
  /** Figures the person gave. */
  readonly asked: readonly Quantity[];
  readonly stems: readonly string[];
  readonly promises: readonly (readonly [said: string, equals: RegExp])[];
  readonly only: string | null;
}

function read(claim: Commitment, asked: readonly Quantity[]): Read {
  return {
    claim,
    asked,
    stems: [...new Set(contentStems(claim.text))],
    promises: ABSOLUTES.flatMap(([promise, equals]) => {
      const said = promise.exec(claim.text);
      return said === null ? [] : [[said[0], equals] as const];
    }),
    only: ONLY.exec(claim.text)?.[0] ?? null,
  };
}

/** Holds two figures of a source against each other. */
const COMPARES = /\b(?:more|less|fewer|cheaper|dearer|longer|shorter|difference|saves?|saving)\b/i;

/** The figures of a claim that a place does not hold, nor what the person gave together with it; and whether any was reckoned. */
function missingIn(
  figures: readonly Quantity[],
  { claim, asked }: Read,
): { readonly missing: readonly Quantity[]; readonly isReckoned: boolean } {
  const missing = claim.quantities.filter((q) => !holds(figures, q));
  const given = COMPARES.test(claim.text) ? [...asked, ...figures] : asked;
  if (missing.length === 0 || given.length === 0) return { missing, isReckoned: false };
  // Twice: what follows for two bags follows from how many bags are too many.
  const first = missing.filter((q) => followsFrom(q, given, figures));
  const reckoned = first.length === 0 ? first : missing.filter((q) => followsFrom(q, [...given, ...first], figures));
  const isReckoned = reckoned.length > 0;
  // What the person gave is claimed as well where it stands alone, or where the source counts another number of the same.
  if (!isReckoned && missing.length === claim.quantities.length) return { missing, isReckoned };
  const isOtherwise = (q: Quantity) =>
    q.kind === 'count' && figures.some(({ kind, of }) => kind === 'count' && of === q.of);
  const isTheirs = (q: Quantity) =>
    amountOf(q) > 1 && asked.some((mine) => amountOf(mine) === amountOf(q)) && (isReckoned || !isOtherwise(q));
  return { missing: missing.filter((q) => !(reckoned.includes(q) || isTheirs(q))), isReckoned };
}

function lacks(it: Read, place: Place): Lack[] {
  const { claim, stems, promises, only } = it;
  const found: Lack[] = [];
  let isCounted = false;
  if (claim.quantities.length > 0) {
    place.figures ??= quantities(place.window);
    const { missing, isReckoned } = missingIn(place.figures, it);
    isCounted = isReckoned || missing.length < claim.quantities.filter(({ kind }) => kind !== 'number').length;
    for (const q of missing)
      found.push({
        rule: 'figure-not-in-source',
        why: `“${q.text}” does not stand there`,
        grave: q.kind !== 'number',
      });
  }
  for (const [said, equals] of promises)
    if (!equals.test(place.window))
      found.push({ rule: 'absolute-not-in-source', why: `“${said}” does not stand there`, grave: true });
  if (only !== null && !LIMITING.test(place.window))
    found.push({ rule: 'limit-not-in-source', why: `nothing there limits anything (“${only}”)`, grave: true });
  const share = containment(stems, place.windowSet);
  if (share < CONTAINMENT)
    found.push({
      rule: 'words-not-in-source',
      why: `only ${Math.round(share * 100)} % of its words occur there`,
      grave: share < UNHEARD && !isCounted,
    });
  return found;
}

function denialsOf(place: Place): readonly string[] {
  place.denied ??= deniedIn(place.sentence);
  return place.denied;
}

/** Whether a text denies what another one speaks of: an odd number of its denials stand before words of the other. */
const deniesOf = (text: string, denied: readonly string[], stems: ReadonlySet<string>): boolean =>
  (denied.filter((stem) => stems.has(stem)).length % 2 === 1) !== isBeyond(text);

/** Whether those sentences that speak of the same matter most closely all say the opposite. */
function isDenied({ claim, stems }: Read, places: readonly Place[]): boolean {
  const close = places
    .map((place) => ({ place, share: containment(stems, place.stems) }))
    .filter(({ share }) => share >= CONTAINMENT);
  const most = Math.max(0, ...close.map(({ share }) => share));
  const closest = close.filter(({ share }) => share >= most - 0.1);
  if (closest.length === 0) return false;
  const denied = deniedIn(claim.text);
  const spoken = new Set(stems);
  if (places.some((place) => denialsOf(place).some((stem) => denied.includes(stem)))) return false;
  return closest.every(
    ({ place }) => deniesOf(place.sentence, denialsOf(place), spoken) !== deniesOf(claim.text, denied, place.stems),
  );
}

const cut = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

interface Judged {
  readonly lacks: readonly Lack[];
  readonly where: string | null;
}

/** Looks for the place that carries the claim among the six most alike; answers what the best one lacks. */
function judge(
  claim: Commitment,
  asked: readonly Quantity[],
  places: readonly Sourced[],
  ranking: Ranking,
  known: () => string,
): Judged {
  const it = read(claim, asked);
  const ranked = ranking
    .scores(it.stems)
    .map((score, i) => ({ score, sourced: places[i]! }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, 6)
    .map(({ sourced }) => sourced);
  let best: Judged = {
    lacks: [{ rule: 'words-not-in-source', why: 'none of the sources speaks of it', grave: true }],
    where: null,
  };
  let fewest = Number.POSITIVE_INFINITY;
  for (const { place, where } of ranked) {
    const found = lacks(it, place);
    const weight = found.reduce((sum, lack) => sum + (lack.grave ? 2 : 1), 0);
    if (weight < fewest) {
      fewest = weight;
      best = { lacks: found, where };
    }
    if (weight === 0) break;
  }
  const nearest = ranked.map(({ place }) => place);
  if (!best.lacks.some((lack) => lack.grave) && isDenied(it, nearest))
    return { ...best, lacks: [{ rule: 'opposite-of-source', why: 'the source says the opposite', grave: true }] };
  const strange = best.lacks.length === 0 ? strangeNames(claim.text, known) : [];
  if (strange.length > 0)
    return {
      ...best,
      lacks: [{ rule: 'name-not-in-source', why: `“${strange[0]}” occurs in no source`, grave: true }],
    };
  return best;
}

const YEAR = /\b(?:years?|yearly|annual(?:ly)?|per annum)\b/i;
const MONTHS: Quantity = { kind: 'number', value: '12', of: null, text: '12' };

/** The figures the person gave, thousands without a comma as well; of a year its months. */
function givenBy(it: Interaction): readonly Quantity[] {
  const said = (it.input ?? [])
    .filter(({ role }) => role === 'user')
    .slice(-MOST_QUESTIONS)
    .map(({ content }) => content.slice(0, READ_LIMIT))
    .join('\n')
    .replace(/(?<![\d.,#])(\d{2,4})(\d{3})(?![\d.,])/g, '$1,$2');
  return [...quantities(said), ...(YEAR.test(said) ? [MONTHS] : [])];
}

function look(it: Interaction): Finding[] {
  if (it.output === null || it.retrieved === null) return [];
  const answer = plain(it.output.slice(0, READ_LIMIT));
  const claims = commitments(answer.text);
  if (claims.length === 0) return [];
  const sources = sourcesOf(it);
  const places = placesOf(sources);
  const known = () =>
    `${sources.map((s) => s.text).join('\n')}\n${(it.input ?? []).map((m) => m.content).join('\n')}\n${it.system}`.toLowerCase();
  const ranking = rankingOf(sources, places);
  const silent = it.retrieved.length === 0 && !(it.toolCalls ?? []).some((call) => call.result !== null);
  const asked = givenBy(it);
  const question = it.input?.findLast((m) => m.role === 'user')?.content ?? '';
  const findings: Finding[] = [];
  for (const claim of claims) {
    if (findings.length >= FINDING_LIMIT) break;
    const { lacks: missing, where: source } = judge(claim, asked, places, ranking, known);
    if (missing.length === 0) continue;
    const grave = missing.filter((lack) => lack.grave);
    if (silent && !isAboutPolicy(`${question} ${claim.text}`)) continue;
    const span = originalSpan(answer, claim.start, claim.end);
    const where = silent
      ? 'No source was consulted.'
      : source === null
        ? ''
        : ` The nearest source is “${cut(source, 80)}”.`;
    findings.push({
      detector: NAME,
      version: VERSION,
      kind: NAME,
      archetype: 'misinformation-cascade',
      evidenceClass: silent || grave.length > 0 ? 'strong' : 'weak',
      score: silent ? 0.85 : grave.length > 1 ? 0.95 : grave.length === 1 ? 0.85 : 0.4,
      spans: [quoteOf('output', it.output, span.start, span.end)],
      rules: [...(silent ? ['no-source-consulted'] : []), ...missing.map((lack) => lack.rule)],
      explain: silent
        ? `States a rule that no source was consulted for: “${cut(claim.text, 200)}”`
        : `States a rule the sources do not carry: “${cut(claim.text, 200)}” (${(grave[0] ?? missing[0])!.why}).${where}`,
      same: claim.text.toLowerCase(),
    });
  }
  return findings;
}

/**
 * The assistant states a rule or a promise of the organisation that nobody wrote. Reads the answer against what was
 * retrieved, the instructions and the results of tools. Where retrieval was not captured it says nothing.
 */
export const ungroundedClaim: Detector = { name: NAME, version: VERSION, look };
