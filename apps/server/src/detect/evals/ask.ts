import { type Answer, readAnswer, requestTo, type Target } from '@firebreak/core/detect/evals';
import type { Message } from '@firebreak/core/detect/signals';
import type { Instant } from '@firebreak/core/kernel';
import {
  type Deps,
  type Fetched,
  OutboundRefused,
  openSecret,
  outboundOf,
  retryAfterMs,
  type Sql,
  sealSecret,
  VERSION,
} from '../../platform/index.ts';
import { runMapping } from '../../prepare/sources/index.ts';
import { evalTrace, storable } from '../signals/index.ts';

const MOST_BYTES = 1024 * 1024;
const MOST_ANSWER = 64 * 1024;
const MOST_WAIT_MS = 60_000;

/** What came of asking once. */
export interface Asked {
  readonly answer: Answer | null;
  /** Why there is no answer, a sentence. */
  readonly fault: string | null;
  /** Whether asking again may help. */
  readonly again: boolean;
  readonly waitMs: number;
  /** A guard or the gateway refused it, since a hold is in force: that says nothing about the answers. */
  readonly contained: boolean;
  readonly latencyMs: number;
  /** W3C trace id the question carried. */
  readonly trace: string;
}

const PURPOSE = 'firebreak-eval-secret';

export async function keepSecret(tx: Sql, deps: Deps, target: string, secret: string | null): Promise<void> {
  if (secret === null) {
    await tx.query('delete from eval_secret where target = $1', [target]);
    return;
  }
  await tx.query(
    'insert into eval_secret (target, sealed) values ($1, $2) on conflict (target) do update set sealed = excluded.sealed',
    [target, sealSecret(deps, PURPOSE, target, secret)],
  );
}
async function secretOf(deps: Deps, target: string): Promise<string | null> {
  const { rows } = await deps.db.query<{ sealed: string }>('select sealed from eval_secret where target = $1', [
    target,
  ]);
  return rows[0] === undefined ? null : openSecret(deps, PURPOSE, target, rows[0].sealed);
}

const sentence = (text: string): string => {
  const whole = `${text.charAt(0).toUpperCase()}${text.slice(1)}`.slice(0, 300);
  return /[.!?]$/.test(whole) ? whole : `${whole}.`;
};

function faultOf(
  { status, headers, body }: Fetched,
  now: Instant,
): (Pick<Asked, 'fault' | 'again' | 'waitMs'> & { readonly contained?: true }) | null {
  if (status >= 200 && status < 300) return null;
  if (status === 403 && (headers['x-firebreak-control'] !== undefined || body.includes('/problems/containment.denied')))
    return { fault: 'It is contained at the moment, so nobody is answered.', again: false, waitMs: 0, contained: true };
  const waitMs = Math.min(MOST_WAIT_MS, retryAfterMs(headers['retry-after'], now) ?? 0);
  if (status === 429) return { fault: 'The target asks to be asked less often (429).', again: true, waitMs };
  if (status === 401 || status === 403)
    return { fault: `The target does not accept the secret (${status}).`, again: false, waitMs: 0 };
  if (status >= 500 || status === 408)
    return { fault: `The target has trouble of its own (${status}).`, again: true, waitMs };
  if (status >= 300 && status < 400)
    return {
      fault: `The target sends to another address (${status}), which is not followed.`,
      again: false,
      waitMs: 0,
    };
  return { fault: `The target does not take the question (${status}).`, again: false, waitMs: 0 };
}

async function answerIn(target: Target, body: string): Promise<Answer | { readonly unreadable: string }> {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return { unreadable: 'The target answers no JSON: a log-in page, or not the address of the interface.' };
  }
  if (target.kind !== 'http') return readAnswer(target.kind, json);
  const mapped = await runMapping(target.answerPath, json);
  if ('wrong' in mapped) return { unreadable: sentence(`the answer path does not work: ${mapped.wrong}`) };
  if (mapped.made === undefined || mapped.made === null) return { unreadable: 'Nothing stands at the answer path.' };
  const text = typeof mapped.made === 'string' ? mapped.made : JSON.stringify(mapped.made);
  return { text, toolCalls: [], model: null };
}

const kept = (it: Answer): Answer => ({
  text: storable(it.text.slice(0, MOST_ANSWER)),
  model: it.model === null ? null : storable(it.model),
  toolCalls: it.toolCalls.map((call) => ({
    ...call,
    id: call.id === null ? null : storable(call.id),
    name: storable(call.name),
    arguments: call.arguments === null ? null : storable(call.arguments.slice(0, 8_000)),
  })),
});

/**
 * Asks a target one question. Never throws: what went wrong is a sentence. The question carries a trace of ours and
 * `x-firebreak-eval`, so that what the application reports about it is known for what it is.
 */
export async function ask(
  deps: Deps,
  target: Target,
  messages: readonly Message[],
  { feature, fill }: { readonly feature: string | null; readonly fill?: (text: string) => string },
): Promise<Asked> {
  const trace = await evalTrace(deps);
  const { url, headers, body } = requestTo(target, messages, await secretOf(deps, target.id), fill);
  const began = performance.now();
  const took = (): number => Math.round(performance.now() - began);
  const none = { answer: null, waitMs: 0, contained: false, trace };
  let fetched: Fetched;
  try {
    fetched = await outboundOf(deps).ask(
      url,
      {
        ...headers,
        'content-type': 'application/json',
        accept: 'application/json',
        'user-agent': `firebreak-evals/${VERSION}`,
        traceparent: `00-${trace}-${Buffer.from(deps.random(8)).toString('hex')}-01`,
        'x-firebreak-eval': trace,
        'x-firebreak-system': target.system,
        ...(feature !== null && { 'x-firebreak-feature': feature }),
      },
      body,
      { timeoutMs: target.timeoutMs, mostBytes: MOST_BYTES },
    );
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { ...none, fault: sentence(why), again: !(error instanceof OutboundRefused), latencyMs: took() };
  }
  const fault = faultOf(fetched, deps.now());
  if (fault !== null) return { ...none, ...fault, latencyMs: took() };
  const answer = await answerIn(target, fetched.body);
  if ('unreadable' in answer) return { ...none, fault: answer.unreadable, again: true, latencyMs: took() };
  return { ...none, answer: kept(answer), fault: null, again: false, latencyMs: took() };
}

/** Takes requests out of the budget of a target for a day and of a run; false where one of them has none left. */
export async function spend(
  sql: Sql,
  now: Instant,
  target: Pick<Target, 'id' | 'perDay'>,
  run: { readonly id: string; readonly budget: number } | null,
): Promise<'ok' | 'run' | 'day'> {
  const day = now.slice(0, 10);
  const take = async (who: string, on: string, most: number): Promise<boolean> => {
    const taken = await sql.query(
      `insert into eval_spend (who, day, requests) select $1, $2, 1 where $3 >= 1
       on conflict (who, day) do update set requests = eval_spend.requests + 1 where eval_spend.requests < $3 returning who`,
      [who, on, most],
    );
    return taken.count > 0;
  };
  if (run !== null && !(await take(run.id, 'all', run.budget))) return 'run';
  return (await take(target.id, day, target.perDay)) ? 'ok' : 'day';
}

export async function spentOn(sql: Sql, who: string, day: string): Promise<number> {
  const { rows } = await sql.query<{ requests: number }>(
    'select requests from eval_spend where who = $1 and day = $2',
    [who, day],
  );
  return rows[0]?.requests ?? 0;
}
