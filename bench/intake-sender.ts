/** Sends prepared bodies over a few connections, in a process of its own, and answers how long that took. */
export interface SenderTask {
  readonly url: string;
  readonly key: string;
  readonly bodies: readonly string[];
  readonly connections: number;
}

/** Starting the client and connecting is no part of what is measured. */
async function connect({ url, connections }: SenderTask): Promise<void> {
  await Promise.all(
    Array.from({ length: connections }, async () => (await fetch(new URL('/healthz', url))).arrayBuffer()),
  );
}

async function send({ url, key, bodies, connections }: SenderTask): Promise<{ ms: number; refused: number }> {
  const ready = bodies.map((body) => Buffer.from(body));
  let next = 0;
  let refused = 0;
  const began = performance.now();
  await Promise.all(
    Array.from({ length: connections }, async () => {
      for (let body = ready[next++]; body !== undefined; body = ready[next++]) {
        const answer = await fetch(url, {
          method: 'POST',
          headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
          body,
        });
        if (answer.status !== 200) refused++;
        await answer.arrayBuffer();
      }
    }),
  );
  return { ms: performance.now() - began, refused };
}

async function work(task: SenderTask): Promise<void> {
  await connect(task);
  process.once('message', () => {
    send(task).then(
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
