import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { UnderWay } from './under-way.ts';

const gate = () => {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
};

describe('work under way', () => {
  it('goes first: whoever lets it waits for the last of it, also where it fails', async () => {
    const under = new UnderWay();
    const [first, second] = [gate(), gate()];
    const said: string[] = [];
    const one = under.during(() => first.opened.then(() => said.push('first')));
    const two = under
      .during(() => second.opened.then(() => Promise.reject(new Error('no'))))
      .catch(() => said.push('second'));
    const waited = under.quiet(60_000).then(() => said.push('let through'));
    first.open();
    await one;
    await sleep(1);
    expect(said).toEqual(['first']);
    second.open();
    await Promise.all([two, waited]);
    expect(said[0]).toBe('first');
    expect(said).toContain('let through');
    await under.quiet(60_000);
  });

  it('that never ends stops nobody', async () => {
    const under = new UnderWay();
    const never = gate();
    const work = under.during(() => never.opened);
    await under.quiet(5);
    never.open();
    await work;
  });
});
