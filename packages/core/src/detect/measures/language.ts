const WORDS: Readonly<Record<string, readonly string[]>> = {
  en: ['the', 'and', 'is', 'you', 'your', 'of', 'to', 'that', 'for', 'with', 'can', 'are', 'this', 'have', 'not'],
  de: [
    'der',
    'die',
    'das',
    'und',
    'ist',
    'sie',
    'nicht',
    'ein',
    'eine',
    'mit',
    'für',
    'auf',
    'ihr',
    'werden',
    'können',
  ],
  fr: ['le', 'la', 'les', 'et', 'est', 'vous', 'votre', 'une', 'des', 'pour', 'pas', 'avec', 'dans', 'que', 'nous'],
  es: ['el', 'los', 'las', 'y', 'es', 'usted', 'su', 'una', 'para', 'con', 'por', 'que', 'puede', 'del', 'está'],
  it: ['il', 'gli', 'è', 'che', 'per', 'con', 'una', 'non', 'di', 'della', 'sono', 'può', 'suo', 'del', 'nel'],
  nl: ['het', 'een', 'van', 'niet', 'voor', 'met', 'uw', 'kunt', 'zijn', 'dat', 'op', 'wordt', 'bij', 'ook', 'naar'],
  pt: ['os', 'uma', 'não', 'para', 'com', 'você', 'seu', 'do', 'da', 'em', 'que', 'são', 'pode', 'mais', 'ao'],
};
const BY_WORD = new Map<string, string[]>();
for (const [language, words] of Object.entries(WORDS))
  for (const word of words) BY_WORD.set(word, [...(BY_WORD.get(word) ?? []), language]);

const SCRIPTS: readonly (readonly [string, RegExp])[] = [
  ['ja', /[\u3040-\u30ff]/],
  ['zh', /[\u4e00-\u9fff]/],
  ['ko', /[\uac00-\ud7af]/],
  ['cyrillic', /[\u0400-\u04ff]/],
  ['arabic', /[\u0600-\u06ff]/],
  ['hindi', /[\u0900-\u097f]/],
  ['greek', /[\u0370-\u03ff]/],
  ['hebrew', /[\u0590-\u05ff]/],
  ['thai', /[\u0e00-\u0e7f]/],
];
/** Nothing of Latin script lies here, and every script above does. */
const OTHER = /[\u0370-\uffff]/;
const READ = 400;
const WORD = /[\p{L}]+/gu;

/**
 * A guess at the language of a text from its script and its frequent words: an ISO 639-1 code or a script, `short` where
 * there is too little to say, `unsure`. Good for noticing that the mix changed, not for a single text.
 */
export function languageOf(text: string): string {
  const head = text.slice(0, READ);
  if (head.trim().length < 12) return 'short';
  if (OTHER.test(head)) for (const [name, script] of SCRIPTS) if (script.test(head)) return name;
  const found = new Map<string, number>();
  for (const word of head.toLowerCase().match(WORD) ?? [])
    for (const language of BY_WORD.get(word) ?? []) found.set(language, (found.get(language) ?? 0) + 1);
  const [best, next] = [...found].sort(([, a], [, b]) => b - a);
  if (best === undefined || best[1] < 2 || best[1] === next?.[1]) return 'unsure';
  return best[0];
}

const REFUSAL =
  /\b(i(?:['’]m| am) (?:sorry,? (?:but )?(?:i|we) (?:can|cannot|can['’]t)|not able to|unable to|afraid i can)|i (?:cannot|can['’]t|won['’]t|am unable to) (?:help|assist|provide|answer|comply|do that|discuss|share|continue)|(?:unable|not able) to (?:help|assist) with|as an ai(?: language model)?,? i|against my (?:guidelines|policy)|(?:das|dabei|hierbei) kann ich (?:ihnen |dir )?(?:leider )?nicht|ich kann (?:ihnen |dir )?(?:dabei|hierbei|damit) (?:leider )?nicht|je ne peux pas (?:vous )?aider|no puedo ayudar(?:te|le)?|lo siento, (?:pero )?no puedo|non posso aiutar)/i;

/** Whether an answer reads like a refusal. Words only: right for a trend on one model, wrong as an absolute rate. */
export const readsLikeRefusal = (output: string): boolean => REFUSAL.test(output.slice(0, READ));
