import { createClient } from '@firebreak/client';
import { containment } from '@firebreak/contract/respond/containment';
import { createGuard, type Guard } from '@firebreak/guard';
import { WebSocket } from 'ws';

/** What the bench tells this process, which is all guards and the responder who clicks: one clock for both ends. */
export type Task =
  | {
      readonly do: 'connect';
      readonly guards: number;
      readonly url: string;
      readonly guardKey: string;
      readonly respondKey: string;
      readonly bareUrl: string;
    }
  | { readonly do: 'click'; readonly incident: string; readonly feature: string }
  | { readonly do: 'bare' };
export interface Measured {
  readonly ms: number;
}

const guards: Guard[] = [];
const sockets: WebSocket[] = [];
let click: (incident: string, feature: string) => Promise<unknown>;
let bareUrl = '';

async function connect(task: Extract<Task, { do: 'connect' }>): Promise<void> {
  bareUrl = task.bareUrl;
  const client = createClient({ baseUrl: task.url, key: task.respondKey });
  click = (incident, feature) =>
    client.call(containment.order, {
      params: { incident },
      body: { system: 'bot', what: { kind: 'disable', feature }, reason: 'a bench' },
    });
  for (let index = 0; index < task.guards; index += 1)
    guards.push(await createGuard({ url: task.url, key: task.guardKey, system: 'bot', bootFailMode: 'deny' }));
  await Promise.all(guards.map((guard) => guard.ready(30_000)));
  for (let index = 0; index < task.guards; index += 1) sockets.push(new WebSocket(task.bareUrl.replace('http', 'ws')));
  await Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once('open', resolve))));
}

/** Resolves when every guard refuses the feature; each is looked at when it says that its state has changed. */
function allRefuse(feature: string): Promise<void> {
  return new Promise((resolve) => {
    let left = guards.length;
    for (const guard of guards) {
      const off = guard.on('change', () => {
        if (guard.check({ feature }).action !== 'deny') return;
        off();
        left -= 1;
        if (left === 0) resolve();
      });
    }
  });
}

async function clicked(incident: string, feature: string): Promise<number> {
  const done = allRefuse(feature);
  const began = performance.now();
  const answered = click(incident, feature);
  await done;
  const ms = performance.now() - began;
  await answered;
  return ms;
}

async function bare(): Promise<number> {
  const done = Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once('message', resolve))));
  const began = performance.now();
  const answered = fetch(bareUrl, { method: 'POST', body: '{}' });
  await done;
  const ms = performance.now() - began;
  await answered;
  return ms;
}

process.on('message', async (task: Task) => {
  let ms = 0;
  if (task.do === 'connect') await connect(task);
  else ms = task.do === 'click' ? await clicked(task.incident, task.feature) : await bare();
  process.send?.({ ms } satisfies Measured);
});
