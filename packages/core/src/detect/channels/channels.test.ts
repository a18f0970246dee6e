import { describe, expect, it } from 'vitest';
import { addMs, instant } from '../../kernel/index.ts';
import { DETECTION_CHANNELS } from '../../prepare/inventory/index.ts';
import { CHANNELS } from '../signals/index.ts';
import { channelCoverage, isRecorded, sightingsIn } from './index.ts';

const NOW = instant('2026-11-20T10:00:00Z');
const HOUR_MS = 3_600_000;

describe('coverage', () => {
  it('speaks of the channels that signals have', () => {
    expect([...DETECTION_CHANNELS].sort()).toEqual([...CHANNELS].sort());
  });

  it.each([
    [null, '', 'missing'],
    [null, 'On-call', 'missing'],
    [-0.5, '', 'unrouted'],
    [-0.5, 'On-call', 'ready'],
    [-2, 'On-call', 'silent'],
    [-2, '', 'silent'],
  ] as const)('telemetry heard %s hours ago and routed to “%s” is %s', (hours, to, state) => {
    const heard = hours === null ? {} : { telemetry: addMs(NOW, hours * HOUR_MS) };
    const all = channelCoverage([{ channel: 'telemetry', to }], heard, NOW);
    expect(all).toHaveLength(6);
    expect(all.find(({ channel }) => channel === 'telemetry')).toMatchObject({ state, routedTo: to || null });
  });

  it('takes a channel that cannot listen for silent, also where nothing was ever heard', () => {
    for (const heard of [{}, { external: NOW }])
      expect(channelCoverage([{ channel: 'external', to: 'On-call' }], heard, NOW, ['external'])).toContainEqual(
        expect.objectContaining({ channel: 'external', state: 'silent' }),
      );
  });

  it('lets feedback be rare', () => {
    const all = channelCoverage([], { feedback: addMs(NOW, -72 * HOUR_MS) }, NOW);
    expect(all.find(({ channel }) => channel === 'feedback')?.state).toBe('unrouted');
  });
});

describe('versions in telemetry', () => {
  const versions = { model: 'm2', modelAsked: null, prompt: null, index: '', tools: 't1' };
  it('are those that were captured', () => {
    expect(sightingsIn({ system: 'bot', at: NOW, versions }).map(({ kind, version }) => [kind, version])).toEqual([
      ['model', 'm2'],
      ['tool', 't1'],
    ]);
  });
  it('are known when they ran before', () => {
    const system = {
      deployments: [],
      reports: [],
      changes: [
        { deployment: 'dep_1' as const, name: 'production', versions: { model: 'm1' }, occurredAt: NOW, note: '' },
      ],
    };
    expect(isRecorded(system, { kind: 'model', version: 'm1' })).toBe(true);
    expect(isRecorded(system, { kind: 'prompt', version: 'm1' })).toBe(false);
    expect(isRecorded(system, { kind: 'model', version: 'm2' })).toBe(false);
  });
});
