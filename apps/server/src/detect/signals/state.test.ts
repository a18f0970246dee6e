import type { Interaction } from '@firebreak/core/detect/signals';
import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import type { Deps } from '../../platform/index.ts';
import { asText } from './inspector.ts';
import { type Fresh, TelemetryState } from './state.ts';

const MEGABYTE = 1_000_000;

/** Said to be a megabyte long. */
function record(id: string, parsed: string[]): Fresh {
  const data = { id, output: `says ${id}` } as Interaction;
  const text = () => {
    parsed.push(id);
    return JSON.stringify(data);
  };
  return { data, size: MEGABYTE, text: '', later: () => asText({ size: MEGABYTE, text }) };
}

it('of what was just stored a little is kept as records, more as text that is read when it is asked for, and the rest not', () => {
  const state = new TelemetryState({ metrics: { registry: new Registry() } } as unknown as Deps);
  const parsed: string[] = [];
  const ids = Array.from({ length: 30 }, (_, i) => `int_${i}`);
  for (const id of ids) state.remember('tin_1', [record(id, parsed)]);
  expect(parsed).toEqual([]);
  const taken = ids.map((id) => state.take('tin_1', id)?.data ?? null);
  expect(taken.map((it) => it?.output ?? null)).toEqual([
    ...ids.slice(0, 24).map((id) => `says ${id}`),
    ...Array(6).fill(null),
  ]);
  expect(parsed).toEqual(ids.slice(2, 24));
  expect(state.take('tin_1', 'int_0')).toBeNull();
  state.remember('tin_2', [record('int_0', parsed)]);
  expect(state.take('tin_1', 'int_0')).toBeNull();
});
