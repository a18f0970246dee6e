import { DIALECTS } from './dialects/registry.ts';
import { systemKeyOf } from './interactions.ts';
import type { Span } from './span.ts';

/** Spans of one system that look like calls of a model, in names no dialect knows. */
export interface UnreadSpans {
  readonly system: string;
  readonly spans: number;
  /** Attributes that look like it, of the first of them; at most five, sorted. */
  readonly names: readonly string[];
}

const MODEL = /(?:^|[._-])(?:llm|model|model_?name|model_?id)$/i;
const WORDS =
  /(?:^|[._-])(?:prompts?|completions?|messages|response_?text|input_?tokens|output_?tokens|total_?tokens|prompt_?tokens|completion_?tokens)$/i;
const OURS = /(?:^|[._-])llm(?:[._-]|$)/i;
const MOST_NAMES = 5;
const MOST_SYSTEMS = 200;
const MOST_NAME = 80;

const KNOWN = DIALECTS.filter(({ name }) => name !== 'firebreak');

/** The attributes of a span that make it look like a call of a model; none: it does not. */
function telling({ attributes }: Span): string[] {
  const names = [...attributes.keys()];
  const model = names.filter((name) => MODEL.test(name) || OURS.test(name));
  const words = names.filter((name) => WORDS.test(name) || (OURS.test(name) && !MODEL.test(name)));
  return model.length > 0 && words.length > 0 ? [...new Set([...model, ...words])] : [];
}

/**
 * What looks like calls of models and is in no dialect that is read. A guess by the names of attributes, for a person who
 * wonders why nothing stands there: nothing is made of it.
 */
export function unreadSpans(spans: readonly Span[], fallback: string): UnreadSpans[] {
  const found = new Map<string, { spans: number; names: readonly string[] }>();
  for (const span of spans) {
    if (KNOWN.some((dialect) => dialect.speaks(span))) continue;
    const names = telling(span);
    if (names.length === 0) continue;
    const said =
      span.attributes.get('firebreak.system') ??
      span.resource.get('firebreak.system') ??
      span.resource.get('service.name');
    const system = (typeof said === 'string' ? systemKeyOf(said) : null) ?? fallback;
    const held = found.get(system);
    if (held !== undefined) held.spans += 1;
    else if (found.size < MOST_SYSTEMS)
      found.set(system, {
        spans: 1,
        names: names
          .map((name) => name.slice(0, MOST_NAME))
          .sort()
          .slice(0, MOST_NAMES),
      });
  }
  return [...found].map(([system, it]) => ({ system, ...it }));
}
