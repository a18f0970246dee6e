import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { capsuleVectors } from '../../../conformance/capsules.ts';
import { openStandIn, STAND_IN_KEY, until } from '../../../conformance/stand-in-control-plane.ts';
import { createGuard, type Guard } from './index.ts';

const NOWHERE = 'http://127.0.0.1:9';
let server: Awaited<ReturnType<typeof openStandIn>>;
let folder: string;
let files = 0;
const guards: Guard[] = [];

beforeAll(async () => {
  server = await openStandIn();
  folder = await mkdtemp(join(tmpdir(), 'firebreak-capsules-'));
});
afterAll(async () => {
  for (const guard of guards) guard.close();
  await server.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
});

const entry = (payload: unknown, appliedAt = '2026-12-01T10:00:00.000Z', other = false) => ({
  ...server.signed(payload, other ? generateKeyPairSync('ed25519').privateKey : undefined),
  appliedAt,
});
const newFile = () => {
  files += 1;
  return join(folder, `state-${files}.json`);
};
const apply = (stateFile: string, ...entries: object[]) => writeFile(`${stateFile}.capsules`, JSON.stringify(entries));

async function guardOf(stateFile: string, over: object = {}) {
  const guard = await createGuard({
    url: NOWHERE,
    key: STAND_IN_KEY,
    system: 'support-bot',
    bootFailMode: 'allow',
    trustedKeys: [server.publicKey],
    stateFile,
    ...over,
  });
  guards.push(guard);
  return guard;
}
const capsule = (over: object = {}) => ({ ...(capsuleVectors[0]!.payload as object), ...over });
const ASKED = { feature: 'answers' };

describe('a capsule, with no server', () => {
  it.each(capsuleVectors.map((vector) => [vector.name, vector] as const))('%s', async (_, vector) => {
    const stateFile = newFile();
    await apply(stateFile, entry(vector.payload, vector.appliedAt, vector.otherKey));
    const guard = await guardOf(stateFile, { system: vector.system });
    expect(guard.check(vector.request).action).toBe(vector.expect);
  });

  it('is obeyed by a process that runs already, and ends what runs', async () => {
    const stateFile = newFile();
    const guard = await guardOf(stateFile);
    let ended = 0;
    guard.track(ASKED, () => (ended += 1));
    expect(guard.check(ASKED).action).toBe('allow');
    await apply(stateFile, entry(capsule()));
    await until('the capsule is obeyed', () => guard.check(ASKED).action === 'deny');
    expect(ended).toBe(1);
    expect(guard.stats()).toMatchObject({ holds: 1, capsules: ['cap_1'] });
    // What was applied is not let go by taking the file away.
    await rm(`${stateFile}.capsules`);
    await new Promise((go) => setTimeout(go, 700));
    expect(guard.check(ASKED).action).toBe('deny');
  });

  it('says what is refused and not what is allowed: before any state is known, the choice for that stands', async () => {
    const stateFile = newFile();
    await apply(stateFile, entry(capsule()));
    const guard = await guardOf(stateFile, { bootFailMode: 'deny' });
    expect(guard.check({ feature: 'refunds' }).action).toBe('deny');
  });

  it('a bad one beside it is said, and changes nothing', async () => {
    const stateFile = newFile();
    await apply(stateFile, entry(capsule(), undefined, true), { nonsense: true }, entry(capsule()));
    const guard = await guardOf(stateFile);
    expect(guard.check(ASKED).action).toBe('deny');
    expect(guard.stats().lastFault).toContain('capsule is refused');
  });
});

describe('a capsule, when contact is back', () => {
  it('is told, stands beside what Firebreak orders, and is let go by a signed word alone', async () => {
    const stateFile = newFile();
    await apply(stateFile, entry(capsule()));
    const guard = await guardOf(stateFile, { url: server.url });
    await guard.ready();
    expect(guard.check(ASKED).action).toBe('deny');
    await until('it is told', () => server.heard.some(({ capsules }) => String(capsules) === 'cap_1'));
    const { epoch, holds } = server.snapshot();
    const state = { schema: 1, system: 'support-bot', generation: 1, epoch: epoch + 1, holds };
    server.send({ type: 'snapshot', ...server.signed({ ...state, ended: ['cap_1'] }) });
    await until('it is let go', () => guard.check(ASKED).action === 'allow');
    const later = {
      schema: 1,
      system: 'support-bot',
      generation: 1,
      from: epoch + 1,
      epoch: epoch + 2,
      add: [],
      remove: [],
    };
    server.send({ type: 'delta', ...server.signed(later) });
    await until('the next step is taken', () => guard.stats().epoch === epoch + 2);
    expect(guard.stats().capsules).toEqual([]);
  });
});
