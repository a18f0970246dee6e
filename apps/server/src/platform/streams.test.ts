import type { Instant, Recorded } from '@firebreak/core/kernel';
import { describe, expect, it } from 'vitest';
import { type Sql, sqlOver, together } from './database/database.ts';
import { Streams } from './streams.ts';

const fact = (stream: string, version: number): Recorded => ({
  seq: version,
  stream,
  version,
  type: 'note.added',
  at: '2026-11-28T00:00:00.000Z' as Instant,
  by: { kind: 'system', id: 'test' },
  data: {},
});

/** A log of one stream, and how often it was read. */
function log(versions: number) {
  const facts = Array.from({ length: versions }, (_, index) => fact('inc_1', index + 1));
  const read: number[] = [];
  const sql: Sql = sqlOver(async (_, [, after]) => {
    read.push(after as number);
    return { rows: [{ facts: JSON.stringify(facts.slice(after as number)), values: null }], count: 1 };
  });
  return { facts, read, sql };
}
const versionsOf = (facts: readonly Recorded[]) => facts.map(({ version }) => version);

describe('what was read of a stream', () => {
  it('is not read again where this process alone writes, and is topped up where others may', async () => {
    const [alone, shared] = [log(2), log(2)];
    for (const [streams, { sql, read }, again] of [
      [new Streams(true), alone, []],
      [new Streams(false), shared, [2]],
    ] as const) {
      expect(versionsOf(await streams.load(sql, 'inc_1'))).toEqual([1, 2]);
      expect(versionsOf(await streams.load(sql, 'inc_1'))).toEqual([1, 2]);
      expect(read).toEqual([0, ...again]);
    }
  });

  it('is read again after something was written, until that was committed', async () => {
    const { sql, facts, read } = log(1);
    const streams = new Streams(true);
    await streams.load(sql, 'inc_1');
    streams.wrote(sql, 'inc_1', 2);
    // Undone: what was written is not there, and every look makes sure of that once.
    const next = sqlOver(sql.query as never);
    expect(versionsOf(await streams.load(next, 'inc_1'))).toEqual([1]);
    streams.wrote(next, 'inc_1', 2);
    facts.push(fact('inc_1', 2));
    streams.committed([facts[1]!]);
    read.length = 0;
    expect(versionsOf(await streams.load(sqlOver(sql.query as never), 'inc_1'))).toEqual([1, 2]);
    expect(read).toEqual([]);
  });

  it('is not taken for whole when an earlier commit is heard of after a later write', async () => {
    const { sql, facts } = log(1);
    const streams = new Streams(true);
    await streams.load(sql, 'inc_1');
    const [first, second] = [sqlOver(sql.query as never), sqlOver(sql.query as never)];
    streams.wrote(first, 'inc_1', 2);
    streams.wrote(second, 'inc_1', 3);
    facts.push(fact('inc_1', 2), fact('inc_1', 3));
    streams.committed([facts[1]!]);
    expect(versionsOf(await streams.load(sqlOver(sql.query as never), 'inc_1'))).toEqual([1, 2, 3]);
  });

  it('does not keep what an open transaction wrote itself', async () => {
    const { sql, facts } = log(1);
    const streams = new Streams(true);
    streams.wrote(sql, 'inc_1', 2);
    facts.push(fact('inc_1', 2));
    expect(versionsOf(await streams.load(sql, 'inc_1'))).toEqual([1, 2]);
    facts.pop();
    expect(versionsOf(await streams.load(sqlOver(sql.query as never), 'inc_1'))).toEqual([1]);
  });
});

describe('statements together', () => {
  it('have all answered before the failure of one is thrown', async () => {
    const done: string[] = [];
    const slow = new Promise<void>((resolve) => setImmediate(resolve)).then(() => done.push('slow'));
    await expect(together([Promise.reject(new Error('no')), slow])).rejects.toThrow('no');
    expect(done).toEqual(['slow']);
  });
});
