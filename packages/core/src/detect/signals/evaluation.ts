import type { Id, Instant } from '../../kernel/index.ts';
import type { Archetype } from './archetype.ts';
import { isGoodOf, meaningOf } from './evaluation-labels.ts';
import type { Interaction, InteractionId } from './interaction.ts';
import { markOf } from './mark.ts';
import type { Signal } from './signal.ts';

export type EvaluationId = Id<'evl'>;

/** `failed`: its sender says so; `passed` likewise; `unsaid`: a score or a label alone, and which of them are bad only the sender knows; `broken`: the evaluator itself failed, which says nothing of the answer. */
export const OUTCOMES = ['failed', 'passed', 'unsaid', 'broken'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** What an evaluator of somebody else said about one interaction. `null` reads "not said". */
export interface Evaluation {
  readonly id: EvaluationId;
  /** The sender's own id; absent: it gave none. */
  readonly givenId?: string;
  readonly system: string;
  readonly at: Instant;
  readonly receivedAt: Instant;
  /** The metric, for example `Relevance`. */
  readonly name: string;
  /** On the evaluator's own scale. */
  readonly score: number | null;
  readonly label: string | null;
  readonly explanation: string | null;
  readonly outcome: Outcome;
  /** Its sender calls it an error: severity ERROR and worse. */
  readonly grave: boolean;
  readonly traceId: string | null;
  readonly spanId: string | null;
  readonly responseId: string | null;
  /** The interaction as its sender names it: our id, or the one it was sent with; absent: it does not. */
  readonly refers?: string;
  /** The interaction it judges, once known. */
  readonly interaction: InteractionId | null;
}

export type EvaluationSaid = Omit<Evaluation, 'id' | 'receivedAt' | 'interaction'>;

/** What is beside the score and the label and says on which side of a line the answer stands. */
export interface Line {
  readonly passed: boolean | null;
  readonly threshold: number | null;
  /** `decrease`: the lower, the better. At or above the threshold is a pass unless this says so. */
  readonly direction: 'increase' | 'decrease';
}

const passes = (score: number, threshold: number, { direction }: Line): boolean =>
  direction === 'decrease' ? score <= threshold : score >= threshold;

/**
 * The sender's word first, then a label that is a verdict, then its own threshold, then a label that is a grade or an
 * answer. A score alone says nothing, and neither does a label that is not in the table.
 */
export function outcomeOf(name: string, score: number | null, label: string | null, line: Line): Outcome {
  const meaning = label === null ? null : meaningOf(label);
  const good =
    line.passed ??
    (meaning?.grade === false ? meaning.good : null) ??
    (score === null || line.threshold === null ? null : passes(score, line.threshold, line)) ??
    meaning?.good ??
    (label === null ? null : isGoodOf(name, label));
  return good === null ? 'unsaid' : good ? 'passed' : 'failed';
}

/** The same evaluation told twice, by a log and by a span or by an exporter that tries again, has the same key; one with an id of its sender is known by that and its name. */
export const evaluationKey = (it: EvaluationSaid): string =>
  it.givenId !== undefined
    ? JSON.stringify([it.system, `g:${it.givenId}`, it.name])
    : JSON.stringify([it.system, targetOf(it) ?? it.at, it.name, it.score, it.label, it.outcome]);

function targetOf({ refers, responseId, traceId, spanId }: EvaluationSaid): string | null {
  if (refers !== undefined) return `i:${refers}`;
  if (responseId !== null) return `r:${responseId}`;
  return traceId !== null ? `s:${traceId}:${spanId ?? ''}` : null;
}

const KINDS: readonly (readonly [RegExp, Archetype])[] = [
  [/toxic|hate|violen|self.?harm|sexual|abus|unsafe|profan/, 'toxicity-abuse'],
  [/inject|jail.?break|prompt.?attack|xpia/, 'prompt-injection'],
  [/\bpii\b|personal|leak|privacy|secret|exfiltrat/, 'data-exfiltration'],
  [/hallucinat|ground|faithful|factual|misinform|correctness/, 'misinformation-cascade'],
];
const archetypeOfName = (name: string): Archetype | null =>
  KINDS.find(([words]) => words.test(name.toLowerCase()))?.[1] ?? null;

/** On the scale of signals; other scales are told in words only. */
const shareOf = (score: number | null): number | null => (score !== null && score >= 0 && score <= 1 ? score : null);

/**
 * A failed evaluation as the signal it becomes: weak, as what evaluators are worth is not known here, and strong where
 * their own sender calls it an error. One for each interaction and metric, however often it was told.
 */
export function signalOfEvaluation(
  it: EvaluationSaid & { readonly id: string },
  about: Interaction | null,
  digest: (text: string) => string,
): Omit<Signal, 'id' | 'receivedAt'> {
  const mark = about === null ? undefined : markOf(about.givenId);
  const details = [it.label, it.score === null ? null : `score ${Number(it.score.toPrecision(6))}`].filter(Boolean);
  return {
    ...(mark !== undefined && { mark }),
    at: about?.at ?? it.at,
    channel: 'output-filter',
    kind: 'evaluation-failed',
    detector: `evaluation ${it.name}`.slice(0, 256),
    rule: it.name,
    evidenceClass: it.grave ? 'strong' : 'weak',
    score: shareOf(it.score),
    system: about?.system ?? it.system,
    feature: about?.feature ?? null,
    deployment: about?.deployment ?? null,
    versions: about?.versions ?? { model: null, modelAsked: null, prompt: null, index: null, tools: null },
    subjectHash: about?.subject ? digest(`subject|${about.subject}`) : null,
    archetype: archetypeOfName(it.name),
    severityHint: null,
    text: `The evaluation “${it.name}” failed${details.length > 0 ? ` (${details.join(', ')})` : ''}${
      about === null ? ', of an answer that is not known here' : ''
    }.${it.explanation === null || it.explanation === '' ? '' : ` It says: ${it.explanation}`}`.slice(0, 2_000),
    quotes: [],
    interaction: about?.id ?? null,
    dedupKey: `evaluation|${about?.id ?? `${it.system}|${targetOf(it) ?? it.id}`}|${it.name}`,
  };
}
