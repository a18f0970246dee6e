import type { Edge, Flow } from '../../prepare/inventory/index.ts';
import { type Control, type HoldInForce, isKnownControl } from '../containment/index.ts';

/**
 * `needs`: it relies on the system. `fed`: the system writes into, feeds or notifies it. `shares`: it uses the same index,
 * or the vendor that is switched from or to.
 */
export type AroundHow = 'needs' | 'fed' | 'shares';

/** Something else that an order would be felt by. */
export interface Around {
  /** Key of a system, or `kind:name`. */
  readonly id: string;
  readonly how: AroundHow;
  /** Arrows away. */
  readonly depth: number;
  /** What lies between, or what is shared; empty: nothing. */
  readonly via: string;
}

const MOST = 100;

function walk(start: string, next: ReadonlyMap<string, readonly string[]>, how: AroundHow, found: Map<string, Around>) {
  const queue: { readonly id: string; readonly depth: number }[] = [{ id: start, depth: 0 }];
  const seen = new Set([start]);
  for (let at = queue.shift(); at !== undefined && found.size < MOST; at = queue.shift())
    for (const id of next.get(at.id) ?? []) {
      if (seen.has(id)) continue;
      seen.add(id);
      if (!found.has(id)) found.set(id, { id, how, depth: at.depth + 1, via: at.id === start ? '' : at.id });
      queue.push({ id, depth: at.depth + 1 });
    }
}

function grouped(pairs: readonly (readonly [string, string])[]): ReadonlyMap<string, readonly string[]> {
  const map = new Map<string, string[]>();
  for (const [from, to] of pairs) {
    const there = map.get(from);
    if (there) there.push(to);
    else map.set(from, [to]);
  }
  return map;
}

/** What an order is about beside the system itself, as nodes of the graph. */
function sharedNodes(control: Control): string[] {
  if (control.kind === 'retrieval') return [`data:${control.index}`];
  if (control.kind !== 'route') return [];
  return [control.from?.provider, control.to.provider].flatMap((vendor) =>
    vendor === undefined ? [] : [`vendor:${vendor}`],
  );
}

/**
 * Who else would feel an order, nearest first: what needs the system, what it writes into, feeds or notifies, and, for an
 * index or a vendor, who uses the same. At most a hundred; circles end.
 */
export function aroundOf(control: Control, system: string, edges: readonly Edge[], flows: readonly Flow[]): Around[] {
  const found = new Map<string, Around>();
  walk(system, grouped(edges.map(({ needs, needed }) => [needed, needs])), 'needs', found);
  const passing = flows.filter(({ passes, approval }) => passes !== 'calls' && approval === '');
  walk(system, grouped(passing.map(({ from, to }) => [from, to])), 'fed', found);
  const same = new Set(sharedNodes(control).map((each) => each.toLowerCase()));
  for (const { needs, needed } of edges)
    if (same.has(needed.toLowerCase()) && needs !== system && !found.has(needs) && found.size < MOST)
      found.set(needs, { id: needs, how: 'shares', depth: 1, via: needed });
  return [...found.values()].sort((a, b) => a.depth - b.depth || (a.id < b.id ? -1 : 1));
}

const meet = (a: readonly string[] | undefined, b: readonly string[] | undefined): boolean =>
  a === undefined || b === undefined || a.some((each) => b.includes(each));
const either = (a: string | undefined, b: string | undefined): boolean => a === undefined || b === undefined || a === b;

function sameThing(a: Control, b: Control): boolean {
  if (a.kind === 'disable' || b.kind === 'disable') return true;
  if (a.kind === 'retrieval' && b.kind === 'retrieval') return a.index === b.index;
  if (a.kind === 'revoke' && b.kind === 'revoke') return meet(a.tools, b.tools) && either(a.agent, b.agent);
  if ((a.kind === 'review' || a.kind === 'revoke') && (b.kind === 'review' || b.kind === 'revoke'))
    return a.tools !== undefined && b.tools !== undefined && meet(a.tools, b.tools);
  if (a.kind === 'pause' && b.kind === 'pause') return either(a.trigger, b.trigger);
  if (a.kind === 'route' && b.kind === 'route')
    return (['model', 'prompt', 'provider'] as const).some(
      (each) => a.to[each] !== undefined && b.to[each] !== undefined,
    );
  return a.kind === b.kind;
}

/** Holds in force that bear on the same feature and the same thing; stopping bears on everything. */
export function holdsOnSame<H extends Pick<HoldInForce, 'what'>>(control: Control, holds: readonly H[]): H[] {
  return holds.filter(({ what }) => {
    if (!isKnownControl(what)) return false;
    return either(control.feature, what.feature) && sameThing(control, what);
  });
}
