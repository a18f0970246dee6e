import type { Verdict } from '@firebreak/core/respond/containment';

/** Thrown by `enforce`, and what a running answer ends with when its feature is stopped. Never named AbortError: SDKs end those in silence. */
export class ContainedError extends Error {
  override readonly name = 'ContainedError';
  /** 403, or 429 where a limit is used up. */
  readonly status: 403 | 429;
  readonly verdict: Verdict;

  /** By name: what is built on the guard brings a copy of this class in its own file. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === 'ContainedError';
  }

  constructor(verdict: Verdict) {
    super(verdict.message ?? 'This function is paused at the moment.');
    this.verdict = verdict;
    this.status = verdict.retryAfterMs === undefined ? 403 : 429;
  }

  get hold(): string | undefined {
    return this.verdict.hold;
  }

  get incident(): string | undefined {
    return this.verdict.incident;
  }
}
