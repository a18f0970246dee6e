/** Sends prepared bodies over a few connections, in a process of its own, and answers how long that took. */
export interface SenderTask {
  readonly url: string;
  readonly key: string;
  readonly bodies: readonly string[];
  readonly connections: number;
}

async function send({ url, key, bodies, connections }: SenderTask): Promise<{ ms: number; refused: number }> {
  let next = 0;
  let refused = 0;
  const began = performance.now();
  await Promise.all(
    Array.from({ length: connections }, async () => {
      for (let body = bodies[next++]; body !== undefined; body = bodies[next++]) {
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

process.once('message', (task) => {
  send(task as SenderTask).then(
    (sent) => process.send?.(sent),
    (error) => {
      throw error;
    },
  );
});
