import type { RequestContext } from '@firebreak/core/respond/containment';
import written from './capsules.json' with { type: 'json' };

/** A capsule as somebody applied it, and what a request meets then on an instance that has no other state and allows by default. */
export interface CapsuleVector {
  readonly name: string;
  /** Of the instance. */
  readonly system: string;
  readonly appliedAt: string;
  readonly payload: unknown;
  /** Signed by a key that the instance does not believe. */
  readonly otherKey?: boolean;
  readonly request: RequestContext;
  readonly expect: 'allow' | 'deny';
}

/** Guards of every language and the gateway answer all of these alike. */
export const capsuleVectors = written as unknown as readonly CapsuleVector[];
