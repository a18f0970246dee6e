import { foldedWords, sentences, stem } from '../../text/index.ts';

/** What an attack on the instructions of a model does, by form. English and German. Linear: bounded repeats only. */
const MOVES: readonly (readonly [string, RegExp])[] = [
  [
    'override',
    /\b(?:ign\w{0,8}|disregard|forget|forgot|override|bypass|skip|drop|vergiss|vergessen|ignorier\w{0,3}|missachte\w{0,2})\b.{0,60}\b(?:instruct\w{0,6}|prompts?|rules?|guidelines?|directives?|tasks?|assignments?|everything|all|above|previous|prior|before|said|told|commands?|restrictions?|anweisung\w{0,3}|aufgaben?|befehle?n?|alles|alle|davor|vorher\w{0,4}|zuvor|obigen?|bisherigen?|regeln?)\b/i,
  ],
  [
    'new-task',
    /\b(?:now|new|next|instead|jetzt|nun|neue[rns]?|stattdessen)\b.{0,30}\b(?:tasks?|instructions?|job|focus|challenge|assignment|aufgabe|anweisung\w{0,3}|herausforderung|fokus)\b/i,
  ],
  [
    'persona',
    /\b(?:pretend|act as|acting as|you are now|role-?play|play the role|simulate|imagine you|behave like|stay in character|i want you to act|du bist (?:jetzt|nun|kein\w{0,2})|verhalte dich|tu so|spiele? die rolle)\b/i,
  ],
  [
    'reveal',
    /\b(?:show|print|reveal|repeat|display|output|tell me|return|spell ?check|summari[sz]e|zeige?|gib|nenne|wiederhole|was (?:ist|war|sind)|what (?:is|was|were|are)|how do|wie (?:lautet|lauten|sieht))\b.{0,50}\b(?:prompts?|instructions?|prompt[_ ]?texts?|context|articles?|beginning|anweisungen|kontext|artikeln?|anfang|system ?message|above|embeddings?)\b/i,
  ],
  [
    'say-this',
    /\b(?:say|write|answer with|respond with|reply with|output|print|sage?|schreibe?|antworte|sagst du|you (?:say|answer|reply))\b.{0,12}["'„“:]/i,
  ],
  [
    'no-limits',
    /\b(?:no (?:restrictions?|limits?|limitations|rules|filters?|ethic\w{0,4}|moral\w{0,4})|without (?:any )?(?:restrictions?|limits?|limitations|filters?|censor\w{0,4})|unfiltered|uncensored|unrestricted|amoral|jailbr\w{0,8}|developer mode|dan mode|do anything now|(?:openai|content) polic\w{0,3})\b/i,
  ],
  ['stop', /(?:^|[.?!"]\s{0,3})(?:stopp?|halt|attention|achtung|wait|[^\w\s]{3,20})\s{0,3}[-:!?.]/i],
  [
    'then-this',
    /[?.!]\s{0,3}["'“]?\s{0,3}(?:forget|ignore|vergiss|ignoriere|now|jetzt|nun|but first|instead|stop|say|write|and also)\b/i,
  ],
  [
    'your-rules',
    /\b(?:your|deine[nrsm]?|dein) (?:[\p{L}-]{2,14} ){0,2}(?:rules|guidelines|instructions?|configuration|prompt|system message|polic(?:y|ies)|regeln|richtlinien|anweisung(?:en)?|instruktion(?:en)?|kontext(?:e?s)?|vorgaben)(?![\p{L}])/iu,
  ],
  [
    'unbound',
    /\b(?:you are (?:not|no longer) an? (?:assistant|ai|bot|language model)|never refuses?|opposite mode|drop the act|(?:polic(?:y|ies)|rules?|restrictions?|guidelines|limits) (?:was|were|are|is|has been|have been) (?:now )?(?:removed|lifted|void|suspended|outdated|disabled|off)|no longer appl\w{1,3}|(?:keine|ohne) (?:einschränkungen|regeln|richtlinien|moral|grenzen|filter)|kein\w{0,2} assistent)(?![\p{L}])/iu,
  ],
  [
    'authority',
    /\b(?:i am|i'm|this is|ich bin|hier (?:ist|spricht)) (?:(?:your|dein\w{0,2}) (?:maker|owner|besitzer\w{0,2}|chef\w{0,2}|developer|creator|admin\w{0,11}|entwickler\w{0,2}|schöpfer\w{0,2})|(?:the|der|die) (?:developer|creator|admin\w{0,11}|entwickler\w{0,2}))(?![\p{L}])/iu,
  ],
  [
    'whatever-it-says',
    /\b(?:whatever|no matter what|regardless of|egal,? was|unabhängig davon)\b.{0,30}\b(?:articles?|texts?|documents?|rules|context|says?|artikeln?|texten?|kontext|steht|regeln)\b/i,
  ],
  [
    'text-before',
    /\b(?:text|sentences?|messages?|words|lines?|nachrichten?|sätze|zeilen?|everything|alles)\b.{0,24}\b(?:above|before|preced\w{1,3}|prior to|at the (?:start|beginning|top)|davor|vor (?:dieser|meiner)|am anfang)\b/i,
  ],
  ['spaced', /(?:\b\w ){6,40}\w\b/],
  ['encoded', /\b(?:base64|rot13|leetspeak|decode|encoded|hex)\b/i],
  [
    'you-the-model',
    /\b(?:as an? (?:ai|language model)|du als (?:ki|sprachmodell)|are you an? (?:ai|language model|bot)|your (?:rules|guidelines|programming|training|creators?|own (?:knowledge|opinion|views?))|chat ?gpt|gpt-?[34])\b/i,
  ],
  [
    'abuse',
    /\b(?:fuck\w{0,5}|shit\w{0,4}|bitch\w{0,3}|asshole|assi|idiot\w{0,3}|schei(?:ss|ß)\w{0,3}|arsch\w{0,6}|hate|hasst|hasse)\b/i,
  ],
  ['quotes', /["„“'][^"]{2,60}["”“']/],
];

const READ = 6_000;
const MOST_WORDS = 800;
/** A move weighs as much as a word that is said three times. */
const MOVE = 3;
const LENGTHS = [6, 12, 25, 60, 150];

/** The terms a request is judged by: stems, pairs of neighbouring stems (`a b`), moves (`#override`), length and form. */
export function termsOfRequest(text: string): Map<string, number> {
  return termsAmong(text, movesIn(text), null);
}

/** The same where the moves are known, without pairs that begin with none of `firsts`. */
export function termsAmong(
  text: string,
  moves: readonly string[],
  firsts: ReadonlySet<string> | null,
): Map<string, number> {
  const read = text.slice(0, READ);
  const counts = new Map<string, number>();
  const see = (term: string, times = 1) => counts.set(term, (counts.get(term) ?? 0) + times);
  const stems = foldedWords(read, MOST_WORDS).map(stem);
  for (const [i, each] of stems.entries()) {
    see(each);
    if (i > 0 && (firsts === null || firsts.has(stems[i - 1]!))) see(`${stems[i - 1]} ${each}`);
  }
  for (const move of moves) see(`#${move}`, MOVE);
  see(`#length-${LENGTHS.filter((most) => stems.length >= most).length}`);
  see(/\?\s*$/.test(read.trimEnd()) ? '#asks' : '#tells');
  if (sentences(read, 10).length > 8) see('#long');
  return counts;
}

/** Ids of the moves a request makes. */
export const movesIn = (text: string): string[] =>
  MOVES.flatMap(([id, pattern]) => (pattern.test(text.slice(0, READ)) ? [id] : []));
