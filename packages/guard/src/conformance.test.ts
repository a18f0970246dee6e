import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { containmentVectors, spokenOf } from '../../../conformance/containment.ts';
import { openStandIn, STAND_IN_KEY, until } from '../../../conformance/stand-in-control-plane.ts';
import { createGuard, type Guard } from './index.ts';

let server: Awaited<ReturnType<typeof openStandIn>>;
let guard: Guard;

beforeAll(async () => {
  server = await openStandIn({ system: '*' });
  guard = await createGuard({ url: server.url, key: STAND_IN_KEY, system: '*', bootFailMode: 'deny' });
  await guard.ready();
});
afterAll(async () => {
  guard.close();
  await server.close();
});

describe('the guard, over its own channel', () => {
  it.each(containmentVectors.map((vector) => [vector.name, vector] as const))('%s', async (_, vector) => {
    server.hold();
    server.hold(...vector.holds);
    await until('the step is applied', () => guard.stats().epoch === server.snapshot().epoch);
    expect(spokenOf(vector, guard.check(vector.request))).toEqual(vector.expect);
  });
});
