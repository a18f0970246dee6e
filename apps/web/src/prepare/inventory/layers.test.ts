import { describe, expect, it } from 'vitest';
import { drawLayers } from './layers.ts';

const node = (id: string, layer: number) => ({ id, label: id, kind: 'system' as const, layer, registered: true });

describe('a drawing of dependencies', () => {
  it('puts what is needed left of the system and what needs it right', () => {
    const { nodes, lines } = drawLayers({
      nodes: [node('bot', 0), node('rag', -1), node('far', -2), node('crm', 1)],
      edges: [
        { needs: 'bot', needed: 'rag' },
        { needs: 'rag', needed: 'far' },
        { needs: 'crm', needed: 'bot' },
      ],
    });
    const x = Object.fromEntries(nodes.map((each) => [each.id, each.x]));
    expect(x.far! < x.rag! && x.rag! < x.bot! && x.bot! < x.crm!).toBe(true);
    expect(lines).toHaveLength(3);
  });
  it('lays no two boxes over each other and keeps all inside', () => {
    const many = Array.from({ length: 20 }, (_, i) => node(`n${i}`, i % 3));
    const { nodes, width, height } = drawLayers({ nodes: many, edges: [] });
    for (const [i, a] of nodes.entries()) {
      expect(a.x >= 0 && a.x + 150 <= width && a.y >= 0 && a.y + 38 <= height).toBe(true);
      for (const b of nodes.slice(i + 1)) expect(a.x !== b.x || Math.abs(a.y - b.y) >= 38).toBe(true);
    }
  });
  it('draws a system alone', () => expect(drawLayers({ nodes: [node('bot', 0)], edges: [] }).lines).toEqual([]));
});
