import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@firebreak/client';
import { reports } from '@firebreak/contract/detect/reports';
import { reviews } from '@firebreak/contract/detect/reviews';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startServer } from './index.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'firebreak-reports-'));
});
afterEach(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));

it('has every report that was answered, and its reference, though the server was killed in the same moment', async () => {
  const env = { FIREBREAK_DATA: folder };
  const first = await startServer(env);
  const stranger = createClient({ baseUrl: first.url });
  const sent = await Promise.all(
    Array.from({ length: 5 }, (_, i) => stranger.call(reports.send, { body: { what: `It invented rule ${i}` } })),
  );
  await first.kill();

  const second = await startServer(env);
  const key = (await readFile(join(folder, 'keys/local.key'), 'utf8')).trim();
  const { items } = await createClient({ baseUrl: second.url, key }).call(reviews.queue, { query: {} });
  expect(items.map(({ feedback }) => feedback.text).sort()).toEqual(sent.map((_, i) => `It invented rule ${i}`));
  for (const { reference } of sent)
    expect(await createClient({ baseUrl: second.url }).call(reports.look, { body: { reference } })).toMatchObject({
      state: 'received',
    });
  await second.stop();
});
