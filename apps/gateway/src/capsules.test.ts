import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { capsuleVectors } from '../../../conformance/capsules.ts';
import { openStandIn, STAND_IN_KEY } from '../../../conformance/stand-in-control-plane.ts';
import { openStandInVendor, type StandInVendor } from '../../../conformance/stand-in-vendor.ts';
import { createGateway } from './index.ts';

let signer: Awaited<ReturnType<typeof openStandIn>>;
let vendor: StandInVendor;
let folder: string;

beforeAll(async () => {
  signer = await openStandIn();
  vendor = await openStandInVendor();
  folder = await mkdtemp(join(tmpdir(), 'firebreak-gateway-'));
});
afterAll(async () => {
  await signer.close();
  await vendor.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
});

/** What a gateway can be asked without knowing the application: a question to a feature of a system. */
const asked = capsuleVectors.filter(({ request }) => Object.keys(request).sort().join() === 'feature,system');

describe('a gateway with no server', () => {
  // Each waits for a server that is not there.
  it.concurrent.each(asked.map((vector) => [vector.name, vector] as const))('%s', async (_, vector) => {
    const stateFile = join(folder, `${asked.indexOf(vector)}.json`);
    const other = vector.otherKey === true ? generateKeyPairSync('ed25519').privateKey : undefined;
    const entry = { ...signer.signed(vector.payload, other), appliedAt: vector.appliedAt };
    await writeFile(`${stateFile}.capsules`, JSON.stringify([entry]));
    const gateway = await createGateway({
      port: 0,
      guard: {
        url: 'http://127.0.0.1:9',
        key: STAND_IN_KEY,
        bootFailMode: 'allow',
        trustedKeys: [signer.publicKey],
        stateFile,
      },
      upstreams: { openai: vendor.url },
    });
    try {
      const answer = await fetch(`${gateway.url}/openai/v1/chat/completions`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-firebreak-system': vector.request.system,
          'x-firebreak-feature': vector.request.feature ?? '',
        },
        body: JSON.stringify({ model: 'm1', messages: [{ role: 'user', content: 'How many devices?' }] }),
      });
      expect(answer.status).toBe(vector.expect === 'deny' ? 403 : 200);
    } finally {
      await gateway.close();
    }
  });
});
