import { sentences } from '../../text/index.ts';

/** What a heading, a tag or a label calls text that is there to be told to people. */
const KNOWLEDGE =
  /\b(?:articles?|context|documents?|docs|knowledge|passages?|sources?|excerpts?|faqs?|facts?|information|background|references?|search results?|retrieved|chunks?|snippets?|contents?|data|help pages?|help cent(?:er|re)|manuals?|catalog(?:ue)?s?|products?|prices?|pricing|opening hours|terms|polic(?:y|ies)|questions and answers|wissen|kontext|dokumente?|artikel|quellen?)\b/i;
/** What it calls text that is meant for the assistant alone. */
const RULES =
  /\b(?:instructions?|rules?|guidelines?|guardrails?|role|task|goals?|tone|style|persona|format|constraints?|limits?|behaviou?r|important|confidential|internal|secrets?|system|how to (?:answer|respond|reply)|do not|never|anweisungen|regeln|aufgabe|rolle)\b/i;
const HEADING = /^\s*(#{1,6})\s+(\S.{0,80}?)\s*$/;
const OPENS = /^\s*<([a-z][\w-]{0,40})(?:\s[^<>]{0,200})?>/i;
const CLOSES = /<\/([a-z][\w-]{0,40})>\s*$/i;
const LABEL =
  /^\s*(?:\*\*|=+|-+|\[)?\s*(\p{L}[\p{L} ’'&/-]{1,50}?)\s*(?:\*\*)?\s*(?::\s*(?:\*\*)?\s*$|=+\s*$|-{2,}\s*$|\]\s*$)/u;
/** A sentence that hands over what follows: “Use the articles below.” */
const HANDS_OVER = /\b(?:below|following)\b[^.!?]{0,60}[.:]\s*$|\bfollowing\b/i;

/** Said about the assistant and nobody else. */
const ABOUT_IT: readonly RegExp[] = [
  /^\W*you(?:['’]re| are) (?:now |acting |to |not to |an? |the |[A-Z])/i,
  /\byour (?:role|task|job|goal|purpose|instructions?|persona|tone|answers?|repl(?:y|ies)|responses?|outputs?)\b/i,
  /\b(?:system prompt|these instructions|as an? (?:ai|assistant|language model))\b/i,
  /(?:^\W*|\b(?:always|never|only|please|not|don['’]t|must|should|shall|may|can|will|to|and|or) )(?:answer|respond|reply|refuse|decline|greet|mention|reveal|disclose|discuss|repeat|apologi[sz]e|summari[sz]e|recommend|output|cite|pretend|invent|guess|make up|role-?play)\b/i,
  /\b(?:say|tell|ask|write|explain|give|speak|talk|promise|offer|show|share|help|send|direct|refer|remind|inform|let)\b.{0,40}\b(?:users?|customers?|clients?|callers?|visitors?|patients?|people|persons?|somebody|someone|anyone|anybody)\b/i,
  /\b(?:when|if|whenever|unless) (?:the |an? |any )?(?:users?|customers?|clients?|callers?|visitors?|patients?|somebody|someone|anyone|anybody|people)\b/i,
];
/** Orders that a text for people gives as well. */
const ORDERS =
  /\b(?:you (?:must|should|shall|have to|never|always)|do not|don['’]t|never|always|refuse|assistant|instructions?)\b/i;

/** An order to the assistant, unmistakable even among what is there to be told. */
const UNMISTAKABLE =
  /^\W*(?:you (?:are|must|may|should|shall) (?:now |only |never |always |not )?(?:an? (?:ai|assistant|helpful|chat\w*)|answer|respond|reply|reveal|disclose)|(?:(?:always|never|only|do not|don['’]t|please) )?(?:answer|respond|reply|reveal|disclose|make up|invent|refuse)\b.{0,60}\b(?:only|with|in|from|based|using|if|users?|customers?|anything|yourself|answers?|context))\b/i;

const instructs = (sentence: string, toTell: boolean): boolean =>
  toTell ? UNMISTAKABLE.test(sentence) : ORDERS.test(sentence) || ABOUT_IT.some((pattern) => pattern.test(sentence));

/** Lines that were broken for width stand as one again. */
const unwrapped = (text: string): string => text.replace(/([\p{L}\p{N},;)’'"])[ \t]*\r?\n[ \t]*(?=\p{Ll})/gu, '$1 ');

/** The sign by which a part with things to tell begins, and when it is over. */
type Part = { readonly heading: number } | { readonly tag: string } | { readonly label: true };

const isToTell = (name: string): boolean => KNOWLEDGE.test(name) && !RULES.test(name);

/**
 * The sentences of a system prompt that instruct the assistant, in order. What a prompt says of the world (articles, opening
 * hours, terms pasted into it) may be repeated: it is there to be told to people, and often in their own “you can”, “you must”.
 */
export function instructionsIn(prompt: string): string[] {
  const found: string[] = [];
  let part: Part | null = null;
  for (const line of unwrapped(prompt).split(/\r?\n/)) {
    const heading = HEADING.exec(line);
    const opens = OPENS.exec(line);
    const label = heading === null && opens === null ? LABEL.exec(line) : null;
    if (heading !== null) {
      const depth = heading[1]!.length;
      const inside: boolean = part !== null && ('tag' in part || ('heading' in part && depth > part.heading));
      if (!inside) part = isToTell(heading[2]!) ? { heading: depth } : null;
      continue;
    }
    if (part === null && opens !== null && isToTell(opens[1]!.replace(/[_-]/g, ' ')))
      part = { tag: opens[1]!.toLowerCase() };
    else if (
      label !== null &&
      !(part !== null && 'tag' in part) &&
      (RULES.test(label[1]!) || KNOWLEDGE.test(label[1]!))
    ) {
      part = isToTell(label[1]!) ? { label: true } : null;
      continue;
    }
    let handsOver = false;
    for (const { text } of sentences(line)) {
      if (instructs(text, part !== null)) found.push(text);
      handsOver = HANDS_OVER.test(text) && isToTell(text);
    }
    const closes = CLOSES.exec(line);
    if (part !== null && 'tag' in part && closes !== null && closes[1]!.toLowerCase() === part.tag) part = null;
    if (part === null && handsOver) part = { label: true };
  }
  return found;
}
