import type { ToolCall } from '../../../interaction.ts';
import type { Span } from '../span.ts';
import type { Dialect, SpanReading } from './dialect.ts';
import { NOTHING } from './dialect.ts';
import { firebreak } from './firebreak.ts';
import { genkit } from './genkit.ts';
import { googleAdk } from './google-adk.ts';
import { langfuse } from './langfuse.ts';
import { langsmith } from './langsmith.ts';
import { livekit } from './livekit.ts';
import { logfire } from './logfire.ts';
import { mlflow } from './mlflow.ts';
import { openinference } from './openinference.ts';
import { openllmetry } from './openllmetry.ts';
import { otelGenai } from './otel-genai.ts';
import { vercelAi } from './vercel-ai.ts';

/** In order of precedence: within one field the first dialect that says something wins. */
export const DIALECTS: readonly Dialect[] = [
  firebreak,
  otelGenai,
  openinference,
  openllmetry,
  vercelAi,
  langfuse,
  googleAdk,
  livekit,
  logfire,
  mlflow,
  genkit,
  langsmith,
];

export interface Read {
  readonly dialects: readonly string[];
  readonly reading: SpanReading;
}

/** Of the call of a tool each member is taken from the first dialect that says it: several name parts of it. */
function joined(held: ToolCall | null, said: ToolCall | null | undefined): ToolCall | null {
  if (held === null || !said) return held ?? said ?? null;
  return {
    id: held.id ?? said.id,
    name: held.name || said.name,
    arguments: held.arguments ?? said.arguments,
    result: held.result ?? said.result,
  };
}

/** Captured, and nothing in it as this dialect reads it: another one may read more. */
const isNone = (it: unknown): boolean => Array.isArray(it) && it.length === 0;

/** What a span says, in all the dialects it speaks. Unknown names are no error. */
export function readSpan(span: Span): Read {
  const spoken = DIALECTS.filter((dialect) => dialect.speaks(span));
  const reading: Record<string, unknown> = { ...NOTHING };
  let called: ToolCall | null = null;
  for (const dialect of spoken)
    for (const [field, said] of Object.entries(dialect.read(span)))
      if (field === 'called') called = joined(called, said as ToolCall | null);
      else if (said !== undefined && said !== null && (reading[field] === null || isNone(reading[field])))
        reading[field] = said;
  return { dialects: spoken.map((d) => d.name), reading: { ...reading, called } as unknown as SpanReading };
}
