import { createHash } from 'node:crypto';
import {
  type Answered,
  faultIn,
  type ModeratorDescription,
  type Question,
  readOpinions,
  requestOf,
} from '@firebreak/core/detect/moderation';
import { type Deps, outboundOf, retryAfterMs, VERSION } from '../../platform/index.ts';

const MOST_BYTES = 512 * 1024;

export interface Reply {
  readonly status: number | null;
  /** Null: there is no answer to read. */
  readonly said: Answered | null;
  /** Why not one opinion came, a sentence; null: at least one did. */
  readonly fault: string | null;
  /** How long it asked to be left alone. */
  readonly waitMs: number | null;
  readonly latencyMs: number;
}

function faultOf(status: number): string | null {
  if (status >= 200 && status < 300) return null;
  if (status === 429) return 'it asks to be asked less often (429)';
  if (status === 401 || status === 403) return `it does not accept the key (${status})`;
  if (status === 404) return 'there is nothing at this address (404)';
  if (status >= 500) return `it has trouble of its own (${status})`;
  return `it answers with status ${status}`;
}

/** Asks once. Never throws: what went wrong is a sentence, and no opinion. */
export async function send(
  deps: Deps,
  to: ModeratorDescription,
  key: string | null,
  questions: readonly Question[],
): Promise<Reply> {
  const began = performance.now();
  const took = () => Math.round((performance.now() - began) * 10) / 10;
  try {
    const { status, headers, body } = await outboundOf(deps).ask(
      to.address,
      {
        'content-type': 'application/json',
        accept: 'application/json',
        'user-agent': `firebreak-moderation/${VERSION}`,
        ...(key !== null && { authorization: `Bearer ${key}` }),
      },
      requestOf(to.kind, to.model, questions),
      { timeoutMs: to.timeoutMs, mostBytes: MOST_BYTES },
    );
    const fault = faultOf(status);
    const latencyMs = took();
    if (fault !== null)
      return { status, said: null, fault, latencyMs, waitMs: retryAfterMs(headers['retry-after'], deps.now()) };
    const said = readOpinions(to.kind, questions, body);
    return { status, said, fault: faultIn(said), waitMs: null, latencyMs };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { status: null, said: null, fault: why.slice(0, 300), waitMs: null, latencyMs: took() };
  }
}

/** What makes two questions the same one to a moderator. */
export const sameQuestion = ({ kind, address, model }: ModeratorDescription, { input, output }: Question): string =>
  createHash('sha256')
    .update(JSON.stringify([kind, address, model, input, output]))
    .digest('base64url');
