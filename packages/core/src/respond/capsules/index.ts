export type { CapsuleFact, CapsuleKept, CapsuleMade } from './capsules.ts';
export {
  adoptCapsule,
  CAPSULE_DAYS,
  CAPSULE_FACTS,
  capsuleOf,
  endCapsule,
  foldCapsules,
  makeCapsule,
  noteApplied,
  stepCapsule,
} from './capsules.ts';
