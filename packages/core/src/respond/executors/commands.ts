import { canonical } from '../../evidence/index.ts';
import { type Asked, addMs, type Decision, type Instant, msBetween, type Refusal, refuse } from '../../kernel/index.ts';
import { isOpen, notObeyed, orderKey, wantedWay } from './executor.ts';
import type { About, Binding, Executor, ExecutorFact, ExecutorId, ExecutorSaid, May, Order } from './facts.ts';
import type { Saw, Stands, Way } from './kinds/kind.ts';
import { isTrouble } from './kinds/kind.ts';
import { type ExecutorKind, isSettingFault, kindOf, settingsFor } from './kinds/registry.ts';

export const EXECUTOR_LIMITS = { executors: 200, controls: 20, name: 120, secret: 8_000 } as const;

/** How long to wait after each failed try, milliseconds; after the last one it is given up, and people are told. */
const WAITS_MS: readonly number[] = [2_000, 10_000, 30_000, 120_000];
export const MOST_TRIES = WAITS_MS.length + 1;
const LONGEST_WAIT_MS = 600_000;
/** A rehearsal that is older proves nothing any more. */
const PROVEN_FOR_MS = 30 * 86_400_000;

export type Proof = 'proven' | 'failing' | 'not-proven';
/** Whether an executor is known to work: rehearsed with success in the last 30 days, or it did what it was told. */
export function proofOf({ rehearsed, orders }: Pick<Executor, 'rehearsed' | 'orders'>, now: Instant): Proof {
  const done = [...orders.values()].filter(({ state }) => state === 'confirmed' || state === 'given-up');
  const last = done.sort((a, b) => (a.changedAt < b.changedAt ? -1 : 1)).at(-1);
  const seen = [
    ...(rehearsed === null ? [] : [{ at: rehearsed.at, ok: rehearsed.ok && rehearsed.may !== 'no' }]),
    ...(last === undefined ? [] : [{ at: last.changedAt, ok: last.state === 'confirmed' }]),
  ].sort((a, b) => (a.at < b.at ? -1 : 1));
  const newest = seen.at(-1);
  if (newest === undefined) return 'not-proven';
  if (!newest.ok) return 'failing';
  return addMs(newest.at, PROVEN_FOR_MS) < now ? 'not-proven' : 'proven';
}

const unknown = (): Refusal =>
  refuse('executor.unknown', 'There is no such executor. List the executors to see the ones there are.');

function living(
  state: Executor | null,
  decide: (executor: Executor) => Decision<ExecutorFact>,
): Decision<ExecutorFact> {
  return state === null || state.retired !== null ? unknown() : decide(state);
}

/** Settings as they are kept, or why they cannot be. */
function checked(kind: ExecutorKind, said: Omit<ExecutorSaid, 'kind'>): Omit<ExecutorSaid, 'kind'> | Refusal {
  const settings = settingsFor(kind, said.settings);
  if (isSettingFault(settings))
    return refuse('executor.bad-settings', `${settings.why}.`, `/settings/${settings.name}`);
  if (said.controls.length === 0)
    return refuse(
      'executor.bad-settings',
      'Say for which control it acts; one that acts for none does nothing.',
      '/controls',
    );
  const controls = new Map<string, Binding>(said.controls.map((each) => [each.control, each]));
  return { name: said.name, settings, controls: [...controls.values()] };
}

export function declareExecutor(
  state: Executor | null,
  want: { readonly executor: ExecutorId; readonly keyed: boolean } & ExecutorSaid,
  beside: number,
): Decision<ExecutorFact> {
  if (state !== null) return [];
  if (beside >= EXECUTOR_LIMITS.executors)
    return refuse('executor.too-many', `There are ${EXECUTOR_LIMITS.executors} executors. Retire one first.`);
  const said = checked(want.kind, want);
  if ('refused' in said) return said;
  const { executor, kind, keyed } = want;
  if (kindOf(kind).secret?.needed === true && !keyed)
    return refuse('executor.bad-settings', `${kindOf(kind).secret!.label} is missing.`, '/secret');
  return [{ type: 'executor.declared', data: { executor, kind, keyed, ...said } }];
}

/** What it acts for now; null: nothing. */
const busy = (executor: Executor): string | null => {
  if (executor.holding.length > 0) return executor.holding.map(({ label }) => label).join(', ');
  const open = [...executor.orders.values()].find(isOpen);
  return (open ?? notObeyed(executor)[0])?.label ?? null;
};

/** While it holds, only name and controls may change: the switch it has to set back must stay the same one. */
export const changeExecutor = (state: Executor | null, want: Omit<ExecutorSaid, 'kind'>): Decision<ExecutorFact> =>
  living(state, (held) => {
    const said = checked(held.kind, want);
    if ('refused' in said) return said;
    const same = canonical(said.settings) === canonical(held.settings);
    const by = busy(held);
    if (!same && by !== null)
      return refuse('executor.holding', `It acts for ${by} now. Change its settings when that is over.`, '/settings');
    const unchanged = same && said.name === held.name && canonical(said.controls) === canonical(held.controls);
    return unchanged ? [] : [{ type: 'executor.changed', data: said }];
  });

export const keyExecutor = (state: Executor | null, want: { readonly keyed: boolean }): Decision<ExecutorFact> =>
  living(state, () => [{ type: 'executor.keyed', data: want }]);

export const retireExecutor = (state: Executor | null, want: { readonly reason: string }): Decision<ExecutorFact> =>
  state?.retired != null
    ? []
    : living(state, (held) =>
        held.holding.length > 0
          ? refuse(
              'executor.holding',
              `It holds for ${held.holding.map(({ label }) => label).join(', ')}. Let go first, or nobody would set it back.`,
            )
          : [{ type: 'executor.retired', data: want }],
      );

export const rehearseExecutor = (
  state: Executor | null,
  want: { readonly ok: boolean; readonly says: string; readonly may: May; readonly ms: number },
): Decision<ExecutorFact> => living(state, () => [{ type: 'executor.rehearsed', data: want }]);

const sayWay = ({ kind, settings }: Executor, way: Way): string => kindOf(kind).says(settings, way);

/** A hold on one of its controls came into force, or holds everybody again. One that the switch already obeys changes nothing. */
export function takeHold(state: Executor | null, want: About): Decision<ExecutorFact> {
  if (state === null || state.retired !== null) return [];
  if (state.holding.some(({ hold }) => hold === want.hold)) return [];
  const { name } = state;
  return [{ type: 'executor.ordered', data: { ...want, way: 'hold', name, says: sayWay(state, 'hold') } }];
}

/** A hold is over. The switch is set back when it was the last one. */
export function letGo(state: Executor | null, want: { readonly hold: string }): Decision<ExecutorFact> {
  if (state === null) return [];
  const mine = state.holding.find(({ hold }) => hold === want.hold);
  if (mine === undefined) return [];
  const others = state.holding.filter(({ hold }) => hold !== want.hold);
  const { name } = state;
  return others.length > 0
    ? [{ type: 'executor.stayed', data: { ...mine, way: 'let-go', name, because: others.map(({ label }) => label) } }]
    : [{ type: 'executor.ordered', data: { ...mine, way: 'let-go', name, says: sayWay(state, 'let-go') } }];
}

interface OfOrder {
  readonly hold: string;
  readonly way: Way;
}
const ofOrder = ({ name }: Executor, { incident, hold, way }: Order) => ({ incident, hold, way, name });

/** What the switch was before the first hold. Kept once: what a second hold sees is what the first one did. */
export function noteSeen(state: Executor | null, want: OfOrder, saw: Saw): Decision<ExecutorFact> {
  const order = state?.orders.get(orderKey(want));
  if (!state || order === undefined || order.way !== 'hold' || state.was !== null) return [];
  return [{ type: 'executor.seen', data: { ...ofOrder(state, order), was: saw.value, says: saw.says } }];
}

/** How one try went: where the switch stands, and what was seen. */
export interface Outcome {
  readonly stands: Stands;
  readonly says: string;
  /** Whether anything was sent that may have changed the switch. */
  readonly sent: boolean;
  /** How long the other side asked to be left alone. */
  readonly waitMs: number | null;
}

/** The newest order of the other way that was done: what has to be done again after somebody came late. */
function toRepeat(state: Executor, way: Way): Order | undefined {
  return [...state.orders.values()]
    .filter((order) => order.way === way && (order.state === 'confirmed' || order.state === 'given-up'))
    .sort((a, b) => (a.changedAt < b.changedAt ? -1 : 1))
    .at(-1);
}

/** What a try of an order means. One that the opposite order has overtaken changes the switch no more, and what it did is undone. */
export function settleOrder(
  state: Executor | null,
  want: OfOrder,
  { stands, says, sent, waitMs }: Outcome,
  { at }: Pick<Asked, 'at'>,
): Decision<ExecutorFact> {
  const order = state?.orders.get(orderKey(want));
  if (!state || order === undefined) return [];
  const of = ofOrder(state, order);
  const wanted = wantedWay(state);
  if (order.way !== wanted) {
    const facts: ExecutorFact[] = isOpen(order) ? [{ type: 'executor.overtaken', data: of }] : [];
    const back = sent ? toRepeat(state, wanted) : undefined;
    if (back !== undefined) {
      const { incident, hold, label, system, control, way } = back;
      const again = { incident, hold, label, system, control, way, name: state.name, says: sayWay(state, way) };
      facts.push({ type: 'executor.ordered', data: { ...again, again: true } });
    }
    return facts;
  }
  if (!isOpen(order)) return [];
  const attempt = order.failures + 1;
  if (stands === 'there')
    return [{ type: 'executor.confirmed', data: { ...of, says, ms: msBetween(order.orderedAt, at), attempt } }];
  const patience = kindOf(state.kind).patience(state.settings) * 1_000;
  const late = order.begunAt !== null && msBetween(order.begunAt, at) >= patience;
  if (stands === 'under-way' && !late)
    return order.state === 'under-way' ? [] : [{ type: 'executor.under-way', data: { ...of, says } }];
  const trouble =
    stands === 'under-way'
      ? { trouble: `not done after ${patience / 1_000} seconds; last seen: ${says}`, final: false }
      : stands === 'elsewhere'
        ? { trouble: `it was changed, and still: ${says}`, final: false }
        : stands;
  if (!isTrouble(trouble)) return [];
  const wait = trouble.final ? null : (WAITS_MS[order.failures] ?? null);
  const againAfterMs = wait === null ? null : Math.min(LONGEST_WAIT_MS, Math.max(wait, waitMs ?? 0));
  return [{ type: 'executor.failed', data: { ...of, why: trouble.trouble, attempt, againAfterMs } }];
}

/**
 * What was seen of a switch that is held. Changed by somebody else it is not turned again by itself, for whoever did it may know why:
 * the order counts as given up, which is told and shown, and one press orders it again.
 */
export function watchHeld(
  state: Executor | null,
  want: OfOrder,
  { stands, says }: Pick<Outcome, 'stands' | 'says'>,
): Decision<ExecutorFact> {
  const order = state?.orders.get(orderKey(want));
  if (!state || order?.state !== 'confirmed' || order.way !== 'hold' || stands !== 'elsewhere') return [];
  if (!state.holding.some(({ hold }) => hold === want.hold)) return [];
  const why = `somebody changed it while it was held: ${says}`;
  const attempt = order.failures + 1;
  return [
    { type: 'executor.failed', data: { ...ofOrder(state, order), why, attempt, againAfterMs: null, outside: true } },
  ];
}

/** A person asks to try again what was given up. */
export function orderAgain(state: Executor | null, want: OfOrder): Decision<ExecutorFact> {
  return living(state, (held) => {
    const order = held.orders.get(orderKey(want));
    if (order === undefined) return refuse('executor.no-order', 'This executor has no such order.', '/hold');
    if (isOpen(order)) return [];
    if (order.way !== wantedWay(held) || order.state === 'stayed' || order.state === 'overtaken')
      return refuse('executor.no-order', 'The opposite was ordered since. Look at the newest order.', '/hold');
    const { incident, hold, label, system, control, way } = order;
    return [
      {
        type: 'executor.ordered',
        data: { incident, hold, label, system, control, way, name: held.name, says: sayWay(held, way), again: true },
      },
    ];
  });
}

/** Who was told that an order was given up. Once for each time. */
export function escalate(
  state: Executor | null,
  want: OfOrder,
  told: { readonly owner: string; readonly to: readonly { readonly id: string; readonly name: string }[] },
): Decision<ExecutorFact> {
  const order = state?.orders.get(orderKey(want));
  if (!state || order === undefined || order.state !== 'given-up' || order.escalated !== null) return [];
  return [{ type: 'executor.escalated', data: { ...ofOrder(state, order), ...told } }];
}
