import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { isRefusal, type Refusal, refuse } from '@firebreak/core/kernel';
import { SOURCE_LIMITS, type Source, type SourceProduct } from '@firebreak/core/prepare/sources';
import type { Caller, Deps } from '../../platform/index.ts';
import { findSource, sourceByKey } from './board.ts';
import { recordDelivery } from './deliveries.ts';
import { hashOfKey, secretOf } from './secrets.ts';
import { signatureFault } from './signatures.ts';

/** A delivery of another product before anybody has read it. */
export interface Hook {
  readonly product: SourceProduct;
  /** The source it names in its address; null: its key has to say. */
  readonly source: string | null;
  /** The key in its address or its body, for senders that can put it nowhere else. */
  readonly key: string | null;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** The address of the network it came from. */
  readonly from: string;
}

export interface Admitted {
  readonly caller: Caller;
  /** Null: an API key sends, without a source. */
  readonly source: Source | null;
  /** Names this very delivery, where it is signed: it counts once. */
  readonly digest: string | null;
}

interface Counted {
  readonly minute: string;
  n: number;
}
/** What was let in, by source or key; what was refused, by address and source; when a refusal of a source was written down. */
interface Counts {
  readonly admitted: Map<string, Counted>;
  readonly refused: Map<string, Counted>;
  readonly noted: Map<string, string>;
}
const counts = new WeakMap<Deps, Counts>();
const MOST_COUNTED = 2_000;

function countsOf(deps: Deps): Counts {
  const held = counts.get(deps) ?? { admitted: new Map(), refused: new Map(), noted: new Map() };
  counts.set(deps, held);
  return held;
}

/** One more in this minute. Addresses without end do not fill the memory: with too many, all begin anew. */
function countOne(deps: Deps, all: Map<string, Counted>, who: string): number {
  if (all.size >= MOST_COUNTED && !all.has(who)) all.clear();
  const minute = deps.now().slice(0, 16);
  const held = all.get(who);
  const count = held?.minute === minute ? held : { minute, n: 0 };
  all.set(who, count);
  return ++count.n;
}

/** Counted only once it is proven where a delivery comes from, so that nobody else uses up what a source may send. */
function admit(deps: Deps, it: Admitted): Admitted | Refusal {
  const who = it.source?.id ?? it.caller.actor.id;
  return countOne(deps, countsOf(deps).admitted, who) <= SOURCE_LIMITS.aMinute
    ? it
    : refuse(
        'source.too-busy',
        `A ${it.source === null ? 'key' : 'source'} may send ${SOURCE_LIMITS.aMinute} deliveries a minute. Nothing of this one was kept; send it again.`,
      );
}

/** What is refused again and again from one address is told to wait. A good key from the same address still gets in. */
function tooOften(deps: Deps, { from }: Hook, about: string, refusal: Refusal): Refusal {
  return countOne(deps, countsOf(deps).refused, `${from}\n${about}`) <= SOURCE_LIMITS.refusedAMinute
    ? refusal
    : refuse(
        'source.too-busy',
        `${SOURCE_LIMITS.refusedAMinute} deliveries from this address were refused within a minute, the last since: ${refusal.why}`,
      );
}

/** Whatever a sender holds out: a bearer token, the password of basic authentication, a header, or the address. */
function keyIn({ headers, key }: Hook): string | null {
  const authorization = headers.authorization ?? '';
  const bearer = /^(?:Bearer|GenieKey|Token)\s+(\S+)$/i.exec(authorization)?.[1];
  if (bearer !== undefined) return bearer;
  const basic = /^Basic\s+(\S+)$/i.exec(authorization)?.[1];
  if (basic !== undefined) {
    const [user = '', ...password] = Buffer.from(basic, 'base64').toString('utf8').split(':');
    return password.join(':') || user;
  }
  const named = headers['x-firebreak-key'] ?? headers['x-gitlab-token'];
  return typeof named === 'string' ? named : key;
}

const fits = (key: string, source: Source): boolean =>
  timingSafeEqual(Buffer.from(hashOfKey(key), 'hex'), Buffer.from(source.hash, 'hex'));

async function byApiKey(deps: Deps, key: string): Promise<Caller | Refusal | null> {
  for (const slice of deps.slices) {
    const caller = await slice.authenticate?.({ bearer: key, session: null }, deps);
    if (caller) return caller;
  }
  return null;
}

/** What a source may do: raise signals and report changes, nothing else. */
const asCaller = (source: Source): Caller => ({
  actor: { kind: 'key', id: source.id },
  may: new Set(['signal.raise', 'change.report']),
});

async function refused(deps: Deps, source: Source, hook: Hook, why: string): Promise<Refusal> {
  // Somebody who tries keys must not fill the disk: one of a second is written down.
  const { noted } = countsOf(deps);
  const second = deps.now().slice(0, 19);
  if (noted.get(source.id) !== second) {
    noted.set(source.id, second);
    await recordDelivery(deps.db, deps, source.id, { outcome: 'refused', why, signals: [], bytes: hook.body.length });
  }
  return tooOften(deps, hook, source.id, refuse('source.refused', `The delivery was refused: ${why}.`));
}

async function proven(deps: Deps, source: Source, hook: Hook): Promise<Admitted | Refusal> {
  if (!source.signed) return admit(deps, { caller: asCaller(source), source, digest: null });
  const secret = await secretOf(deps.db, deps, source.id);
  if (secret === null) return refused(deps, source, hook, 'its signing secret is gone; set it again');
  const fault = signatureFault(source.product, secret, { headers: hook.headers, body: hook.body, now: deps.now() });
  if (fault !== null) return refused(deps, source, hook, fault);
  const stamp = [
    'webhook-id',
    'x-langfuse-signature',
    'x-grafana-alerting-signature',
    'request-id',
    'x-github-delivery',
  ]
    .map((name) => hook.headers[name] ?? '')
    .join('\n');
  const signed = source.product === 'sentry' || source.product === 'github' ? '' : stamp;
  return admit(deps, {
    caller: asCaller(source),
    source,
    digest: createHash('sha256').update(signed).update(hook.body).digest('hex'),
  });
}

async function admitSource(deps: Deps, source: Source, hook: Hook): Promise<Admitted | Refusal> {
  if (source.ended !== null) return refuse('source.ended', 'This source has ended. Add a new one.');
  if (source.product !== hook.product)
    return refused(deps, source, hook, `it is a source of ${source.product}, and this address is for ${hook.product}`);
  if (source.signed) return proven(deps, source, hook);
  const key = keyIn(hook);
  if (key === null) return refused(deps, source, hook, 'it carries no intake key');
  if (fits(key, source)) return proven(deps, source, hook);
  const caller = await byApiKey(deps, key);
  const may = caller !== null && !isRefusal(caller) && (caller.may === 'everything' || caller.may.has('signal.raise'));
  return may
    ? admit(deps, { caller, source, digest: null })
    : refused(deps, source, hook, 'its key is not the one of this source');
}

/** Lets a delivery in: by the source it names and its signature or key, by an intake key alone, or by an API key. */
export async function admitHook(deps: Deps, hook: Hook): Promise<Admitted | Refusal> {
  if (hook.source !== null) {
    const source = await findSource(deps.db, hook.source);
    return source === null
      ? refuse(
          'source.unknown',
          `There is no source “${hook.source.slice(0, 80)}”. List the sources to see the ones there are.`,
        )
      : admitSource(deps, source, hook);
  }
  const key = keyIn(hook);
  if (key === null)
    return refuse(
      'session.missing',
      'Name a source with ?source=…, or send an intake key or API key as “Authorization: Bearer …”.',
    );
  const source = await sourceByKey(deps.db, key);
  if (source !== null) return admitSource(deps, source, hook);
  const caller = await byApiKey(deps, key);
  if (caller === null)
    return tooOften(deps, hook, '', refuse('key.refused', 'The key is neither an intake key nor an API key.'));
  return isRefusal(caller) ? caller : admit(deps, { caller, source: null, digest: null });
}
