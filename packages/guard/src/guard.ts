import type { Asking, Compiled, Verdict } from '@firebreak/core/respond/containment';
import { ContainedError } from './contained-error.ts';
import { loadCrypto } from './crypto.ts';
import { type Fetch, type FetchOptions, guardedFetch } from './guarded-fetch.ts';
import { InFlight } from './in-flight.ts';
import { type Applied, Keeper } from './keeper.ts';
import { Line } from './line.ts';
import { loadNode } from './node.ts';
import { type GuardOptions, keysOf, settingsOf } from './options.ts';
import { openStateFile } from './state-file.ts';
import { Tally } from './tally.ts';

export type { Asking, Verdict };

/** What is asked: `system` only by a guard of all systems. */
export interface Question extends Asking {
  readonly system?: string;
}

export interface GuardEvents {
  /** The state in force has changed. */
  change: (state: { readonly generation: number; readonly epoch: number; readonly holds: number }) => void;
  /** Contact was lost for two beats; last known holds stay. */
  stale: () => void;
  fresh: () => void;
  /** Something was refused, re-routed or ended while running. */
  contained: (verdict: Verdict) => void;
  /** For the log of the application; the guard goes on. */
  fault: (why: string) => void;
}

export interface GuardStats {
  readonly instance: string;
  readonly transport: 'socket' | 'poll' | 'none';
  readonly stale: boolean;
  readonly generation: number | null;
  readonly epoch: number | null;
  readonly holds: number;
  readonly unsupported: readonly string[];
  readonly checks: number;
  readonly refused: number;
  readonly rerouted: number;
  readonly faults: number;
  readonly inFlight: number;
  readonly lastFault: string | null;
}

export interface Guard {
  readonly instance: string;
  /** May this request run? Synchronous, never throws, allocates nothing while nothing applies. */
  check(question: Question): Verdict;
  /** Throws ContainedError if not. */
  enforce(question: Question): Verdict;
  /** The prompt version to use instead of `prompt`; `prompt` itself unless a hold says otherwise. */
  resolvePrompt(prompt: string, question?: Question): string;
  resolveModel(model: string, question?: Question): string;
  /** For the `fetch` option of the OpenAI and Anthropic SDKs. */
  fetch(inner?: Fetch, options?: FetchOptions): Fetch;
  /** Tells the guard of an answer that is running, to have it ended when it is stopped. Returns what to call at its end. */
  track(question: Question, abort: (error: ContainedError) => void): () => void;
  on<E extends keyof GuardEvents>(event: E, listener: GuardEvents[E]): () => void;
  stats(): GuardStats;
  /** Resolves when the state in force was received or confirmed by Firebreak; rejects after `timeoutMs`. */
  ready(timeoutMs?: number): Promise<void>;
  close(): void;
}

type Judging = Pick<Compiled, 'check'>;

function always(action: 'allow' | 'deny', message: string): Judging {
  const verdict: Verdict = Object.freeze(action === 'allow' ? { action, epoch: 0 } : { action, message, epoch: 0 });
  return { check: () => verdict };
}

const UNKNOWN_STATE = 'This function is paused until its safety controls can be reached.';
const NOTHING: Question = Object.freeze({});

/** Starts a guard: last known state first, then the connection. Throws TypeError for options that cannot work. */
export async function createGuard(options: GuardOptions): Promise<Guard> {
  const host = (await loadNode('os'))?.hostname() ?? '';
  const settings = settingsOf(options, host);
  const crypto = await loadCrypto();
  const file = options.stateFile === undefined ? undefined : await openStateFile(options.stateFile);
  const listeners: { [E in keyof GuardEvents]: Set<GuardEvents[E]> } = {
    change: new Set(),
    stale: new Set(),
    fresh: new Set(),
    contained: new Set(),
    fault: new Set(),
  };
  const tally = new Tally();
  const inFlight = new InFlight();
  let lastFault: string | null = null;
  let stale = false;
  let heardOnce = false;

  /** A listener that throws is the application's affair; the guard goes on. */
  function emit<E extends keyof GuardEvents>(event: E, ...given: Parameters<GuardEvents[E]>): void {
    for (const listener of listeners[event]) {
      try {
        (listener as (...all: Parameters<GuardEvents[E]>) => void)(...given);
      } catch {
        tally.faults += 1;
      }
    }
  }
  function fault(why: string): void {
    lastFault = why;
    emit('fault', why);
  }

  const boot = always(settings.bootFailMode, UNKNOWN_STATE);
  const refuseAll = always('deny', UNKNOWN_STATE);
  let judging: Judging = boot;
  const everywhere = settings.system === '*';
  const home = settings.system;

  const keeper = new Keeper(settings.system, keysOf(options.trustedKeys), crypto, file, fault);
  function settle(): void {
    judging = stale && settings.failMode === 'deny' ? refuseAll : (keeper.applied?.compiled ?? boot);
  }
  /** Of a system it does not hold the state of, a guard cannot say yes. */
  function judge(system: string, asking: Asking): Verdict {
    const knows = everywhere ? system !== '*' : system === home;
    return (knows ? judging : refuseAll).check(system, asking);
  }
  function contained(verdict: Verdict): void {
    tally.count(verdict);
    if (listeners.contained.size > 0) emit('contained', verdict);
  }
  function judgeFlights(): void {
    if (inFlight.size > 0) inFlight.judge(judge, contained);
  }
  function applied({ snapshot }: Applied): void {
    settle();
    judgeFlights();
    emit('change', { generation: snapshot.generation, epoch: snapshot.epoch, holds: snapshot.holds.length });
  }

  await keeper.restore();
  settle();

  const waiting = new Set<() => void>();
  const line = new Line(settings, keeper, tally, {
    applied,
    heard() {
      heardOnce = true;
      for (const go of waiting) go();
      if (!stale) return;
      stale = false;
      settle();
      emit('fresh');
    },
    stale() {
      stale = true;
      settle();
      judgeFlights();
      emit('stale');
    },
    fault,
  });

  function check(question: Question): Verdict {
    tally.checks += 1;
    try {
      const verdict = judge(question.system ?? home, question);
      if (verdict.action !== 'allow') contained(verdict);
      return verdict;
    } catch {
      tally.faults += 1;
      return boot.check('', NOTHING);
    }
  }

  const guard: Guard = {
    instance: settings.instance,
    check,
    enforce(question) {
      const verdict = check(question);
      if (verdict.action === 'deny') throw new ContainedError(verdict);
      return verdict;
    },
    resolvePrompt: (prompt, question = NOTHING) => check({ ...question, prompt }).to?.prompt ?? prompt,
    resolveModel: (model, question = NOTHING) => check({ ...question, model }).to?.model ?? model,
    fetch: (inner = globalThis.fetch, fetchOptions) =>
      guardedFetch(inner, { system: home, check, fly: (flight) => inFlight.add(flight) }, fetchOptions),
    track: (question, abort) => inFlight.add({ system: question.system ?? home, asking: question, abort }),
    on(event, listener) {
      listeners[event].add(listener);
      return () => listeners[event].delete(listener);
    },
    stats() {
      const held = keeper.applied;
      return {
        instance: settings.instance,
        transport: line.transport,
        stale,
        generation: held?.snapshot.generation ?? null,
        epoch: held?.snapshot.epoch ?? null,
        holds: held?.snapshot.holds.length ?? 0,
        unsupported: held?.compiled.unsupported ?? [],
        checks: tally.checks,
        refused: tally.refused,
        rerouted: tally.rerouted,
        faults: tally.faults,
        inFlight: inFlight.size,
        lastFault,
      };
    },
    ready(timeoutMs = 10_000) {
      if (heardOnce) return Promise.resolve();
      return new Promise((resolve, reject) => {
        const go = () => {
          clearTimeout(timer);
          waiting.delete(go);
          resolve();
        };
        const timer = setTimeout(() => {
          waiting.delete(go);
          reject(
            new Error(
              `no state from ${settings.url} within ${timeoutMs} ms${lastFault === null ? '' : `: ${lastFault}`}`,
            ),
          );
        }, timeoutMs);
        waiting.add(go);
      });
    },
    close: () => line.close(),
  };
  return guard;
}
