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

/** What a span says, in all the dialects it speaks. Unknown names are no error. */
export function readSpan(span: Span): Read {
  const spoken = DIALECTS.filter((dialect) => dialect.speaks(span));
  const reading: Record<string, unknown> = { ...NOTHING };
  for (const dialect of spoken)
    for (const [field, said] of Object.entries(dialect.read(span)))
      if (reading[field] === null && said !== undefined) reading[field] = said;
  return { dialects: spoken.map((d) => d.name), reading: reading as unknown as SpanReading };
}
