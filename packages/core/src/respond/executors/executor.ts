import { ofTypes, type Recorded } from '../../kernel/index.ts';
import { type About, EXECUTOR_FACTS, type Executor, type ExecutorFact, type Order } from './facts.ts';
import type { Way } from './kinds/kind.ts';

/** An order by its hold and what it asks for. */
export const orderKey = ({ hold, way }: { readonly hold: string; readonly way: Way }): string => `${hold} ${way}`;

export const isOpen = ({ state }: Pick<Order, 'state'>): boolean =>
  state === 'ordered' || state === 'under-way' || state === 'failed';

/** What the switch should be now. */
export const wantedWay = ({ holding }: Pick<Executor, 'holding'>): Way => (holding.length > 0 ? 'hold' : 'let-go');

/** Orders that were given up and still matter: a hold in force that the switch does not obey, or a switch that was not set back. */
export function notObeyed({ orders, holding }: Pick<Executor, 'orders' | 'holding'>): readonly Order[] {
  const all = [...orders.values()];
  const newest = all.reduce<Order | null>(
    (found, it) => (found !== null && found.orderedAt > it.orderedAt ? found : it),
    null,
  );
  return all.filter(
    (order) =>
      order.state === 'given-up' &&
      (order.way === 'hold'
        ? holding.some(({ hold }) => hold === order.hold)
        : holding.length === 0 && order === newest),
  );
}

const aboutOf = ({ incident, hold, label, system, control }: About): About => ({
  incident,
  hold,
  label,
  system,
  control,
});

function stepOrder(known: Order | undefined, fact: Recorded<ExecutorFact>): Order | undefined {
  const { at } = fact;
  const fresh = { failures: 0, orderedAt: at, begunAt: null, changedAt: at, ms: null, escalated: null };
  if (fact.type === 'executor.ordered') {
    const { way, says } = fact.data;
    return { ...aboutOf(fact.data), way, says, state: 'ordered', ...fresh };
  }
  if (fact.type === 'executor.stayed')
    return {
      ...aboutOf(fact.data),
      way: 'let-go',
      says: `stays: ${fact.data.because.join(', ')} still in force`,
      state: 'stayed',
      ...fresh,
    };
  if (known === undefined) return undefined;
  const changed = { ...known, changedAt: at };
  switch (fact.type) {
    case 'executor.under-way':
      return { ...changed, state: 'under-way', says: fact.data.says, begunAt: at };
    case 'executor.confirmed':
      return { ...changed, state: 'confirmed', says: fact.data.says, ms: fact.data.ms, begunAt: null };
    case 'executor.failed':
      return {
        ...changed,
        state: fact.data.againAfterMs === null ? 'given-up' : 'failed',
        says: fact.data.why,
        failures: known.failures + 1,
        begunAt: null,
      };
    case 'executor.overtaken':
      return { ...changed, state: 'overtaken', begunAt: null };
    case 'executor.escalated':
      return { ...known, escalated: { at, owner: fact.data.owner, to: fact.data.to } };
    default:
      return known;
  }
}

function holdingAfter(holding: readonly About[], fact: ExecutorFact): readonly About[] {
  if (fact.type !== 'executor.ordered' && fact.type !== 'executor.stayed') return holding;
  if (fact.type === 'executor.ordered' && fact.data.again === true) return holding;
  const others = holding.filter(({ hold }) => hold !== fact.data.hold);
  return fact.data.way === 'hold' ? [...others, aboutOf(fact.data)] : others;
}

export function foldExecutor(facts: readonly Recorded[]): Executor | null {
  let held: Executor | null = null;
  const orders = new Map<string, Order>();
  for (const fact of ofTypes<ExecutorFact>(facts, EXECUTOR_FACTS)) {
    const { at } = fact;
    if (fact.type === 'executor.declared') {
      const { executor: id, ...said } = fact.data;
      held = {
        id,
        ...said,
        declaredAt: at,
        changedAt: at,
        retired: null,
        rehearsed: null,
        holding: [],
        was: null,
        orders,
      };
      continue;
    }
    if (held === null) continue;
    if ('hold' in fact.data) {
      const key = orderKey(fact.data);
      const order = stepOrder(orders.get(key), fact);
      if (order !== undefined) orders.set(key, order);
    }
    held = { ...stepExecutor(held, fact), holding: holdingAfter(held.holding, fact) };
    // Whoever still turns the switch the other way may need to know what it was.
    if (
      fact.type === 'executor.confirmed' &&
      fact.data.way === 'let-go' &&
      held.holding.length === 0 &&
      !someoneHolds(held)
    )
      held = { ...held, was: null };
  }
  return held;
}

const someoneHolds = ({ orders }: Executor): boolean =>
  [...orders.values()].some((order) => order.way === 'hold' && isOpen(order));

function stepExecutor(held: Executor, fact: Recorded<ExecutorFact>): Executor {
  const { at } = fact;
  switch (fact.type) {
    // What was rehearsed was another switch, or another secret.
    case 'executor.changed':
      return { ...held, ...fact.data, changedAt: at, rehearsed: null };
    case 'executor.keyed':
      return { ...held, ...fact.data, changedAt: at, rehearsed: null };
    case 'executor.retired':
      return { ...held, changedAt: at, retired: fact.data.reason };
    case 'executor.rehearsed':
      return { ...held, rehearsed: { at, ...fact.data } };
    case 'executor.seen':
      return { ...held, was: { value: fact.data.was, says: fact.data.says, at } };
    default:
      return held;
  }
}
