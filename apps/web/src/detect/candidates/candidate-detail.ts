import type { AnswerOf } from '@firebreak/contract';
import type { candidates } from '@firebreak/contract/detect/candidates';

export type CandidateDetail = AnswerOf<typeof candidates.readCandidate>;
