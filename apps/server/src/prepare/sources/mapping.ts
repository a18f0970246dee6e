import { Worker } from 'node:worker_threads';

const TIME_MS = 1_000;
const START_MS = 20_000;
const READY = -1;
const MOST_WAITING = 100;
const LARGEST_PAYLOAD = 1024 * 1024;
const MEMORY_MB = 64;

export type Mapped = { readonly made: unknown } | { readonly wrong: string };

interface Asked {
  readonly mapping: string;
  readonly payload: string | undefined;
  readonly resolve: (answer: Answer) => void;
}

interface Answer {
  readonly made?: string;
  readonly wrong?: string;
}

/** A thread that is ready, and whoever waits for its next word. */
interface Thread {
  readonly worker: Worker;
  hear: (answer: Answer & { readonly id?: number }) => void;
}

/**
 * One thread that evaluates one mapping after another. What takes longer than a second, or more memory than it may have,
 * takes the thread down with it; the next mapping gets a new one.
 */
class Mapper {
  #thread: Thread | null = null;
  #next = 0;
  readonly #queue: Asked[] = [];
  #busy = false;

  async run(mapping: string, payload: string | undefined): Promise<Answer> {
    if (this.#queue.length >= MOST_WAITING)
      return { wrong: 'too many mappings are being worked on; try again in a moment' };
    return new Promise((resolve) => {
      this.#queue.push({ mapping, payload, resolve });
      void this.#work();
    });
  }

  async #work(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    for (let asked = this.#queue.shift(); asked !== undefined; asked = this.#queue.shift())
      asked.resolve(await this.#one(asked));
    this.#busy = false;
  }

  #start(): Thread {
    const worker = new Worker(new URL('./mapping-worker.mjs', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB, maxYoungGenerationSizeMb: 16, stackSizeMb: 4 },
    });
    const thread: Thread = { worker, hear: () => undefined };
    worker.on('message', (answer) => thread.hear(answer));
    worker.on('error', (error: Error) =>
      thread.hear({ wrong: /memory/i.test(error.message) ? 'it needs too much memory' : 'it broke off' }),
    );
    worker.on('exit', () => thread.hear({ wrong: 'it broke off' }));
    // It must not keep a server alive that wants to end.
    worker.unref();
    return thread;
  }

  /** The next word of a thread about `id`, or that it took too long. */
  #word(thread: Thread, id: number, withinMs: number): Promise<Answer> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => thread.hear({ wrong: `it takes longer than ${withinMs} ms` }), withinMs);
      thread.hear = (answer) => {
        if (answer.id !== undefined && answer.id !== id) return;
        clearTimeout(timer);
        thread.hear = () => undefined;
        // Whatever comes without an id is the end of the thread.
        if (answer.id === undefined) {
          this.#thread = null;
          void thread.worker.terminate();
        }
        resolve(answer);
      };
    });
  }

  async #one({ mapping, payload }: Asked): Promise<Answer> {
    if (this.#thread === null) {
      const thread = this.#start();
      this.#thread = thread;
      const ready = await this.#word(thread, READY, START_MS);
      if (ready.wrong !== undefined) return ready;
    }
    const id = this.#next++;
    const word = this.#word(this.#thread, id, TIME_MS);
    this.#thread.worker.postMessage({ id, mapping, payload });
    return word;
  }
}

const mapper = new Mapper();

/** What is wrong with a mapping as it is written; null: nothing. */
export async function mappingFault(mapping: string): Promise<string | null> {
  return mapping === '' ? null : ((await mapper.run(mapping, undefined)).wrong ?? null);
}

export async function runMapping(mapping: string, payload: unknown): Promise<Mapped> {
  const text = JSON.stringify(payload ?? null);
  if (text.length > LARGEST_PAYLOAD) return { wrong: 'the payload is larger than 1 MiB' };
  const { made, wrong } = await mapper.run(mapping, text);
  if (wrong !== undefined) return { wrong };
  return { made: made === undefined ? undefined : JSON.parse(made) };
}
