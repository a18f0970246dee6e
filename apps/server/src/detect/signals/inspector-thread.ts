import { Worker } from 'node:worker_threads';
import { DETECTORS } from '@firebreak/core/detect/detectors';
import type { Inspected } from './inspector.ts';

/** What was found in the text at this place; of the others nothing was. */
export interface Answer {
  readonly at: number;
  readonly read: Inspected;
}

/** The thread ended while it read what it was asked to read. */
export class ThreadDied extends Error {
  override name = 'ThreadDied';
  /** Of the detector that was reading; null: none was. */
  constructor(
    why: string,
    readonly detector: string | null,
  ) {
    super(why);
  }
}

interface Asked {
  readonly texts: readonly string[];
  readonly resolve: (read: readonly Inspected[]) => void;
  readonly reject: (error: Error) => void;
}

export interface ThreadOptions {
  /** File of the thread. */
  readonly file: string;
  readonly salt: string;
  /** What takes longer hangs, milliseconds. */
  readonly within?: number;
}

const MOST_ASKED = 64;
const WITHIN_MS = 30_000;
const MEMORY_MB = 512;
const YOUNG_MB = 64;
const NOTHING: Inspected = { raised: [] };

/**
 * One thread that reads what it is sent, in order. Where it ends or hangs, what it was reading is refused to whoever asked,
 * and what waited behind it is read by the next thread.
 */
export class InspectorThread {
  #worker: Worker | null = null;
  #ready = false;
  #asked: Asked[] = [];
  #watchdog: NodeJS.Timeout | null = null;
  #closed = false;

  constructor(private readonly options: ThreadOptions) {}

  /** How much it was asked and has not answered. */
  get load(): number {
    return this.#asked.length;
  }

  ask(texts: readonly string[]): Promise<readonly Inspected[]> {
    return new Promise((resolve, reject) => {
      if (this.#closed) return reject(new Error('the detectors are closed'));
      if (this.#asked.length >= MOST_ASKED) return reject(new Error('too much waits for the detectors'));
      this.#asked.push({ texts, resolve, reject });
      this.#worker ??= this.#start();
      this.#worker.postMessage(texts);
      if (this.#asked.length === 1) this.#watch();
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#worker?.terminate();
  }

  #start(): Worker {
    const { file, salt } = this.options;
    // Shared, so that it can still be read when the thread hangs or is gone.
    const at = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)).fill(-1);
    const worker = new Worker(file, {
      workerData: { salt, at },
      // Nothing of how this process was started is for a built file, and a flag may be one that threads refuse.
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB, maxYoungGenerationSizeMb: YOUNG_MB },
    });
    let why: string | null = null;
    worker.on('message', ({ answer }: { readonly answer?: readonly Answer[] }) => {
      if (answer === undefined) this.#ready = true;
      else this.#hear(answer);
    });
    worker.on('error', (error: Error) => {
      why = error.message;
    });
    worker.on('exit', (code) => {
      if (this.#worker === worker) this.#ended(why ?? `it ended with ${code}`, DETECTORS[at[0]!]?.name ?? null);
    });
    // It must not keep a server alive that wants to end.
    worker.unref();
    return worker;
  }

  #hear(answer: readonly Answer[]): void {
    const asked = this.#asked.shift();
    if (asked === undefined) return;
    const read: Inspected[] = asked.texts.map(() => NOTHING);
    for (const { at, read: found } of answer) read[at] = found;
    asked.resolve(read);
    this.#watch();
  }

  #watch(): void {
    if (this.#watchdog !== null) clearTimeout(this.#watchdog);
    this.#watchdog = null;
    if (this.#asked.length === 0) return;
    this.#watchdog = setTimeout(() => void this.#worker?.terminate(), this.options.within ?? WITHIN_MS);
    this.#watchdog.unref();
  }

  #ended(why: string, detector: string | null): void {
    const [first, ...others] = this.#asked;
    const wasReady = this.#ready;
    this.#worker = null;
    this.#ready = false;
    this.#asked = [];
    this.#watch();
    if (!wasReady || this.#closed) {
      // It never read anything: whoever asked comes back.
      for (const { reject } of [first, ...others].filter((asked) => asked !== undefined))
        reject(new Error(`the thread of the detectors did not start: ${why}`));
      return;
    }
    first?.reject(new ThreadDied(why, detector));
    if (others.length === 0) return;
    this.#asked = others;
    this.#worker = this.#start();
    for (const { texts } of others) this.#worker.postMessage(texts);
    this.#watch();
  }
}
