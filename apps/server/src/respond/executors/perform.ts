import { type Instant, toMs } from '@firebreak/core/kernel';
import {
  type Answer,
  type Ask,
  type Doing,
  isTrouble,
  type Kind,
  type Outcome,
  type Saw,
  type Trouble,
  troubleOf,
} from '@firebreak/core/respond/executors';
import { type Deps, OutboundRefused, outboundOf, retryAfterMs, VERSION } from '../../platform/index.ts';
import { signatureOf } from '../links/index.ts';

/** One try takes less than the lease of its job: at most three requests of this length. */
const TIMEOUT_MS = 6_000;
const MOST_BYTES = 2 * 1024 * 1024;

/** A shorter secret is no secret, and its letters would be taken out of ordinary words. */
const SHORTEST_MASKED = 8;

class NoAnswer extends Error {}

async function send(deps: Deps, doing: Doing, ask: Ask): Promise<Answer> {
  const { method, url, headers, body, signedAs } = ask;
  const timestamp = Math.floor(Date.parse(deps.now()) / 1_000);
  const signed =
    signedAs === undefined
      ? {}
      : {
          'webhook-id': signedAs,
          'webhook-timestamp': String(timestamp),
          'webhook-signature': signatureOf(doing.secret ?? '', signedAs, timestamp, body ?? ''),
        };
  try {
    const answer = await outboundOf(deps).send(
      {
        method,
        url,
        headers: { 'user-agent': `firebreak-executors/${VERSION}`, ...headers, ...signed },
        body,
        ...(doing.settings.ca ? { ca: doing.settings.ca } : {}),
      },
      { timeoutMs: TIMEOUT_MS, mostBytes: MOST_BYTES },
    );
    // What is seen stands in facts for ever: an answer that repeats the secret must not put it there.
    const { secret } = doing;
    return secret === null || secret.length < SHORTEST_MASKED
      ? answer
      : { ...answer, body: answer.body.replaceAll(secret, '…') };
  } catch (error) {
    if (error instanceof OutboundRefused) throw error;
    throw new NoAnswer(String(error instanceof Error ? error.message : error).slice(0, 300));
  }
}

/** Larger numbers are milliseconds since 1970, smaller ones seconds: LaunchDarkly says the former, GitHub the latter. */
const AS_MS = 1e11;
/** How long it asks to be left alone: by `Retry-After`, or until its limit begins anew. */
function waitOf({ status, headers }: Answer, now: Instant): number | null {
  const said = retryAfterMs(headers['retry-after'], now);
  if (said !== null || (status !== 403 && status !== 429)) return said;
  const reset = headers['x-ratelimit-reset'];
  if (reset === undefined || !/^\d{1,13}$/.test(reset)) return null;
  const at = Number(reset) > AS_MS ? Number(reset) : Number(reset) * 1_000;
  return Math.max(0, at - toMs(now));
}

const noAnswer = (error: unknown): Trouble => {
  if (error instanceof OutboundRefused) return { trouble: error.message, final: true };
  if (error instanceof NoAnswer) return { trouble: `no answer: ${error.message}`, final: false };
  throw error;
};

/**
 * One try: reads, changes where that is needed, reads back. `seen` is told what stood there before anything is changed.
 * Never throws for what the other side does.
 */
export async function perform(
  deps: Deps,
  kind: Kind,
  doing: Doing,
  seen: (saw: Saw) => Promise<void>,
): Promise<Outcome> {
  let sent = false;
  let waitMs: number | null = null;
  let saw: Saw | null = null;
  const judge = (answer: Answer): Outcome | Saw => {
    waitMs = waitOf(answer, deps.now());
    const read = kind.saw(doing, answer);
    return isTrouble(read) ? { stands: read, says: read.trouble, sent, waitMs } : read;
  };
  const look = async (): Promise<Outcome | Saw | null> => {
    const ask = kind.look(doing);
    return ask === null ? null : judge(await send(deps, doing, ask));
  };
  try {
    const before = await look();
    if (before !== null && 'stands' in before) return before;
    saw = before;
    if (saw !== null) {
      await seen(saw);
      const stands = kind.stands(doing, saw);
      if (stands !== 'elsewhere') return { stands, says: saw.says, sent, waitMs };
    } else if (doing.sent) return { stands: 'under-way', says: kind.says(doing.settings, doing.way), sent, waitMs };
    for (const ask of kind.change(doing, saw)) {
      sent = true;
      const answer = await send(deps, doing, ask);
      const said = kind.changed?.(doing, answer);
      if (said !== undefined) return { ...said, sent, waitMs };
      const trouble = troubleOf(answer, 'such address');
      if (trouble !== null)
        return {
          stands: trouble,
          says: trouble.trouble,
          sent,
          waitMs: waitOf(answer, deps.now()),
        };
    }
    const after = await look();
    if (after === null) return { stands: 'under-way', says: kind.says(doing.settings, doing.way), sent: true, waitMs };
    if ('stands' in after) return after;
    return { stands: kind.stands(doing, after), says: after.says, sent, waitMs };
  } catch (error) {
    const trouble = noAnswer(error);
    return { stands: trouble, says: trouble.trouble, sent, waitMs };
  }
}

export interface Rehearsed {
  readonly ok: boolean;
  readonly says: string;
  readonly may: 'yes' | 'no' | 'unsaid';
}

/** Reads the switch and the rights of the secret. Changes nothing. */
export async function tryOut(deps: Deps, kind: Kind, doing: Doing): Promise<Rehearsed> {
  const ask = kind.look(doing);
  try {
    if (ask === null) {
      const rehearsal = kind.rehearse?.(doing);
      if (rehearsal === undefined) return { ok: false, says: 'nothing to read', may: 'unsaid' };
      const answer = await send(deps, doing, rehearsal);
      const trouble = troubleOf(answer, 'such address');
      return { ok: trouble === null, says: trouble?.trouble ?? `answered ${answer.status}`, may: 'unsaid' };
    }
    const read = kind.saw(doing, await send(deps, doing, ask));
    if (isTrouble(read)) return { ok: false, says: read.trouble, may: 'unsaid' };
    const asking = kind.may?.(doing) ?? null;
    if (asking === null) return { ok: true, says: read.says, may: 'unsaid' };
    // What the secret may do is asked beside: where nobody says, the switch was still read.
    const answer = await send(deps, doing, asking).catch(() => null);
    const may = answer === null ? null : (kind.mayChange?.(doing, answer) ?? null);
    return { ok: may !== false, says: read.says, may: may === null ? 'unsaid' : may ? 'yes' : 'no' };
  } catch (error) {
    return { ok: false, says: noAnswer(error).trouble, may: 'unsaid' };
  }
}

/** What a switch shows now, without changing it; null: that cannot be read, which says nothing about the switch. */
export async function glance(deps: Deps, kind: Kind, doing: Doing): Promise<Pick<Outcome, 'stands' | 'says'> | null> {
  const ask = kind.look(doing);
  if (ask === null) return null;
  try {
    const saw = kind.saw(doing, await send(deps, doing, ask));
    return isTrouble(saw) ? null : { stands: kind.stands(doing, saw), says: saw.says };
  } catch (error) {
    noAnswer(error);
    return null;
  }
}
