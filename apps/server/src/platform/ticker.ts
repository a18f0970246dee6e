import { nextDue, runDueJobs, slowJobsEnded } from './jobs.ts';
import type { Deps, Watch } from './slice.ts';

const LONGEST_WAIT_MS = 1_000;
const MOST_ROUNDS = 1_000;

/** The one loop: does due jobs, looks at what has to be looked at, then sleeps until the next thing is due. */
export class Ticker {
  readonly #lastLook = new Map<string, number>();
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<void> | null = null;
  #woken = false;
  #stopped = false;

  constructor(
    private readonly deps: Deps,
    private readonly watches: readonly Watch[],
  ) {}

  start(): void {
    this.wake();
  }

  wake(): void {
    if (this.#stopped) return;
    this.#woken = true;
    if (this.#running) return;
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#go(), 0);
  }

  #go(): void {
    this.#running = this.tick()
      .catch((error) => this.deps.log.error({ err: error }, 'a tick failed'))
      .then(() => this.#sleep())
      .finally(() => {
        this.#running = null;
        if (this.#woken) this.wake();
      });
  }

  async #sleep(): Promise<void> {
    if (this.#stopped || this.#woken) return;
    const next = await nextDue(this.deps).catch(() => null);
    const wait =
      next === null
        ? LONGEST_WAIT_MS
        : Math.min(LONGEST_WAIT_MS, Math.max(0, Date.parse(next) - Date.parse(this.deps.now())));
    if (!this.#stopped) this.#timer = setTimeout(() => this.#go(), wait);
  }

  /** Everything that is due now, and what that makes due. Bounded, so that nothing starves the rest. */
  async tick(): Promise<void> {
    this.#woken = false;
    for (let round = 0; round < MOST_ROUNDS && !this.#stopped; round++) if ((await runDueJobs(this.deps)) === 0) break;
    const now = Date.parse(this.deps.now());
    for (const watch of this.watches) {
      if (this.#stopped || now - (this.#lastLook.get(watch.name) ?? Number.NEGATIVE_INFINITY) < watch.everyMs) continue;
      this.#lastLook.set(watch.name, now);
      await watch
        .look(this.deps)
        .catch((error) =>
          this.deps.log.error({ watch: watch.name, err: error }, 'a look failed; it is tried again in its time'),
        );
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#timer) clearTimeout(this.#timer);
    await this.#running;
    await slowJobsEnded(this.deps);
  }

  /** Everything that is due now with its ends, also of jobs that wait for others: for a world that stands still. */
  async tickToTheEnd(): Promise<void> {
    for (let round = 0; round < MOST_ROUNDS; round++) {
      await this.tick();
      if (!(await slowJobsEnded(this.deps))) return;
    }
  }
}
