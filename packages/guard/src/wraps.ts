import type { Verdict } from '@firebreak/core/respond/containment';
import { ContainedError } from './contained-error.ts';
import type { Question } from './question.ts';
import type { ReviewAsked, ReviewDecision } from './reviews.ts';

// biome-ignore lint/suspicious/noExplicitAny: any function, whatever it takes.
export type AnyFunction = (...given: any[]) => any;

export interface ToolOptions extends Question {
  readonly tool: string;
  /** Waits for a person where one has to look first; without it such a call is refused. */
  readonly waitForReview?: boolean;
}

/** What wrappers need of a guard. */
export interface Asked {
  admit(question: Question): Verdict;
  track(question: Question, abort: (error: ContainedError) => void): () => void;
  review(asked: ReviewAsked): Promise<ReviewDecision>;
}

/** Resolves when the call may be made; throws ContainedError. */
export async function allowed(
  guard: Asked,
  { waitForReview, ...question }: ToolOptions,
  given: unknown,
): Promise<void> {
  const verdict = guard.admit(question);
  if (verdict.action === 'deny') throw new ContainedError(verdict);
  if (verdict.action !== 'review') return;
  if (waitForReview !== true) throw new ContainedError(verdict);
  const { tool, feature, subject } = question;
  const decision = await guard.review({
    tool,
    arguments: given,
    feature,
    subject,
    hold: verdict.hold,
    queue: verdict.review ?? '',
  });
  // A call cannot be edited: only a plain yes lets it be made.
  if (decision.state !== 'approved') throw new ContainedError(verdict);
  const again = guard.admit(question);
  if (again.action === 'deny') throw new ContainedError(again);
}

/** What runs, or the error of the order that stops it meanwhile. */
export async function whileAllowed<T>(guard: Asked, question: Question, run: () => T | PromiseLike<T>): Promise<T> {
  let landed: () => void = () => undefined;
  const stopped = new Promise<never>((_, reject) => {
    landed = guard.track(question, reject);
  });
  try {
    return await Promise.race([run(), stopped]);
  } finally {
    landed();
  }
}

/** A function, or an object with `execute` or `invoke` (AI SDK, LangChain), that asks before each call. */
export function guardTool<T extends AnyFunction | object>(guard: Asked, tool: T, options: ToolOptions): T {
  const { waitForReview: _, ...question } = options;
  return wrapped(tool, ['execute', 'invoke'], (call) => async (...given) => {
    await allowed(guard, options, given[0]);
    return whileAllowed(guard, question, () => call(...given));
  });
}

/** Gives back nothing found while the index is turned off. */
export function guardRetriever<T extends AnyFunction | object>(
  guard: Asked,
  retriever: T,
  question: Question & { readonly index: string },
  empty: () => unknown = () => [],
): T {
  const methods = ['invoke', 'retrieve', 'getRelevantDocuments', 'similaritySearch', 'query'];
  return wrapped(retriever, methods, unlessStopped(guard, question, empty));
}

/** Does not start what starts by itself while it is paused. */
export function guardTrigger<T extends AnyFunction>(
  guard: Asked,
  start: T,
  question: Question & { readonly trigger: string },
): (...given: Parameters<T>) => Promise<Awaited<ReturnType<T>> | undefined> {
  return wrapped(
    start,
    [],
    unlessStopped(guard, question, () => undefined),
  );
}

type Around = (call: AnyFunction) => AnyFunction;

/** What is stopped, or waits for a person, is not called. */
const unlessStopped =
  (guard: Asked, question: Question, instead: () => unknown): Around =>
  (call) =>
  async (...given) => {
    const { action } = guard.admit(question);
    return action === 'deny' || action === 'review' ? instead() : call(...given);
  };

/** A function with something around it; or the very object but for the methods named. */
function wrapped<T extends AnyFunction | object>(object: T, methods: readonly string[], around: Around): T {
  if (typeof object === 'function')
    return function guarded(this: unknown, ...given: unknown[]) {
      return around((object as AnyFunction).bind(this))(...given);
    } as T;
  const mine = new Map<unknown, AnyFunction>();
  for (const name of methods) {
    const method = (object as Record<string, unknown>)[name];
    if (typeof method === 'function') mine.set(name, around(method.bind(object)));
  }
  if (mine.size === 0) throw new TypeError(`the guard finds none of ${methods.join(', ')} here to wrap`);
  return new Proxy(object, {
    get(target, name) {
      const value = mine.get(name) ?? Reflect.get(target, name, target);
      return typeof value === 'function' && name !== 'constructor' && !mine.has(name) ? value.bind(target) : value;
    },
  });
}
