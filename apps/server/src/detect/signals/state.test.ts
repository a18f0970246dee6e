import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import type { Deps } from '../../platform/index.ts';
import { type Held, heldAs } from './inspector.ts';
import { TelemetryState } from './state.ts';

/** Said to be a megabyte long. */
const record = (id: string, read: string[]): Held =>
  heldAs({
    id,
    size: 1_000_000,
    text: () => {
      read.push(id);
      return JSON.stringify({ id, output: `says ${id}` });
    },
  });

it('what was just stored is kept up to a limit, as bytes that are read once and when they are asked for', () => {
  const state = new TelemetryState({ metrics: { registry: new Registry() } } as unknown as Deps);
  const read: string[] = [];
  const ids = Array.from({ length: 30 }, (_, i) => `int_${i}`);
  for (const id of ids) state.remember('tin_1', [record(id, read)]);
  const taken = ids.map((id) => state.take('tin_1', id));
  expect(taken.map((it) => it !== null)).toEqual(ids.map((_, i) => i < 24));
  expect(read).toEqual([]);
  for (const it of taken) if (it !== null) expect([it.data.id, it.data.output]).toEqual([it.id, `says ${it.id}`]);
  expect(read).toEqual(ids.slice(0, 24));
  expect(state.take('tin_1', 'int_0')).toBeNull();
  state.remember('tin_2', [record('int_0', read)]);
  expect(state.take('tin_1', 'int_0')).toBeNull();
});
