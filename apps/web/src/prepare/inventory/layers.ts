import type { DependencyGraph, GraphNode } from '@firebreak/contract/prepare/system-parts';

const COLUMN = 190;
const BOX_WIDTH = 150;
const BOX_HEIGHT = 38;
const ROW = 52;
const MARGIN = 8;

export interface PlacedNode extends GraphNode {
  readonly x: number;
  readonly y: number;
}

export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly PlacedNode[];
  /** From what is needed to what needs it, left to right. */
  readonly lines: readonly { readonly id: string; readonly path: string }[];
}

export const BOX = { width: BOX_WIDTH, height: BOX_HEIGHT };

/**
 * Columns by layer: what the system needs on the left, what needs it on the right. Within a column nodes stand at the
 * mean height of their neighbours nearer the middle, which keeps lines from crossing more than they must.
 */
export function drawLayers({ nodes, edges }: Pick<DependencyGraph, 'nodes' | 'edges'>): Drawing {
  const layers = [...new Set(nodes.map(({ layer }) => layer))].sort((a, b) => a - b);
  const tallest = Math.max(1, ...layers.map((layer) => nodes.filter((node) => node.layer === layer).length));
  const height = tallest * ROW + 2 * MARGIN;
  const placed = new Map<string, PlacedNode>();
  for (const layer of layers.toSorted((a, b) => Math.abs(a) - Math.abs(b))) {
    const column = nodes
      .filter((node) => node.layer === layer)
      .map((node) => ({ node, wish: meanHeight(node.id, edges, placed) ?? height / 2 }))
      .sort((a, b) => a.wish - b.wish || (a.node.label < b.node.label ? -1 : 1));
    const top = (height - column.length * ROW) / 2 + (ROW - BOX_HEIGHT) / 2;
    for (const [i, { node }] of column.entries())
      placed.set(node.id, { ...node, x: MARGIN + layers.indexOf(layer) * COLUMN, y: top + i * ROW });
  }
  return {
    width: (layers.length - 1) * COLUMN + BOX_WIDTH + 2 * MARGIN,
    height,
    nodes: nodes.map(({ id }) => placed.get(id)!),
    lines: edges.flatMap(({ needs, needed }) => {
      const [from, to] = [placed.get(needed), placed.get(needs)];
      return from && to ? [{ id: `${needed} ${needs}`, path: curve(from, to) }] : [];
    }),
  };
}

function meanHeight(
  id: string,
  edges: DependencyGraph['edges'],
  placed: ReadonlyMap<string, PlacedNode>,
): number | null {
  const heights = edges.flatMap(({ needs, needed }) => {
    const other = needs === id ? placed.get(needed) : needed === id ? placed.get(needs) : undefined;
    return other ? [other.y + BOX_HEIGHT / 2] : [];
  });
  return heights.length === 0 ? null : heights.reduce((sum, each) => sum + each, 0) / heights.length;
}

function curve(from: PlacedNode, to: PlacedNode): string {
  const [x1, y1, x2, y2] = [from.x + BOX_WIDTH, from.y + BOX_HEIGHT / 2, to.x, to.y + BOX_HEIGHT / 2];
  const bend = (x2 - x1) / 2;
  return `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
}
