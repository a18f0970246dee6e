import { word } from './dialects/dialect.ts';
import { hadAnsweredBefore, type Node, type Nodes } from './nodes.ts';
import { EVALUATION_EVENT, type Span, type SpanLink } from './span.ts';

/** What a judge works on: the span it names; `null`: a judge's work all the same, and of which answer is not said. */
export interface Judging {
  readonly of: SpanLink | null;
}

/** Spans of OpenInference, Langfuse and MLflow that say of themselves that they evaluate, and an operation called so. */
const isMarked = ({ attributes }: Span): boolean =>
  ['openinference.span.kind', 'langfuse.observation.type', 'mlflow.spanType'].some(
    (name) =>
      word(attributes, name)
        ?.replace(/^"(.*)"$/, '$1')
        .toLowerCase() === 'evaluator',
  ) || word(attributes, 'gen_ai.operation.name') === 'evaluate';

export const holdsEvaluation = ({ events }: Span): boolean => events.some(({ name }) => name === EVALUATION_EVENT);

const same = (one: SpanLink, other: SpanLink): boolean => one.traceId === other.traceId && one.spanId === other.spanId;
const distinct = (links: readonly SpanLink[]): readonly SpanLink[] =>
  links.filter((link, i) => link.spanId !== null && links.findIndex((each) => same(each, link)) === i);
const placeOf = ({ span: { traceId, spanId } }: Node): SpanLink => ({ traceId, spanId });

/** A name of a model and that of one of its versions are the same model. */
function areOfOtherModels(one: Node, other: Node): boolean {
  const [a, b] = [one, other].map(({ reading }) => (reading.model ?? reading.modelAsked)?.toLowerCase() ?? null);
  return a != null && b != null && !a.startsWith(b) && !b.startsWith(a);
}

/** What marked spans judge: what they are linked to, else the call they hang beneath. */
function markedOf(work: readonly Node[], outside: readonly Node[]): SpanLink | null {
  const inside = work.map(placeOf);
  const links = distinct(work.flatMap(({ span }) => span.links)).filter((it) => !inside.some((own) => same(own, it)));
  if (links.length > 0) return links.length === 1 ? links[0]! : null;
  const call = outside.find(({ isCall }) => isCall);
  if (call !== undefined) return placeOf(call);
  const { traceId, parentSpanId } = work.at(-1)!.span;
  // It came with another request: whether it is a call is seen where calls are kept.
  return outside.length === 0 && parentSpanId !== null ? { traceId, spanId: parentSpanId } : null;
}

/**
 * Whether a span is the work of a judge, and of which answer. By the conventions of OpenTelemetry an evaluation stands on
 * what it judges, so that this has to be said: by a mark; or, where an evaluation stands on it, by a call of another model
 * that had answered before and that it hangs beneath or is linked to; or, where it is no call itself, by a single link.
 */
export function judgingOf(node: Node, parents: readonly Node[], nodes: Nodes): Judging | null {
  const line = [node, ...parents];
  const marked = line.findIndex(({ span }) => isMarked(span));
  if (marked >= 0) return { of: markedOf(line.slice(0, marked + 1), line.slice(marked + 1)) };
  if (!holdsEvaluation(node.span)) return null;
  const links = distinct(node.span.links);
  if (!node.isCall) return links.length === 1 ? { of: links[0]! } : null;
  const linked = links.flatMap(({ traceId, spanId }) => nodes.at(traceId, spanId) ?? []);
  const above = parents.find((each) => hadAnsweredBefore(each, node));
  const before = [...new Set(above === undefined ? linked : [above, ...linked])].filter(
    (each) => each.span.traceId === node.span.traceId && hadAnsweredBefore(each, node) && areOfOtherModels(each, node),
  );
  if (before.length === 0) return null;
  return { of: before.length === 1 ? placeOf(before[0]!) : null };
}
