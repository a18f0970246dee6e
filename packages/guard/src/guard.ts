import {
  Allowances,
  type Asking,
  type Compiled,
  compile,
  type HoldInForce,
  isEnforced,
  kindOf,
  type Verdict,
} from '@firebreak/core/respond/containment';
import { ContainedError } from './contained-error.ts';
import { loadCrypto } from './crypto.ts';
import type { Fetch, FetchOptions } from './guarded-fetch.ts';
import { InFlight } from './in-flight.ts';
import { type Applied, Keeper } from './keeper.ts';
import { later } from './later.ts';
import { openLine } from './line.ts';
import { loadNode } from './node.ts';
import { type GuardOptions, keysOf, settingsOf } from './options.ts';
import { loadPatterns } from './patterns-later.ts';
import type { Question } from './question.ts';
import type { ReviewAsked, ReviewDecision, ReviewOptions } from './reviews.ts';
import type { HoldChecked } from './self-check.ts';
import { Tally } from './tally.ts';
import { type AnyFunction, guardRetriever, guardTool, guardTrigger, type ToolOptions } from './wraps.ts';

export type { Asking, Question, Verdict };

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
  /** Capsules applied by hand that are in force. */
  readonly capsules: readonly string[];
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
  /** As `check`, and counts against rate limits: a limit used up is a denial with `retryAfterMs`. Ask once for a request. */
  admit(question: Question): Verdict;
  /** As `check`, without being counted: for looking ahead, or at each piece of an answer. */
  peek(question: Question): Verdict;
  /** Whether answers have to be looked at: something in force judges their words, or the tool calls they ask for. */
  readsAnswers(system?: string): boolean;
  /** Throws ContainedError if it is refused, used up, or waits for a person. */
  enforce(question: Question): Verdict;
  /** The prompt version to use instead of `prompt`; `prompt` itself unless a hold says otherwise. */
  resolvePrompt(prompt: string, question?: Question): string;
  resolveModel(model: string, question?: Question): string;
  /** For the `fetch` option of the OpenAI and Anthropic SDKs. */
  fetch(inner?: Fetch, options?: FetchOptions): Fetch;
  /** Tells the guard of an answer that is running, to have it ended when it is stopped. Returns what to call at its end. */
  track(question: Question, abort: (error: ContainedError) => void): () => void;
  /** A function, or an object with `execute` or `invoke`, that asks before each call and is ended when it is revoked meanwhile. */
  tool<T extends AnyFunction | object>(tool: T, options: ToolOptions): T;
  /** Finds nothing (`empty()`) while its index is turned off. */
  retriever<T extends AnyFunction | object>(
    retriever: T,
    question: Question & { readonly index: string },
    empty?: () => unknown,
  ): T;
  /** What a schedule or trigger starts: gives undefined, without starting, while it is paused. */
  trigger<T extends AnyFunction>(
    start: T,
    question: Question & { readonly trigger: string },
  ): (...given: Parameters<T>) => Promise<Awaited<ReturnType<T>> | undefined>;
  /** Bounds of generation in force (`temperature`, `topP`, `maxTokens`) and `values` of the application's own. */
  settings(question?: Question): NonNullable<Verdict['settings']>;
  /** Has a person decide, and waits. Rejects when Firebreak cannot be asked: that is no approval. */
  review(asked: ReviewAsked, options?: ReviewOptions): Promise<ReviewDecision>;
  /** Whether what is in force is enforced here, tried with made-up requests that are not counted. */
  selfCheck(): Promise<readonly HoldChecked[]>;
  on<E extends keyof GuardEvents>(event: E, listener: GuardEvents[E]): () => void;
  /** Another one after everything that is ordered or let go. In the key of a cache of answers, none of them outlives an order. */
  cacheNamespace(): string;
  stats(): GuardStats;
  /** Resolves when the state in force was received or confirmed by Firebreak; rejects after `timeoutMs`. */
  ready(timeoutMs?: number): Promise<void>;
  close(): void;
}

type Judging = Pick<Compiled, 'check'>;

const always = (verdict: Verdict): Judging => ({ check: () => verdict });

const ALLOWED: Verdict = Object.freeze({ action: 'allow', epoch: 0 });
const UNREACHED: Verdict = Object.freeze({
  action: 'deny',
  message: 'This function is paused until its safety controls can be reached.',
  epoch: 0,
});
const LIMITED = 'There are many requests at the moment. Please try again in a little while.';
const NOTHING: Question = Object.freeze({});
const NOBODY: ReadonlySet<string> = new Set();
const RULES = { isEnforced, kindOf };
const loadSelfCheck = later(() => import('./self-check.ts'));
const loadReviews = later(() => import('./reviews.ts'));
const loadGuardedFetch = later(() => import('./guarded-fetch.ts'));

const judgesWords = ({ what }: HoldInForce): boolean =>
  what.kind === 'block' && (what as { direction?: string }).direction !== 'input';
/** Tools that may not be called, or wait for a person. */
const judgesCalls = ({ what }: HoldInForce): boolean =>
  what.kind === 'revoke' || (what.kind === 'review' && (what as { tools?: unknown }).tools !== undefined);

/** Starts a guard: last known state first, then the connection. Throws TypeError for options that cannot work. */
export async function createGuard(options: GuardOptions): Promise<Guard> {
  const host = (await loadNode('node:os'))?.hostname() ?? '';
  const settings = settingsOf(options, host);
  const crypto = await loadCrypto();
  const file =
    options.stateFile === undefined
      ? undefined
      : await (await import('./state-file.ts')).openStateFile(options.stateFile);
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

  const boot = always(settings.bootFailMode === 'allow' ? ALLOWED : UNREACHED);
  const refuseAll = always(UNREACHED);
  let judging: Judging = boot;
  let answersRead: ReadonlySet<string> = NOBODY;
  const everywhere = settings.system === '*';
  const home = settings.system;

  const keeper = new Keeper(settings.system, keysOf(options.trustedKeys), crypto, file, fault);
  function settle(): void {
    const { holds, enforced } = keeper;
    // A capsule alone says what is refused, not what is allowed.
    const known = keeper.applied !== undefined || settings.bootFailMode === 'allow';
    judging = (stale || keeper.behind) && settings.failMode === 'deny' ? refuseAll : (known && enforced) || boot;
    answersRead = new Set(holds.filter((hold) => judgesWords(hold) || judgesCalls(hold)).map(({ system }) => system));
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
    emit('change', { generation: snapshot.generation, epoch: snapshot.epoch, holds: keeper.holds.length });
  }

  await keeper.restore();
  settle();
  // What a coming order may need is there before it comes.
  loadPatterns().catch((error) => fault(error.message));

  const waiting = new Set<() => void>();
  const line = openLine(settings, keeper, tally, {
    applied,
    heard() {
      heardOnce = true;
      for (const go of waiting) go();
      waiting.clear();
      if (!stale) return;
      stale = false;
      settle();
      emit('fresh');
    },
    changed() {
      settle();
      judgeFlights();
    },
    stale() {
      stale = true;
      settle();
      judgeFlights();
      emit('stale');
    },
    fault,
    async check(asked) {
      const held = keeper.applied;
      const holds = held?.snapshot.holds.filter(({ hold }) => asked.includes(hold)) ?? [];
      const { checkHolds } = await loadSelfCheck();
      return checkHolds(RULES, holds, held?.compiled.unsupported ?? [], judge, options.atTheDoor);
    },
    async try(hold) {
      await keeper.prepare(hold);
      const { tryHold } = await loadSelfCheck();
      return tryHold(RULES, compile, keeper.applied?.snapshot, hold);
    },
  });

  function peek(question: Question): Verdict {
    try {
      return judge(question.system ?? home, question);
    } catch {
      tally.faults += 1;
      return boot.check('', NOTHING);
    }
  }
  function check(question: Question): Verdict {
    tally.checks += 1;
    const verdict = peek(question);
    if (verdict.action !== 'allow') contained(verdict);
    return verdict;
  }

  const allowances = new Allowances();
  function admit(question: Question): Verdict {
    const verdict = check(question);
    if (verdict.limits === undefined || verdict.action === 'deny') return verdict;
    const out = allowances.take(verdict.limits, question.subject, performance.now());
    if (out === undefined) return verdict;
    const { message = LIMITED, epoch, incident } = verdict;
    const denied: Verdict = {
      action: 'deny',
      hold: out.limit.hold,
      ...(incident === undefined ? {} : { incident }),
      message,
      retryAfterMs: out.retryAfterMs,
      epoch,
    };
    contained(denied);
    return denied;
  }

  const guard: Guard = {
    instance: settings.instance,
    check,
    admit,
    peek,
    readsAnswers: (system = home) => answersRead.has(system),
    enforce(question) {
      const verdict = admit(question);
      if (verdict.action === 'deny' || verdict.action === 'review') throw new ContainedError(verdict);
      return verdict;
    },
    resolvePrompt: (prompt, question = NOTHING) => check({ ...question, prompt }).to?.prompt ?? prompt,
    resolveModel: (model, question = NOTHING) => check({ ...question, model }).to?.model ?? model,
    fetch(inner = globalThis.fetch, fetchOptions) {
      let guarded: Fetch | undefined;
      const load = async (): Promise<Fetch> => {
        const { guardedFetch } = await loadGuardedFetch();
        guarded ??= guardedFetch(
          inner,
          {
            system: home,
            admit,
            check,
            peek,
            readsAnswers: () => answersRead.size > 0,
            fly: (flight) => inFlight.add(flight),
          },
          fetchOptions,
        );
        return guarded;
      };
      // From now on, so that a broken installation is known before a request needs it. Unguarded nothing is sent.
      load().catch((error) => fault(error.message));
      return async (input, init) => (guarded ?? (await load()))(input, init);
    },
    track: (question, abort) => inFlight.add({ system: question.system ?? home, asking: question, abort }),
    tool: (tool, toolOptions) => guardTool(guard, tool, toolOptions),
    retriever: (retriever, question, empty) => guardRetriever(guard, retriever, question, empty),
    trigger: (start, question) => guardTrigger(guard, start, question),
    settings: (question = NOTHING) => check(question).settings ?? {},
    review: async (asked, reviewOptions) => (await loadReviews()).askReview(settings, asked, reviewOptions),
    async selfCheck() {
      const { checkHolds } = await loadSelfCheck();
      const { holds, enforced } = keeper;
      return enforced === undefined ? [] : checkHolds(RULES, holds, enforced.unsupported, judge);
    },
    on(event, listener) {
      listeners[event].add(listener);
      return () => listeners[event].delete(listener);
    },
    cacheNamespace() {
      const { generation = 0, epoch = 0 } = keeper.applied?.snapshot ?? {};
      return [generation, epoch, ...keeper.capsules].join('.');
    },
    stats() {
      const { generation = null, epoch = null } = keeper.applied?.snapshot ?? {};
      const { instance } = settings;
      const { checks, refused, rerouted, faults } = tally;
      return {
        instance,
        transport: line.transport,
        stale,
        generation,
        epoch,
        holds: keeper.holds.length,
        unsupported: keeper.enforced?.unsupported ?? [],
        capsules: keeper.capsules,
        checks,
        refused,
        rerouted,
        faults,
        inFlight: inFlight.size,
        lastFault,
      };
    },
    ready(timeoutMs = 10_000) {
      return new Promise((resolve, reject) => {
        if (heardOnce) return resolve();
        const go = () => {
          clearTimeout(timer);
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
