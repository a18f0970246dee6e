/** The thread the detectors run in. Built by itself, since Node 20 starts a thread from a file and reads no TypeScript. */
import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { aidsWith } from './aids.ts';
import { inspectOne } from './inspector.ts';
import type { Answer } from './inspector-thread.ts';

const port = parentPort!;
const { salt, at } = workerData as { readonly salt: string; readonly at: Int32Array };
const aids = aidsWith(salt);
/** Where it hangs or dies, whoever started it sees which detector was reading. */
const onto = (detector: number): void => {
  at[0] = detector;
};

/** On a processor they share, what the server does weighs about three times as much. */
const NICE = 5;
// On Linux a priority is that of the thread; elsewhere it would be that of the whole server.
if (process.platform === 'linux') setPriority(0, NICE);

port.on('message', (texts: readonly string[]) => {
  const answer: Answer[] = [];
  for (const [place, text] of texts.entries()) {
    const read = inspectOne(JSON.parse(text), aids, onto);
    if ('failed' in read || read.raised.length > 0 || read.missed !== undefined) answer.push({ at: place, read });
  }
  at[0] = -1;
  port.postMessage({ answer });
});
port.postMessage({ ready: true });
