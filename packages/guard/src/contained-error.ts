import type { Verdict } from '@firebreak/core/respond/containment';

/** Thrown by `enforce`, and what a running answer ends with when its feature is stopped. Never named AbortError: SDKs end those in silence. */
export class ContainedError extends Error {
  override readonly name = 'ContainedError';
  readonly status = 403;
  readonly verdict: Verdict;

  constructor(verdict: Verdict) {
    super(verdict.message ?? 'This function is paused at the moment.');
    this.verdict = verdict;
  }

  get hold(): string | undefined {
    return this.verdict.hold;
  }

  get incident(): string | undefined {
    return this.verdict.incident;
  }
}
