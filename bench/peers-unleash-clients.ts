import { createRequire } from 'node:module';
import { join } from 'node:path';

/** What the bench tells this process, which is all SDKs of Unleash and whoever turns the switch: one clock for both ends. */
type Task =
  | {
      readonly do: 'connect';
      readonly folder: string;
      readonly url: string;
      readonly token: string;
      readonly clients: number;
    }
  | { readonly do: 'off'; readonly address: string; readonly token: string }
  | { readonly do: 'wait-on' };

interface Sdk {
  isEnabled(name: string): boolean;
  once(event: string, heard: () => void): void;
  on(event: string, heard: (error: unknown) => void): void;
}
const sdks: Sdk[] = [];

async function all(enabled: boolean): Promise<void> {
  while (sdks.some((sdk) => sdk.isEnabled('answers') !== enabled))
    await new Promise((resolve) => setTimeout(resolve, 5));
}

async function connect({ folder, url, token, clients }: Extract<Task, { do: 'connect' }>): Promise<void> {
  const { Unleash } = createRequire(join(folder, 'index.js'))('unleash-client') as {
    Unleash: new (options: object) => Sdk;
  };
  for (let n = 0; n < clients; n += 1) {
    const sdk = new Unleash({
      url,
      appName: 'bench',
      instanceId: `bench-${n}`,
      customHeaders: { Authorization: token },
      disableMetrics: true,
      backupPath: join(folder, `backup-${process.pid}-${n}`),
    });
    sdk.on('error', () => undefined);
    sdks.push(sdk);
  }
  await all(true);
}

process.on('message', async (task: Task) => {
  const began = performance.now();
  if (task.do === 'connect') await connect(task);
  else if (task.do === 'wait-on') await all(true);
  else {
    const answer = await fetch(task.address, { method: 'POST', headers: { authorization: task.token } });
    if (!answer.ok) throw new Error(`Unleash answered ${answer.status}`);
    await all(false);
  }
  process.send?.({ ms: performance.now() - began });
});
