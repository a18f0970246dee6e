import type { Fact, Id, Instant } from '../../kernel/index.ts';

export type NoteId = Id<'not'>;

/** Two times: `occurredAt` is when it happened as the writer says, the fact's `at` when it was recorded. */
export type RoomFact =
  | Fact<'note.written', { note: NoteId; text: string; occurredAt: Instant | null }>
  | Fact<'decision.recorded', { note: NoteId; text: string; reason: string; occurredAt: Instant | null }>
  | Fact<'step.ticked', { step: string }>
  | Fact<'step.unticked', { step: string }>;
