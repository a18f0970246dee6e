import { describe, expect, it } from 'vitest';
import { finish, TOPICS } from './index.ts';

const scored = (topic: string, rows: readonly object[], corpus: readonly object[] | null = null) =>
  finish(TOPICS[topic]!(rows as never, corpus as never)).scores;

describe('the scores of a backtest', () => {
  it('say of webhooks how many were read, and that none broke the reader, whole or damaged', () => {
    const alert = { title: 'Queue stalled', status: 'firing', severity: 'critical', alerts: [{ labels: { a: 'b' } }] };
    const scores = scored('webhooks', [
      { id: 1, provider: 'grafana', payload: alert },
      { id: 2, provider: 'unknown', payload: 'nothing' },
      { id: 3, provider: 'x', field: 'status', raw: 'ok', normalised: 'resolved' },
    ]);
    expect(scores).toMatchObject({ payloads: 2, broken: 0, words_right_interval: expect.stringMatching(/^1 of 1 \[/) });
    expect(scores.tried_whole_and_damaged).toBeGreaterThan(20);
    expect(scores.accepted_interval).toMatch(/^\d of 2 \[0\.\d{3}, /);
  });

  it('say beside each share what it was counted from', () => {
    const corpus = [{ id: 'a', title: 'A robot car hit a bus', description: 'A self-driving car hit a city bus.' }];
    expect(scored('similar', [{ id: 1, group: 'a', text: 'robot car hits bus' }], corpus)).toMatchObject({
      recallAt5: 1,
      recallAt5_interval: expect.stringMatching(/^1 of 1 /),
    });
    const spans = [{ name: 'x', model: 'm' }];
    expect(scored('otlp-dialects', [{ id: 1, otlp: {}, expect: { spans } }])).toMatchObject({
      name: 0,
      name_interval: expect.stringMatching(/^0 of 1 /),
    });
  });
});
