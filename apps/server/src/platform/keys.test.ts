import { copyFile, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadKeys } from './keys.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'firebreak-keys-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const load = async () => {
  const { guard, nextGuard } = await loadKeys(folder, 'test/log');
  return { guard: Buffer.from(guard.publicKey).toString('hex'), next: Buffer.from(nextGuard).toString('hex') };
};

describe('the key that signs what guards obey', () => {
  it('has another one in waiting, the same at each start', async () => {
    const first = await load();
    expect(first.next).not.toBe(first.guard);
    expect(await load()).toEqual(first);
  });

  it.each([
    ['moved', rename],
    ['copied', copyFile],
  ])('is replaced by the one in waiting, %s to its place, and another one waits then', async (_, put) => {
    const before = await load();
    await put(join(folder, 'guard-next.pem'), join(folder, 'guard.pem'));
    const after = await load();
    expect(after.guard).toBe(before.next);
    expect([before.guard, before.next]).not.toContain(after.next);
    expect(await load()).toEqual(after);
  });

  it('leaves the private half of the one in waiting to be kept elsewhere', async () => {
    const before = await load();
    const elsewhere = await mkdtemp(join(tmpdir(), 'firebreak-safe-'));
    await rename(join(folder, 'guard-next.pem'), join(elsewhere, 'key.pem'));
    expect(await load()).toEqual(before);
    expect(await readdir(folder)).not.toContain('guard-next.pem');
    await rename(join(elsewhere, 'key.pem'), join(folder, 'guard.pem'));
    expect((await load()).guard).toBe(before.next);
    await rm(elsewhere, { recursive: true });
  });

  it('is made whole where the process died between the halves', async () => {
    const before = await load();
    await rm(join(folder, 'guard-next.pub.pem'));
    expect(await load()).toEqual(before);
  });
});
