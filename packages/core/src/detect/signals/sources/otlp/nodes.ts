import type { SpanReading } from './dialects/dialect.ts';
import { readSpan } from './dialects/registry.ts';
import type { Span } from './span.ts';

const PARENTS = 32;

/** A span with what it says of work with a model, read when it is asked for. */
export class Node {
  #reading: SpanReading | null = null;
  constructor(readonly span: Span) {}

  get reading(): SpanReading {
    this.#reading ??= readSpan(this.span).reading;
    return this.#reading;
  }

  get isCall(): boolean {
    return this.reading.work === 'llm';
  }
}

const place = (traceId: string | null, spanId: string | null): string | null =>
  traceId === null || spanId === null ? null : `${traceId}:${spanId}`;

/** The spans of one request, and those around each, as far as the request holds them. */
export class Nodes {
  readonly all: readonly Node[];
  readonly #byPlace = new Map<string, Node>();

  constructor(spans: readonly Span[]) {
    this.all = spans.map((span) => new Node(span));
    for (const node of this.all) {
      const at = place(node.span.traceId, node.span.spanId);
      if (at !== null) this.#byPlace.set(at, node);
    }
  }

  at(traceId: string | null, spanId: string | null): Node | undefined {
    const at = place(traceId, spanId);
    return at === null ? undefined : this.#byPlace.get(at);
  }

  /** From the nearest on. */
  parentsOf({ span }: Node): Node[] {
    const parents: Node[] = [];
    let parent = span.parentSpanId;
    while (parent !== null && parents.length < PARENTS) {
      const node = this.at(span.traceId, parent);
      if (node === undefined || parents.includes(node)) break;
      parents.push(node);
      parent = node.span.parentSpanId;
    }
    return parents;
  }
}

/** A call of a model that had its answer before another span began: it wraps nothing that the other one did. */
export function hadAnsweredBefore(call: Node, { span }: Node): boolean {
  const { output, responseId, outputTokens } = call.reading;
  const { startMs, endMs } = call.span;
  return (
    call.isCall &&
    (output !== null || responseId !== null || outputTokens !== null) &&
    // A call that took no time did not say when it was.
    endMs > startMs &&
    startMs > 0 &&
    endMs <= span.startMs
  );
}
