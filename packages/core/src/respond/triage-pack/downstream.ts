import type { Flow } from '../../prepare/inventory/index.ts';
import type { Figure } from './blast.ts';

/**
 * `measured`: the answers that went wrong really called it. `derived`: somebody said what passes along every arrow to it.
 * `assumed`: an arrow is there, and nobody said what passes along it.
 */
export type DownstreamLabel = 'measured' | 'derived' | 'assumed';

/** Something that what went wrong may have reached. */
export interface Downstream {
  readonly id: string;
  /** Arrows away from the system. */
  readonly depth: number;
  /** From where it is reached. */
  readonly via: string;
  readonly label: DownstreamLabel;
  /** Calls of it in the answers that went wrong; null: not measured. */
  readonly count: number | null;
  /** Who has to approve before anything passes; empty: nobody. It is listed, and nothing is followed beyond it. */
  readonly approval: string;
}

const MOST_NODES = 200;
const nameOf = (id: string): string => id.slice(id.indexOf(':') + 1).toLowerCase();

/**
 * Breadth first from the system along what is written, fed or notified; each node once, so that circles end. An arrow with
 * a confirmed approval by a person is listed and not followed; a node behind it counts as reached where another way leads
 * there. `calls` are the tool calls of the answers that went wrong, by tool.
 */
export function downstreamOf(
  flows: readonly Flow[],
  system: string,
  calls: Readonly<Record<string, number>> | null,
): { readonly nodes: readonly Downstream[]; readonly more: number } {
  const from = new Map<string, Flow[]>();
  for (const flow of flows) {
    const there = from.get(flow.from);
    if (there) there.push(flow);
    else from.set(flow.from, [flow]);
  }
  const called = new Map(Object.entries(calls ?? {}).map(([tool, count]) => [tool.toLowerCase(), count]));
  const reached = new Map<string, Downstream>();
  const behind = new Map<string, Downstream>();
  const queue: { readonly id: string; readonly depth: number; readonly sure: boolean }[] = [
    { id: system, depth: 0, sure: true },
  ];
  let more = 0;
  for (let at = queue.shift(); at !== undefined; at = queue.shift())
    for (const flow of from.get(at.id) ?? []) {
      if (flow.passes === 'calls' || flow.to === system || reached.has(flow.to)) continue;
      if (reached.size + behind.size >= MOST_NODES) {
        more++;
        continue;
      }
      const count = called.get(nameOf(flow.to)) ?? null;
      const sure = at.sure && flow.passes !== 'unsaid';
      const label = count !== null ? 'measured' : sure ? 'derived' : 'assumed';
      const node = { id: flow.to, depth: at.depth + 1, via: at.id, label, count, approval: flow.approval } as const;
      if (flow.approval !== '') {
        if (!behind.has(flow.to)) behind.set(flow.to, node);
        continue;
      }
      behind.delete(flow.to);
      reached.set(flow.to, node);
      queue.push({ id: flow.to, depth: node.depth, sure: sure || count !== null });
    }
  const nodes = [...reached.values(), ...behind.values()].sort(
    (a, b) => a.depth - b.depth || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0),
  );
  return { nodes, more };
}

const LABELS: Readonly<Record<DownstreamLabel, string>> = {
  measured: 'measured',
  derived: 'derived from what was declared',
  assumed: 'assumed',
};

/** The figure of what lies downstream. Where no dependency is declared nobody knows, which is not zero. */
export function downstreamFigure(declared: boolean, nodes: readonly Downstream[]): Figure {
  const open = nodes.filter(({ approval }) => approval === '');
  const held = nodes.length - open.length;
  const by = (['measured', 'derived', 'assumed'] as const)
    .map((label) => [open.filter((node) => node.label === label).length, LABELS[label]] as const)
    .filter(([count]) => count > 0)
    .map(([count, words]) => `${count} ${words}`);
  const said =
    by.length > 0
      ? `Along what is written, fed or notified: ${by.join(', ')}.`
      : 'Nothing is written, fed or notified onwards.';
  return {
    of: 'downstream',
    value: declared ? open.length : null,
    limits: null,
    sureness: declared ? 'at-least' : 'not-captured',
    how: declared
      ? `${said}${held > 0 ? ` ${held} more only after a person approves.` : ''}`
      : 'No dependency of this system is declared, so what lies behind it is not known.',
  };
}
