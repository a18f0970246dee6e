import { nextDue, runDueJobs, slowJobsEnded } from './jobs.ts';
import type { Deps, Watch } from './slice.ts';

const LONGEST_WAIT_MS = 1_000;
const MOST_ROUNDS = 1_000;
/** Many wakes in a moment make one look of those that run beside the loop. */
const SOON_MS = 20;

/** The one loop: does due jobs, looks at what has to be looked at, then sleeps until the next thing is due. */
export class Ticker {
  readonly #lastLook = new Map<string, number>();
  /** Watches that are looked at beside the loop now, and whether they are asked for once more. */
  readonly #beside = new Map<Watch, { readonly ended: Promise<void>; again: boolean }>();
  #timer: NodeJS.Timeout | null = null;
  #soon: NodeJS.Timeout | null = null;
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
    if (this.#running) {
      this.#soon ??= setTimeout(() => {
        this.#soon = null;
        this.#lookBeside();
      }, SOON_MS);
      return;
    }
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#go(), 0);
  }

  #go(): void {
    this.#lookBeside();
    this.#running = this.#round(this.watches.filter(({ beside }) => !beside))
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

  #lookBeside(): void {
    for (const watch of this.watches) {
      if (!watch.beside) continue;
      const running = this.#beside.get(watch);
      if (running === undefined) this.#lookBesideAt(watch);
      else running.again = true;
    }
  }

  #lookBesideAt(watch: Watch): void {
    if (this.#stopped || !this.#isDue(watch)) return;
    const ended = this.#look(watch).then(() => {
      const { again } = this.#beside.get(watch)!;
      this.#beside.delete(watch);
      // This one only: two that ask each other again would never come to rest.
      if (again) this.#lookBesideAt(watch);
    });
    this.#beside.set(watch, { ended, again: false });
  }

  #isDue({ name, everyMs }: Watch): boolean {
    const now = Date.parse(this.deps.now());
    const since = now - (this.#lastLook.get(name) ?? Number.NEGATIVE_INFINITY);
    // A clock that was set back must not keep a watch from looking until it has caught up.
    if (since >= 0 && since < everyMs) return false;
    this.#lastLook.set(name, now);
    return true;
  }

  #look(watch: Watch): Promise<void> {
    return watch
      .look(this.deps)
      .catch((error) =>
        this.deps.log.error({ watch: watch.name, err: error }, 'a look failed; it is tried again in its time'),
      );
  }

  /** Everything that is due now, and what that makes due. Bounded, so that nothing starves the rest. */
  async #round(watches: readonly Watch[]): Promise<void> {
    this.#woken = false;
    for (let round = 0; round < MOST_ROUNDS && !this.#stopped; round++) if ((await runDueJobs(this.deps)) === 0) break;
    for (const watch of watches) if (!this.#stopped && this.#isDue(watch)) await this.#look(watch);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#timer) clearTimeout(this.#timer);
    if (this.#soon) clearTimeout(this.#soon);
    await this.#running;
    await Promise.all([...this.#beside.values()].map(({ ended }) => ended));
    await slowJobsEnded(this.deps);
    for (const { name, close } of this.watches)
      await close?.(this.deps).catch((error) =>
        this.deps.log.warn({ watch: name, err: error }, 'did not close cleanly'),
      );
  }

  /**
   * Everything that is due now with its ends, also of jobs that wait for others: for a world that stands still. Nothing is
   * looked at beside anything else here.
   */
  async tickToTheEnd(): Promise<void> {
    for (let round = 0; round < MOST_ROUNDS; round++) {
      await this.#round(this.watches);
      if (await slowJobsEnded(this.deps)) continue;
      const next = await nextDue(this.deps);
      if (next === null || next > this.deps.now()) return;
    }
  }
}
