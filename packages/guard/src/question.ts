import type { Asking } from '@firebreak/core/respond/containment';

/** What is asked: `system` only by a guard of all systems. */
export interface Question extends Asking {
  readonly system?: string;
}
