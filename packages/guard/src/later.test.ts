import { afterEach, describe, expect, it, vi } from 'vitest';
import { holdOf, openStandIn, STAND_IN_KEY, until } from '../../../conformance/stand-in-control-plane.ts';
import { later } from './later.ts';

const gate = vi.hoisted(() => {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
});
vi.mock('./patterns.ts', async (original) => {
  await gate.opened;
  return original();
});
const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

describe('what is loaded later', () => {
  it('is loaded once, and again after a failure, and never waited for without end', async () => {
    const load = vi.fn<() => Promise<string>>();
    const wanted = later(load, 20);
    load.mockRejectedValueOnce(new Error('no such file'));
    await expect(wanted()).rejects.toThrow(/missing \(no such file\); install or bundle @firebreak\/guard as a whole/);
    load.mockReturnValueOnce(new Promise(() => undefined));
    await expect(wanted()).rejects.toThrow(/nothing within 20 ms/);
    load.mockResolvedValueOnce('here');
    expect(await Promise.all([wanted(), wanted()])).toEqual(['here', 'here']);
    expect(load).toHaveBeenCalledTimes(3);
  });

  it('is there before an order that needs it is obeyed or acknowledged; what comes after waits its turn', async () => {
    // Other tests of this process may have loaded it already.
    vi.resetModules();
    const { createGuard } = await import('./index.ts');
    const server = await openStandIn();
    const guard = await createGuard({
      url: server.url,
      key: STAND_IN_KEY,
      system: 'support-bot',
      bootFailMode: 'deny',
    });
    open.push(guard, server);
    await guard.ready();
    const refunds = holdOf({ kind: 'disable', feature: 'refunds' });
    const block = holdOf({ kind: 'block', feature: 'answers', patterns: ['card [0-9]{4}'] });
    server.hold(refunds);
    await until('the first order', () => guard.stats().epoch === 2);
    server.hold(refunds, block);
    server.hold(block);
    await expect(until('obeyed too early', () => guard.stats().epoch !== 2, 150)).rejects.toThrow(/too early/);
    expect(guard.check({ feature: 'refunds' }).action).toBe('deny');
    const acks = () => server.heard.filter(({ type }) => type === 'ack').map(({ epoch }) => epoch);
    expect(acks()).toEqual([1, 2]);

    gate.open();
    await until('both orders', () => guard.stats().epoch === 4);
    expect(guard.check({ feature: 'answers', text: 'card 1234' }).action).toBe('deny');
    expect(guard.check({ feature: 'answers', text: 'card' }).action).toBe('allow');
    expect(guard.check({ feature: 'refunds' }).action).toBe('allow');
    await until('both acknowledged', () => acks().length === 4);
    expect(acks()).toEqual([1, 2, 3, 4]);
  });
});
