/** A part of an outside text that speaks to the assistant instead of informing it. Offsets are UTF-16 units. */
export interface Planted {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** Ids of what gave it away. */
  readonly cues: readonly string[];
}

interface Cue {
  readonly id: string;
  /** Two points make a planted instruction. */
  readonly points: 1 | 2;
  readonly pattern: RegExp;
}

/** Linear: bounded repeats only, none within another. */
const CUES: readonly Cue[] = [
  {
    id: 'override',
    points: 2,
    pattern:
      /\b(?:ignore|disregard|forget|override|bypass|do not follow|stop following)\b.{0,40}\b(?:instructions?|prompts?|rules?|guidelines?|directives?|task|everything|above|previous)\b/gi,
  },
  {
    id: 'first-do',
    points: 2,
    pattern:
      /\b(?:before|prior to|instead of|rather than|after) (?:you |your |that you |solving|answering|completing|continuing|proceeding|doing).{0,80}\b(?:do the following|please do|you (?:must|need to|have to|should)|first)\b/gi,
  },
  {
    id: 'to-the-assistant',
    points: 1,
    pattern:
      /\b(?:to you,? |dear |hey |hi |hello |attention:? ?|note (?:to|for) (?:the )?|as an? |you are an? |message (?:for|to) (?:the )?)(?:ai|llm|language model|assistant|chatbot|agent|bot|model|gpt|claude|gemini|command r|copilot|llama|mistral)\b/gi,
  },
  {
    id: 'to-its-reader',
    points: 2,
    pattern:
      /\b(?:(?:ai|llm)(?: (?:assistant|agent|model))?|language model|chatbot|ki|sprachmodell)s?,? (?:(?:that|which|who) (?:is|are) )?(?:reading|processing|summari[sz]ing|parsing) this\b|\b(?:when|while) (?:reading|processing|summari[sz]ing|parsing) (?:this|the) \w{2,12},? (?:the |an? |any )?(?:ai|llm|language model|chatbot|ki)\b/gi,
  },
  {
    id: 'for-the-model',
    points: 2,
    pattern:
      /\b(?:new|updated|additional|further|special) (?:instructions?|directives?|orders?) for (?:the |an? |any |all )?(?:ai|llms?|language models?|chatbots?|bots?)\b|\b(?:nachricht|hinweis|notiz|anweisung|anweisungen) (?:an|für) (?:die |das |den |alle )?(?:ki|sprachmodelle?|chatbots?|llms?)(?![\p{L}])/giu,
  },
  {
    id: 'named-first',
    points: 1,
    pattern:
      /(?:^|[.!?>\])]\s{0,3}|\n\s{0,3})(?:ai|assistant|ai assistant|llm|chatbot|ki|assistent)[,:!] {1,2}\p{L}/giu,
  },
  {
    id: 'you-must-send',
    points: 1,
    pattern:
      /\b(?:you (?:must|need to|have to|are required to|shall)|du (?:musst|sollst))\b.{0,40}\b(?:send|forward|e-?mail|transfer|transmit|delete|post|upload|execute|pay|senden|schicken|weiterleiten|überweisen|löschen)(?![\p{L}])/giu,
  },
  {
    id: 'override-german',
    points: 2,
    pattern:
      /\b(?:ignorier\w{0,3}|vergiss|missachte\w{0,2})\b.{0,40}\b(?:anweisung\w{0,3}|vorgaben|befehle|richtlinien|regeln|instruktion\w{0,2})\b/gi,
  },
  {
    id: 'from-the-user',
    points: 1,
    pattern:
      /\b(?:important|urgent|critical|system|secret) (?:message|instruction|notice|update|announcement)s?\b.{0,30}\b(?:from (?:me|the user|your|the system|admin)|for you|to you)\b/gi,
  },
  {
    id: 'the-task',
    points: 1,
    pattern:
      /\b(?:the )?task (?:that )?(?:i gave you|you (?:were|have been) given)|\byour (?:original|initial|first|real|new|actual) (?:task|goal|objective|instructions?)\b/gi,
  },
  {
    id: 'wrapped',
    points: 1,
    pattern: /<\/?(?:information|important|system|instructions?|admin|inst|user_task)>|\[\/?INST\]|<\|im_start\|>/gi,
  },
  { id: 'follow-these', points: 1, pattern: /\bfollow (?:these|the following|my|the new) (?:steps|instructions?)\b/gi },
  {
    id: 'do-not-tell',
    points: 2,
    pattern:
      /\b(?:do not|don't|never|without) (?:tell|telling|mention|mentioning|inform|informing|notify|notifying|reveal|revealing|alert|alerting)\b.{0,30}\b(?:user|anyone|anybody|them|him|her|this|it)\b/gi,
  },
];

const READ = 64 * 1024;
/** Cues this near each other belong to one text. */
const NEAR = 700;
/** What an instruction says stands around its cues. */
const AROUND = 400;
const LONGEST = 4_000;
const MOST = 20;

const OPENING = /<([a-z_]{3,20})>|\[([A-Z_]{3,20})\]/gi;
/** A line of a list or a record: what follows is no longer part of a running text. */
const NEXT_FIELD = /\n[ \t]{0,12}(?:- )?[A-Za-z_]{2,40}\\?["']?: |\n[ \t]*\n[ \t]*\n|["'][,}\]]/;

/** The tags around a place, when they are a pair: what stands between them is one text. */
function wrapping(text: string, at: number): { start: number; end: number } | null {
  const from = Math.max(0, at - NEAR);
  let found: { start: number; end: number } | null = null;
  for (const match of text.slice(from, at + 40).matchAll(OPENING)) {
    const name = match[1] ?? match[2]!;
    const start = from + match.index;
    const end = text.indexOf(match[1] === undefined ? `[/${name}]` : `</${name}>`, start);
    if (end > at && end - start <= LONGEST) found = { start, end: end + name.length + 3 };
  }
  return found;
}

/** Where an outside text instructs whoever reads it. Reads the first 64 KB; linear. */
export function plantedIn(text: string): Planted[] {
  const read = text.slice(0, READ);
  const hits: Hit[] = [];
  for (const { id, points, pattern } of CUES)
    for (const match of read.matchAll(pattern)) {
      if (hits.length >= 200) break;
      hits.push({ id, points, start: match.index, end: match.index + match[0].length });
    }
  hits.sort((a, b) => a.start - b.start);
  const found: Planted[] = [];
  let run: Hit[] = [];
  const close = () => {
    const points = new Map(run.map(({ id, points }) => [id, points]));
    const sum = [...points.values()].reduce((a, b) => a + b, 0);
    if (sum >= 2 && found.length < MOST) {
      const { start, end } = boundsOf(read, run);
      found.push({ start, end, text: read.slice(start, end), cues: [...points.keys()] });
    }
    run = [];
  };
  for (const hit of hits) {
    const last = found.at(-1);
    if (run.length === 0 && last !== undefined && hit.start < last.end) continue;
    if (run.length > 0 && hit.start - run.at(-1)!.end > NEAR) close();
    run.push(hit);
  }
  if (run.length > 0) close();
  return found;
}

interface Hit {
  readonly id: string;
  readonly points: number;
  readonly start: number;
  readonly end: number;
}

function boundsOf(text: string, run: readonly Hit[]): { start: number; end: number } {
  const first = run[0]!.start;
  const last = Math.max(...run.map((hit) => hit.end));
  const wrapped = wrapping(text, run.find(({ id }) => id !== 'wrapped')?.start ?? first);
  if (wrapped !== null) return wrapped;
  const line = text.lastIndexOf('\n', first) + 1;
  const after = text.slice(last, last + AROUND);
  const field = after.search(NEXT_FIELD);
  return { start: Math.max(line, first - 200), end: field < 0 ? Math.min(text.length, last + AROUND) : last + field };
}
