import type { HookAnswer } from '@firebreak/contract/detect/hooks';
import { type AlertReading, readAlerts, readMapped } from '@firebreak/core/detect/signals';
import { earlier, type Refusal, refuse } from '@firebreak/core/kernel';
import type { SourceProduct } from '@firebreak/core/prepare/sources';
import type { FastifyRequest } from 'fastify';
import type { Deps } from '../../platform/index.ts';
import { type Admitted, isFirst, recordDelivery, runMapping } from '../../prepare/sources/index.ts';
import { storeAlerts, takingOut, telemetryOf } from '../signals/index.ts';
import { type Origin, raisingOf } from './raising.ts';

/** What a mapping, a dialect or the generic reading makes of a payload. */
export async function readHook(
  product: SourceProduct,
  mapping: string,
  payload: unknown,
  event: string | null,
): Promise<AlertReading> {
  if (mapping === '') return readAlerts(payload, product === 'custom' ? null : product, event);
  const mapped = await runMapping(mapping, payload);
  return 'wrong' in mapped ? { unreadable: `the mapping broke off: ${mapped.wrong}` } : readMapped(mapped.made);
}

/** JSON where it is JSON; a text otherwise, which the readers can still make something of. */
export function payloadIn(body: Buffer): unknown {
  const text = body.toString('utf8');
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const nothing = (why: string): HookAnswer => ({
  accepted: 0,
  duplicate: 0,
  resolved: 0,
  ignored: why,
  rejected: 0,
  items: [],
});

interface Taking {
  readonly admitted: Admitted;
  readonly product: SourceProduct;
  readonly payload: unknown;
  readonly event: string | null;
  /** The system the address names, where no source does. */
  readonly system: string | null;
  readonly bytes: number;
  /** Whether an acknowledgement of something unknown tells of something new. */
  readonly startsOpen: boolean;
}

/** Reads a delivery that was let in, follows its alerts, and writes down what became of it. */
export async function take(deps: Deps, it: Taking): Promise<HookAnswer | Refusal> {
  const { source, caller, digest } = it.admitted;
  if (caller.may !== 'everything' && !caller.may.has('signal.raise'))
    return refuse(
      'authority.missing',
      'This key may not raise signals. Ask an administrator for one with the scope “signals:write”.',
    );
  const origin: Origin = {
    product: it.product,
    name: source?.name ?? it.product,
    system: source?.system ?? it.system,
    label: source?.label ?? '',
    pages: source?.pages ?? false,
  };
  const reading = await readHook(it.product, source?.mapping ?? '', it.payload, it.event);
  const note = async (outcome: 'accepted' | 'ignored' | 'refused', why: string) => {
    if (source !== null) await recordDelivery(deps.db, deps, source.id, { outcome, why, signals: [], bytes: it.bytes });
  };
  if ('unreadable' in reading) {
    await note('refused', reading.unreadable);
    return refuse('hook.unreadable', `Nothing in the delivery can be read: ${reading.unreadable}.`);
  }
  if ('ignored' in reading) {
    await note('ignored', reading.ignored);
    return nothing(reading.ignored);
  }
  const out = await takingOut(deps);
  const answer = await deps.db.transaction(async (tx) => {
    if (source !== null && digest !== null && !(await isFirst(tx, deps, source.id, digest))) return null;
    const stored = await storeAlerts(tx, deps, source?.id ?? caller.actor.id, reading.alerts, {
      startsOpen: it.startsOpen,
      out,
      raising: async (alert) => {
        const raising = await raisingOf(tx, alert, origin);
        return { ...raising, at: raising.at === null ? deps.now() : earlier(raising.at, deps.now()) };
      },
    });
    const count = (does: string) => stored.filter(({ step }) => step.does === does).length;
    const made: HookAnswer = {
      accepted: count('raise'),
      duplicate: count('repeat') + count('acknowledge'),
      resolved: count('resolve'),
      ignored: null,
      rejected: reading.leftOut,
      items: stored.map(({ alert, step, signal }) => ({
        dedupKey: alert.dedupKey,
        does: step.does,
        why: 'why' in step ? step.why : null,
        signal,
      })),
    };
    if (source !== null)
      await recordDelivery(tx, deps, source.id, {
        outcome: stored.every(({ step }) => step.does === 'nothing') ? 'ignored' : 'accepted',
        why: inWords(made),
        signals: [...new Set(stored.flatMap(({ signal }) => signal ?? []))],
        bytes: it.bytes,
      });
    return made;
  }, 'intake');
  await out.counted();
  if (answer === null) return nothing('this very delivery came before');
  const { received } = telemetryOf(deps);
  received.inc({ kind: 'alert', outcome: 'accepted' }, answer.accepted);
  received.inc({ kind: 'alert', outcome: 'duplicate' }, answer.duplicate);
  received.inc({ kind: 'alert', outcome: 'rejected' }, answer.rejected);
  return answer;
}

function inWords(it: HookAnswer): string {
  const said = [
    [it.accepted, 'new'],
    [it.duplicate, 'known already'],
    [it.resolved, 'resolved'],
    [it.rejected, 'unreadable'],
  ] as const;
  const parts = said.filter(([n]) => n > 0).map(([n, what]) => `${n} ${what}`);
  return parts.length > 0 ? parts.join(', ') : (it.items[0]?.why ?? 'nothing in it');
}

export const headerOf = (request: FastifyRequest, name: string): string | null => {
  const value = request.headers[name];
  return typeof value === 'string' ? value : null;
};
