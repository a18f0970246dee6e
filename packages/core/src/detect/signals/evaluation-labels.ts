/** What a label says by itself. `grade`: a place on a scale, which the sender's own threshold knows better. */
export interface Meaning {
  readonly good: boolean;
  readonly grade: boolean;
}

/**
 * Words that are one of two, each with those that mean its opposite. Before each of them `not` or `non` turns it round,
 * and `fully` or `completely` leaves it as it is.
 */
const PAIRS: readonly (readonly [good: string, bad: string])[] = [
  ['relevant, on topic', 'irrelevant, unrelated, off topic'],
  ['correct', 'incorrect, wrong'],
  ['accurate', 'inaccurate'],
  ['factual', 'nonfactual, counterfactual, hallucinated, hallucinating, fabricated, made up'],
  ['grounded', 'ungrounded'],
  ['supported', 'unsupported'],
  ['faithful', 'unfaithful'],
  ['truthful', 'untruthful'],
  ['consistent', 'inconsistent'],
  ['coherent', 'incoherent'],
  ['complete', 'incomplete'],
  ['sufficient', 'insufficient'],
  ['adequate', 'inadequate'],
  ['helpful', 'unhelpful'],
  ['useful', 'useless'],
  ['safe', 'unsafe'],
  ['harmless', 'harmful'],
  ['benign', 'malicious'],
  ['nontoxic', 'toxic'],
  ['unbiased', 'biased'],
  ['appropriate', 'inappropriate'],
  ['inoffensive', 'offensive, hateful, abusive'],
  ['compliant', 'noncompliant'],
  ['acceptable, accepted', 'unacceptable, rejected'],
  ['valid', 'invalid'],
  ['satisfactory', 'unsatisfactory'],
  ['successful, succeeded', 'unsuccessful'],
  ['resolved', 'unresolved'],
  ['passed', 'failed'],
  ['unflagged', 'flagged'],
];

/** Words that say it as they stand; nothing is put before them. */
const VERDICTS = {
  good: 'pass, passes, passing, ok, okay, success, accept, approved, no violation, no violations, no hallucination, no hallucinations',
  bad: 'fail, fails, failing, failure, not pass, not passing, did not pass, does not pass, reject, hallucination, hallucinations, violation, violations, violates, violated',
} as const;

/** Ends of a scale. Its middle says nothing: what is fair, partial or medium only the evaluator knows. */
const GRADES = {
  good: 'good, very good, great, excellent, outstanding, perfect, thumbs up',
  bad: 'bad, very bad, poor, very poor, terrible, awful, not good, thumbs down',
} as const;

const words = (text: string): readonly string[] => text.split(', ');
const NEGATIONS: readonly string[] = ['not ', 'non '];
const DEGREES: readonly string[] = [
  'completely ',
  'entirely ',
  'extremely ',
  'fully ',
  'highly ',
  'perfectly ',
  'totally ',
  'very ',
];

function table(): ReadonlyMap<string, Meaning> {
  const held = new Map<string, Meaning>();
  const add = (word: string, good: boolean, grade = false) => held.set(word, { good, grade });
  for (const [good, bad] of PAIRS)
    for (const [list, isGood] of [
      [good, true],
      [bad, false],
    ] as const)
      for (const word of words(list)) {
        add(word, isGood);
        for (const degree of DEGREES) add(`${degree}${word}`, isGood);
        for (const negation of NEGATIONS) add(`${negation}${word}`, !isGood);
        add(`not ${word} at all`, !isGood);
        add(`not at all ${word}`, !isGood);
      }
  for (const [of, grade] of [
    [VERDICTS, false],
    [GRADES, true],
  ] as const) {
    for (const word of words(of.good)) add(word, true, grade);
    for (const word of words(of.bad)) add(word, false, grade);
  }
  return held;
}

const MEANINGS = table();
const LEVELS: ReadonlyMap<string, boolean> = new Map([
  ...words('high, very high').map((it) => [it, true] as const),
  ...words('low, very low').map((it) => [it, false] as const),
]);
const ANSWERS: ReadonlyMap<string, boolean> = new Map([
  ...words('yes, true').map((it) => [it, true] as const),
  ...words('no, false').map((it) => [it, false] as const),
]);

/** Of what a measure counts more when it counts more: what is wanted, or what is not. */
const WANTED = new Set(
  words(
    'relevance, relevancy, relevant, correctness, correct, accuracy, accurate, precision, recall, faithfulness, faithful, groundedness, grounded, grounding, factuality, factual, truthfulness, consistency, coherence, coherent, fluency, completeness, complete, helpfulness, helpful, usefulness, quality, clarity, conciseness, adherence, compliance, compliant, sufficiency, harmlessness, fairness, satisfaction, guidelines, resolution, success',
  ),
);
const UNWANTED = new Set(
  words(
    'toxicity, toxic, hate, hateful, unfairness, violence, violent, sexual, harm, harmful, harmfulness, abuse, abusive, profanity, offensiveness, bias, biased, stereotyping, hallucination, hallucinations, hallucinated, fabrication, jailbreak, injection, xpia, attack, pii, leak, leakage, vulnerability, maliciousness, misogyny, criminality, insensitivity, irrelevance, incorrectness, inaccuracy, inconsistency, incoherence, incompleteness, ungroundedness, unfaithfulness, unhelpfulness, violation, violations, friction, frustration, risk, issue, issues, problem, problems, error, errors',
  ),
);
/** Of these a yes is known to be good, and no more: high safety and a high safety rating are opposites. */
const WANTED_BY_A_YES = new Set(words('safety, is safe, safe'));
/** Words that turn a name round, or may: which way it points is not known then. */
const TURNS = new Set(
  words(
    'no, not, non, none, without, lack, lacks, absence, absent, free, anti, low, less, avoids, avoidance, avoided, prevention, resistance, bad, poor, missing, check, checks, test, guard, guardrail, filter, protection, detection, detector, handling',
  ),
);

/** Neither a label nor a name of more than that means anything here. */
const LONGEST = 64;

/** Lower case, its words parted by one blank: `NotRelevant`, `not_relevant` and `Not-relevant.` are one. */
function plain(text: string): string | null {
  if (text.length > LONGEST) return null;
  return text
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** What a label means whatever was measured; `null` where it is not in the table. */
export function meaningOf(label: string): Meaning | null {
  const said = plain(label);
  return said === null ? null : (MEANINGS.get(said) ?? null);
}

/** Whether more of a measure is better, by its name; `null` where the name does not say, or says both. */
function moreIsBetter(name: string): boolean | null {
  const said = plain(name)?.split(' ') ?? [];
  if (said.some((word) => TURNS.has(word))) return null;
  const wanted = said.some((word) => WANTED.has(word));
  const unwanted = said.some((word) => UNWANTED.has(word));
  return wanted === unwanted ? null : wanted;
}

/** Whether `high`, `low`, `yes` or `no` is good of what was measured; `null` where the name does not tell. */
export function isGoodOf(name: string, label: string): boolean | null {
  const said = plain(label);
  if (said === null) return null;
  const more = LEVELS.get(said) ?? ANSWERS.get(said);
  if (more === undefined) return null;
  if (ANSWERS.has(said) && WANTED_BY_A_YES.has(plain(name) ?? '')) return more;
  const better = moreIsBetter(name);
  return better === null ? null : better === more;
}
