import type { Dependency, Passes } from './facts.ts';

/** One arrow: `needs` depends on `needed`. Systems by key; everything else as `kind:name`. */
export interface Edge {
  readonly needs: string;
  readonly needed: string;
}

const MOST_STEPS = 100_000;
const MOST_NODES = 60;

const node = ({ kind, on }: Pick<Dependency, 'kind' | 'on'>): string => (kind === 'system' ? on : `${kind}:${on}`);

export function edgeOf(system: string, dependency: Pick<Dependency, 'direction' | 'kind' | 'on'>): Edge {
  const other = node(dependency);
  return dependency.direction === 'up' ? { needs: system, needed: other } : { needs: other, needed: system };
}

/** The way things pass between two nodes. */
export interface Flow {
  readonly from: string;
  readonly to: string;
  readonly passes: Passes;
  readonly approval: string;
}

/** What passes because of a dependency. Of one that a system needs, nothing is assumed: asking it leaves nothing there. */
export function flowsOf(
  system: string,
  dependency: Pick<Dependency, 'direction' | 'kind' | 'on' | 'flow' | 'approval'>,
): Flow[] {
  const other = node(dependency);
  const { direction, flow: passes = 'unsaid', approval = '' } = dependency;
  if (direction === 'down') return [{ from: system, to: other, passes, approval }];
  if (passes === 'unsaid' || passes === 'calls') return [];
  const back = passes === 'feeds';
  return [{ from: back ? other : system, to: back ? system : other, passes, approval }];
}

function neighbours(edges: readonly Edge[], from: keyof Edge, to: keyof Edge): ReadonlyMap<string, readonly string[]> {
  const out = new Map<string, string[]>();
  for (const edge of edges) {
    const there = out.get(edge[from]);
    if (there) there.push(edge[to]);
    else out.set(edge[from], [edge[to]]);
  }
  return out;
}

/**
 * The circle that a new arrow would close, as the nodes in the order one needs the next, beginning and ending with the
 * same one; null where it closes none. Breadth first, so the shortest is named.
 */
export function cycleWith(edges: readonly Edge[], added: Edge): readonly string[] | null {
  if (added.needs === added.needed) return [added.needs, added.needed];
  const needs = neighbours(edges, 'needs', 'needed');
  const cameFrom = new Map<string, string>([[added.needed, added.needs]]);
  const queue = [added.needed];
  for (let i = 0; i < queue.length && i < MOST_STEPS; i++)
    for (const next of needs.get(queue[i]!) ?? []) {
      if (next === added.needs) return [added.needs, ...backFrom(cameFrom, queue[i]!, added.needs), added.needs];
      if (cameFrom.has(next)) continue;
      cameFrom.set(next, queue[i]!);
      queue.push(next);
    }
  return null;
}

function backFrom(cameFrom: ReadonlyMap<string, string>, last: string, first: string): string[] {
  const path = [last];
  for (let at = cameFrom.get(last); at !== undefined && at !== first; at = cameFrom.get(at)) path.unshift(at);
  return path;
}

/** A node of the picture. `layer` is negative for what the system needs and positive for what needs it. */
export interface GraphNode {
  readonly id: string;
  readonly layer: number;
}

export interface GraphSnippet {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly Edge[];
  /** Nodes within reach that are not drawn. */
  readonly more: number;
}

/** What one system needs and what needs it, up to `reach` steps away, nearest first and bounded. */
export function snippetAround(edges: readonly Edge[], system: string, reach = 2): GraphSnippet {
  const layers = new Map<string, number>([[system, 0]]);
  const beyond = new Set<string>();
  const walk = (map: ReadonlyMap<string, readonly string[]>, sign: 1 | -1) => {
    let ring = [system];
    for (let step = 1; step <= reach; step++) {
      const found: string[] = [];
      for (const at of ring)
        for (const next of map.get(at) ?? []) {
          if (layers.has(next)) continue;
          if (layers.size >= MOST_NODES) {
            beyond.add(next);
            continue;
          }
          layers.set(next, sign * step);
          found.push(next);
        }
      ring = found;
    }
  };
  walk(neighbours(edges, 'needs', 'needed'), -1);
  walk(neighbours(edges, 'needed', 'needs'), 1);
  const seen = new Set<string>();
  const drawn = edges.filter(({ needs, needed }) => {
    const id = `${needs}\n${needed}`;
    return layers.has(needs) && layers.has(needed) && !seen.has(id) && seen.add(id);
  });
  return {
    nodes: [...layers].map(([id, layer]) => ({ id, layer })),
    edges: drawn,
    more: [...beyond].filter((id) => !layers.has(id)).length,
  };
}

/** Any circle among the arrows, as `cycleWith` gives one; null where there is none. Each node is visited once. */
export function findCycle(edges: readonly Edge[]): readonly string[] | null {
  const needs = neighbours(edges, 'needs', 'needed');
  const done = new Set<string>();
  for (const start of needs.keys()) {
    if (done.has(start)) continue;
    const path: { readonly at: string; next: number }[] = [{ at: start, next: 0 }];
    const onPath = new Set([start]);
    while (path.length > 0) {
      const top = path.at(-1)!;
      const next = needs.get(top.at)?.[top.next++];
      if (next === undefined) {
        path.pop();
        onPath.delete(top.at);
        done.add(top.at);
      } else if (onPath.has(next)) {
        const names = path.map(({ at }) => at);
        return [...names.slice(names.indexOf(next)), next];
      } else if (!done.has(next)) {
        path.push({ at: next, next: 0 });
        onPath.add(next);
      }
    }
  }
  return null;
}
