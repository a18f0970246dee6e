import { type Instant, instant } from '../../../../kernel/index.ts';
import { type EvaluationSaid, type Line, outcomeOf } from '../../evaluation.ts';
import { isMembers, structure, word } from './dialects/dialect.ts';
import { systemKeyOf } from './interactions.ts';
import { holdsEvaluation, judgingOf } from './judges.ts';
import { type LogRecord, levelOf } from './log.ts';
import { type Node, Nodes } from './nodes.ts';
import { type Attributes, type AttributeValue, EVALUATION_EVENT, type Span } from './span.ts';

/** Evaluations of one request. What goes beyond is left out and counted. */
const MOST_EVALUATIONS = 20_000;
const MOST_WORDS = 4_000;
const LATEST_MS = 7_258_118_400_000;

export interface EvaluationsReading {
  readonly said: readonly EvaluationSaid[];
  readonly leftOut: number;
  /** Why, of the first that was left out. */
  readonly why: string | null;
}

function numberIn(it: AttributeValue | undefined): number | null {
  const read = typeof it === 'string' && it.trim() !== '' ? Number(it) : it;
  return typeof read === 'number' && Number.isFinite(read) ? read : null;
}

function truthIn(it: AttributeValue | undefined): boolean | null {
  if (typeof it === 'boolean') return it;
  const said = typeof it === 'string' ? it.trim().toLowerCase() : null;
  return said === 'true' ? true : said === 'false' ? false : null;
}

/** What no convention names yet and senders write all the same: beside the others, or as JSON in `internal_properties`. */
function lineOf(attributes: Attributes): Line {
  const inner = structure(attributes.get('internal_properties'));
  const of = (name: string): AttributeValue | undefined =>
    attributes.get(name) ?? (isMembers(inner) ? (inner[name] as AttributeValue | undefined) : undefined);
  return {
    passed: truthIn(of('gen_ai.evaluation.passed')),
    threshold: numberIn(of('gen_ai.evaluation.threshold')),
    direction: of('gen_ai.evaluation.desirable_direction') === 'decrease' ? 'decrease' : 'increase',
  };
}

interface Place {
  readonly atMs: number;
  readonly traceId: string | null;
  readonly spanId: string | null;
  readonly responseId: string | null;
  readonly system: string;
  readonly grave: boolean;
}

function said(attributes: Attributes, place: Place, now: Instant): EvaluationSaid | string {
  const name = word(attributes, 'gen_ai.evaluation.name');
  if (name === null) return 'an evaluation without gen_ai.evaluation.name';
  const score = numberIn(attributes.get('gen_ai.evaluation.score.value'));
  const label = word(attributes, 'gen_ai.evaluation.score.label');
  const words = attributes.get('gen_ai.evaluation.explanation');
  const broke = word(attributes, 'error.type');
  const explanation = typeof words === 'string' && words.trim() !== '' ? words.trim().slice(0, MOST_WORDS) : broke;
  return {
    system: place.system,
    at: place.atMs > 0 && place.atMs < LATEST_MS ? instant(Math.floor(place.atMs)) : now,
    name,
    score,
    label,
    explanation,
    outcome: isBroken(attributes) ? 'broken' : outcomeOf(name, score, label, lineOf(attributes)),
    grave: place.grave,
    traceId: place.traceId,
    spanId: place.spanId,
    responseId: word(attributes, 'gen_ai.response.id') ?? place.responseId,
  };
}

class Told {
  readonly said: EvaluationSaid[] = [];
  leftOut = 0;
  why: string | null = null;

  add(it: EvaluationSaid | string): void {
    const why =
      typeof it === 'string'
        ? it
        : this.said.length >= MOST_EVALUATIONS
          ? `one request holds at most ${MOST_EVALUATIONS} evaluations`
          : null;
    if (why === null) this.said.push(it as EvaluationSaid);
    else {
      this.leftOut++;
      this.why ??= why;
    }
  }
}

const systemOf = (attributes: Attributes, resource: Attributes, fallback: string): string =>
  systemKeyOf(word(attributes, 'firebreak.system') ?? word(resource, 'firebreak.system', 'service.name') ?? fallback) ??
  fallback;

/** The answer that an evaluation on this span speaks of, where the event itself does not say. */
function judgedOf(node: Node, nodes: Nodes): Pick<Place, 'traceId' | 'spanId' | 'responseId'> {
  const { traceId, spanId, attributes } = node.span;
  const judging = judgingOf(node, nodes.parentsOf(node), nodes);
  if (judging === null) return { traceId, spanId, responseId: word(attributes, 'gen_ai.response.id') };
  if (judging.of === null) return { traceId, spanId, responseId: null };
  return { ...judging.of, responseId: nodes.at(judging.of.traceId, judging.of.spanId)?.reading.responseId ?? null };
}

/** Evaluations that spans carry as events. The span they stand on is the one they judge, unless they name another answer, or it is the work of a judge. */
export function evaluationsFromSpans(spans: readonly Span[], fallback: string, now: Instant): EvaluationsReading {
  const told = new Told();
  if (!spans.some(holdsEvaluation)) return told;
  const nodes = new Nodes(spans);
  for (const node of nodes.all) {
    const { span } = node;
    if (!holdsEvaluation(span)) continue;
    const place: Place = {
      atMs: span.endMs || span.startMs,
      ...judgedOf(node, nodes),
      system: systemOf(span.attributes, span.resource, fallback),
      grave: false,
    };
    for (const event of span.events) if (event.name === EVALUATION_EVENT) told.add(said(event.attributes, place, now));
  }
  return told;
}

export const isEvaluation = ({ event }: LogRecord): boolean => event === EVALUATION_EVENT;

const isBroken = (attributes: Attributes): boolean =>
  word(attributes, 'error.type') !== null &&
  numberIn(attributes.get('gen_ai.evaluation.score.value')) === null &&
  word(attributes, 'gen_ai.evaluation.score.label') === null;

/** An evaluator that says of itself that it failed: an error of the sender, and no word about an answer. */
export const isBrokenEvaluation = (record: LogRecord): boolean => isEvaluation(record) && isBroken(membersOf(record));

/** Members of an event may stand in the body, as older senders write them. */
const membersOf = ({ attributes, body }: LogRecord): Attributes =>
  isMembers(body) ? new Map([...(Object.entries(body) as [string, AttributeValue][]), ...attributes]) : attributes;

/** Evaluations that log records are. */
export function evaluationsFromLogs(records: readonly LogRecord[], fallback: string, now: Instant): EvaluationsReading {
  const told = new Told();
  for (const record of records) {
    if (!isEvaluation(record)) continue;
    const { resource, atMs, traceId, spanId } = record;
    const all = membersOf(record);
    const place: Place = {
      atMs,
      traceId,
      spanId,
      responseId: null,
      system: systemOf(all, resource, fallback),
      grave: levelOf(record) !== null,
    };
    told.add(said(all, place, now));
  }
  return told;
}
