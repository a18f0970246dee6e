import { Agent, type RequestOptions, request } from 'node:http';

/** Sends prepared bodies over a few connections, in a process of its own, and answers how long that took. */
export interface SenderTask {
  readonly url: string;
  readonly key: string;
  readonly bodies: readonly string[];
  readonly connections: number;
}

/** One request on a kept connection. Node's own client: what `fetch` costs a sender is not what is measured beside it. */
function ask(agent: Agent, to: URL, options: RequestOptions, body?: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(to, { ...options, agent }, (answer) => {
      answer.on('end', () => resolve(answer.statusCode ?? 0)).on('error', reject);
      answer.resume();
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

async function send({ url, key, bodies, connections }: SenderTask, agent: Agent): Promise<Sent> {
  const to = new URL(url);
  const options = { method: 'POST', headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' } };
  const ready = bodies.map((body) => Buffer.from(body));
  let next = 0;
  let refused = 0;
  const began = performance.now();
  await Promise.all(
    Array.from({ length: connections }, async () => {
      for (let body = ready[next++]; body !== undefined; body = ready[next++])
        if ((await ask(agent, to, options, body)) !== 200) refused++;
    }),
  );
  return { ms: performance.now() - began, refused };
}

interface Sent {
  readonly ms: number;
  readonly refused: number;
}

/** Starting the client and connecting is no part of what is measured. */
async function work(task: SenderTask): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: task.connections });
  const well = new URL('/healthz', task.url);
  await Promise.all(Array.from({ length: task.connections }, () => ask(agent, well, {})));
  process.once('message', () => {
    send(task, agent).then(
      (sent) => process.send?.(sent),
      (error) => {
        throw error;
      },
    );
  });
  process.send?.('ready');
}

process.once('message', (task) => {
  work(task as SenderTask).catch((error) => {
    throw error;
  });
});
