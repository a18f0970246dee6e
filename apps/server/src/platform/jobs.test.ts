import { openWorld, type World } from '@firebreak/world';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { act, actWithin, lockStreams } from './act.ts';
import { readBoards, rebuildBoards } from './boards.ts';
import { deadJobs, enqueue, nextDue, runDueJobs } from './jobs.ts';
import type { Slice } from './slice.ts';
import { firebreakItself } from './slice.ts';

const by = firebreakItself('test');

describe('the outbox', () => {
  let world: World;
  let outside: string[];
  let failures: number;
  const trial: Slice = {
    name: 'trial',
    effectsOf: (fact) =>
      fact.type === 'thing.happened'
        ? [
            { kind: 'trial.count', payload: { n: 1 } },
            { kind: 'trial.tell', payload: { text: fact.data.text }, once: 'tell' },
          ]
        : [],
    jobs: {
      'trial.count': {
        within: async (tx) =>
          void (await tx.query(
            "insert into one_time_link (hash, expires_at) values (gen_random_uuid()::text, '9999')",
          )),
      },
      'trial.tell': {
        outside: async ({ text }: { text: string }) => {
          if (failures-- > 0) throw new Error('nobody listens');
          outside.push(text);
        },
      },
    },
  };
  beforeEach(async () => {
    outside = [];
    failures = 0;
    world = await openWorld({ beside: [trial] });
  });
  afterEach(() => world.close());

  const happen = (text: string, refuseIt = false) =>
    act(world.server.deps, {
      stream: 'trial_1',
      by,
      may: 'read',
      fold: () => null,
      decide: () => (refuseIt ? { refused: 'server.busy', why: 'no' } : [{ type: 'thing.happened', data: { text } }]),
    });
  const counted = async () =>
    (await world.server.deps.db.query("select 1 from one_time_link where expires_at = '9999'")).count;

  it('writes effects with the fact and performs each once', async () => {
    await happen('a');
    await happen('b');
    await happen('c', true);
    expect(outside).toEqual([]);
    await world.settle();
    expect(outside).toEqual(['a']);
    expect(await counted()).toBe(2);
    await world.settle();
    expect(await counted()).toBe(2);
    expect(await nextDue(world.server.deps)).toBeNull();
  });

  it('tries again later, and keeps what fails for the last time', async () => {
    failures = 2;
    await happen('late');
    await world.settle();
    expect(outside).toEqual([]);
    await world.advance('2s');
    await world.advance('10s');
    expect(outside).toEqual(['late']);
    failures = 1_000;
    await happen('never');
    for (let tries = 0; tries < 9; tries++) await world.advance('2h');
    expect(await deadJobs(world.server.deps)).toBe(1);
    expect(await (await world.send('GET', '/metrics')).text()).toContain('firebreak_jobs_dead 1');
  });

  it('gives a job whose worker died to another when its lease ends, and not before', async () => {
    await world.server.deps.db.transaction((tx) =>
      enqueue(tx, world.server.deps, { kind: 'trial.tell', payload: { text: 'x' } }),
    );
    await world.server.deps.db.query(
      "update job set state = 'running', fence = 7, attempts = 1, lease_until = '2026-11-20T21:00:30.000Z'",
    );
    expect(await runDueJobs(world.server.deps)).toBe(0);
    await world.advance('31s');
    expect(outside).toEqual(['x']);
  });

  it('does not take work that nobody does', async () => {
    await expect(
      world.server.deps.db.transaction((tx) => enqueue(tx, world.server.deps, { kind: 'no.such', payload: {} })),
    ).rejects.toThrow('no slice does no.such');
  });
});

describe('act', () => {
  it('leaves one fact when eight people want the same thing at once, and numbers without a gap', async () => {
    const world = await openWorld();
    const { deps } = world.server;
    const want = () =>
      act(deps, {
        stream: 'trial_2',
        by,
        may: 'read',
        fold: (facts) => facts.length,
        decide: (n) => (n > 0 ? [] : [{ type: 'thing.happened', data: {} }]),
      });
    const done = await Promise.all(Array.from({ length: 8 }, want));
    expect(done.map((one) => ('facts' in one ? one.facts.length : -1)).sort()).toEqual([0, 0, 0, 0, 0, 0, 0, 1]);
    const { rows } = await deps.db.query<{ seq: number }>('select seq from fact order by seq');
    expect(rows.map(({ seq }) => seq)).toEqual(rows.map((_, i) => i + 1));
    await world.close();
  });

  it('is done again where the database gave it up for others that waited as well, and not for ever', async () => {
    const world = await openWorld();
    const { deps } = world.server;
    const trial = (stream: string, failures: number) => {
      let left = failures;
      return act(deps, {
        stream,
        by,
        may: 'read',
        fold: (facts) => facts.length,
        given: async () => {
          if (left-- > 0) throw Object.assign(new Error('deadlock detected'), { code: '40P01' });
        },
        decide: () => [{ type: 'thing.happened', data: {} }],
      });
    };
    expect(await trial('trial_5', 4)).toMatchObject({ state: 1 });
    await expect(trial('trial_6', 5)).rejects.toThrow('deadlock detected');
    await world.close();
  });

  it('locks streams before it records in one of them, so that nobody waits for whom they keep waiting', async () => {
    const world = await openWorld();
    const { deps } = world.server;
    const deed = (stream: string) => ({
      stream,
      by,
      may: 'read' as const,
      fold: (facts: readonly unknown[]) => facts.length,
      decide: () => [{ type: 'thing.happened' as const, data: {} }],
    });
    const both = (first: string, second: string) =>
      deps.db.transaction(async (tx) => {
        await lockStreams(tx, deps, [first, second]);
        await actWithin(tx, deps, deed(first));
        await actWithin(tx, deps, deed(second));
      });
    const rounds = Array.from({ length: 12 }, (_, i) =>
      i % 3 === 0 ? both('trial_7', 'trial_8') : i % 3 === 1 ? both('trial_8', 'trial_7') : act(deps, deed('trial_8')),
    );
    await Promise.all(rounds);
    expect(await act(deps, deed('trial_8'))).toMatchObject({ state: 13 });
    await world.close();
  });

  it('forgets what a transaction wrote when that is undone', async () => {
    const world = await openWorld();
    const { deps } = world.server;
    const deed = {
      stream: 'trial_3',
      by,
      may: 'read',
      fold: (facts: readonly unknown[]) => facts.length,
      decide: () => [{ type: 'thing.happened', data: {} }],
    } as const;
    await deps.db
      .transaction(async (tx) => {
        await actWithin(tx, deps, deed);
        await actWithin(tx, deps, deed);
        throw new Error('undone');
      })
      .catch(() => undefined);
    expect(await act(deps, deed)).toMatchObject({ state: 1, facts: [{ version: 1 }] });
    await world.close();
  });

  it('refuses without the right, whatever was asked', async () => {
    const world = await openWorld();
    expect(
      await act(world.server.deps, {
        stream: 'trial_4',
        by: { actor: { kind: 'person', id: 'usr_x' }, may: new Set(['read']) },
        may: 'containment.lift',
        fold: () => null,
        decide: () => [{ type: 'thing.happened', data: {} }],
      }),
    ).toMatchObject({ refused: 'authority.missing' });
    expect(Object.keys(await readBoards(world.server.deps)).length).toBeGreaterThan(3);
    expect(await rebuildBoards(world.server.deps)).toBe(world.server.deps.feed.seq);
    await world.close();
  });
});
