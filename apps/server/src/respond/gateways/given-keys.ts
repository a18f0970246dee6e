import { createHash } from 'node:crypto';
import type { AnswerOf } from '@firebreak/contract';
import type { gateways } from '@firebreak/contract/respond/gateways';
import type { Deps } from '../../platform/index.ts';
import { keysOfScope } from '../../prepare/people/index.ts';

type Given = AnswerOf<typeof gateways.clients>;

const CHANGING = new Set(['key.created', 'key.revoked']);
const MOST_WAITING = 1_000;

/** The keys that gateways take. Whoever waits is answered as soon as one is made or revoked. */
export class GivenKeys {
  private readonly waiting = new Set<() => void>();
  private closed = false;

  constructor(private readonly deps: Deps) {
    deps.feed.on((facts) => {
      if (facts.some(({ type }) => CHANGING.has(type))) this.wake();
    });
  }

  /** The list, once its version is another one than `since`, or after `ms`. */
  async newerThan(since: string | undefined, ms: number): Promise<Given> {
    const end = performance.now() + ms;
    for (;;) {
      // Before reading: a change in between wakes.
      let woken = false;
      const changed = new Promise<void>((resolve) => {
        const wake = () => {
          woken = true;
          clearTimeout(timer);
          this.waiting.delete(wake);
          resolve();
        };
        const timer = setTimeout(wake, Math.max(0, end - performance.now()));
        if (this.waiting.size < MOST_WAITING) this.waiting.add(wake);
        else wake();
      });
      const now = await this.read();
      if (now.version !== since || this.closed || performance.now() >= end) return now;
      await changed;
      if (!woken || this.closed) return now;
    }
  }

  private async read(): Promise<Given> {
    const clients = (await keysOfScope(this.deps.db, 'gateway')).map(({ id, name, hash }) => ({ key: id, name, hash }));
    return { version: createHash('sha256').update(JSON.stringify(clients)).digest('hex').slice(0, 16), clients };
  }

  private wake(): void {
    for (const wake of [...this.waiting]) wake();
  }

  close(): void {
    this.closed = true;
    this.wake();
  }
}
