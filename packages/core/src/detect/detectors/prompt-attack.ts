import { judge, originalSpan, plain } from '../../text/index.ts';
import type { Interaction } from '../signals/index.ts';
import stored from './attack-weights.json' with { type: 'json' };
import { movesIn, termsAmong } from './attack-words.ts';
import type { Aids, Detector, Finding } from './finding.ts';
import { FINDING_LIMIT, QUOTE_LIMIT, READ_LIMIT } from './finding.ts';
import { plantedIn } from './planted.ts';
import { pullsModel } from './pulls.ts';

const NAME = 'prompt-attack';
const VERSION = '1';

/** From this score on a request counts as an attack: one operating point for everything. */
export const ATTACK_AT = 0.6;

const attackModel = pullsModel(stored, ['benign', 'attack']);

let firsts: ReadonlySet<string> | null = null;
/** Stems with which a pair begins that the model knows: the others need not be put together. */
const firstsOfPairs = (): ReadonlySet<string> => {
  firsts ??= new Set(
    [...attackModel().terms.keys()].filter((term) => term.includes(' ')).map((term) => term.split(' ')[0]!),
  );
  return firsts;
};

export interface AttackJudgement {
  /** How likely it is that the request attacks the instructions of the model, 0 to 1, as cross-validated. */
  readonly score: number;
  /** What it does: ids of moves, for example `override`, `persona`, `reveal`. */
  readonly moves: readonly string[];
}

/** Judges a request by its words and what they do. Reads at most 6,000 characters; never throws. */
export function judgeRequest(text: string): AttackJudgement {
  const { text: read } = plain(text);
  const moves = movesIn(read);
  return { score: judge(attackModel(), termsAmong(read, moves, firstsOfPairs())).chances[1]!, moves };
}

/** The last thing the person said: what came before was looked at when it was new. */
function asked(it: Interaction): { readonly field: string; readonly text: string } | null {
  const input = it.input ?? [];
  for (let i = input.length - 1; i >= 0; i--)
    if (input[i]!.role === 'user') return { field: `input/${i}/content`, text: input[i]!.content };
  return null;
}

function* outside(it: Interaction): Generator<{ field: string; text: string }> {
  for (const [i, passage] of (it.retrieved ?? []).entries()) yield { field: `retrieved/${i}/text`, text: passage.text };
  for (const [i, { role, content }] of (it.input ?? []).entries())
    if (role === 'tool' || role === 'function') yield { field: `input/${i}/content`, text: content };
  for (const [i, { result }] of (it.toolCalls ?? []).entries())
    if (result !== null) yield { field: `toolCalls/${i}/result`, text: result };
}

function look(it: Interaction, _aids: Aids): Finding[] {
  const findings: Finding[] = [];
  for (const { field, text } of outside(it)) {
    if (findings.length >= FINDING_LIMIT) break;
    const read = plain(text.slice(0, READ_LIMIT));
    for (const planted of plantedIn(read.text).slice(0, 2)) {
      const span = originalSpan(read, planted.start, planted.end);
      findings.push({
        detector: NAME,
        version: VERSION,
        kind: 'instruction-planted',
        archetype: 'prompt-injection',
        evidenceClass: 'strong',
        score: 0.85,
        spans: [{ field, ...span, text: text.slice(span.start, Math.min(span.end, span.start + QUOTE_LIMIT)) }],
        rules: planted.cues,
        explain: 'A text that the assistant was handed to read instructs it instead of informing it.',
        same: `planted|${planted.text.slice(0, 300)}`,
      });
    }
  }
  const question = asked(it);
  if (question === null || question.text.trim() === '' || findings.length >= FINDING_LIMIT) return findings;
  const { score, moves } = judgeRequest(question.text);
  if (score < ATTACK_AT) return findings;
  findings.push({
    detector: NAME,
    version: VERSION,
    kind: 'prompt-attack',
    archetype: 'prompt-injection',
    // People also talk about attacks, and try them without harm: it feeds rates, and never pages alone.
    evidenceClass: 'weak',
    score,
    spans: [{ field: question.field, start: 0, end: question.text.length, text: question.text.slice(0, QUOTE_LIMIT) }],
    rules: moves.length > 0 ? moves : ['words'],
    explain: `The request reads like an attempt to turn the assistant against its instructions${
      moves.length > 0 ? ` (${moves.join(', ')})` : ''
    }.`,
    same: `asked|${question.text.slice(0, 300)}`,
  });
  return findings;
}

/** Attempts to turn the assistant: in what people ask, and in what documents and tools hand it to read. */
export const promptAttack: Detector = { name: NAME, version: VERSION, look };
