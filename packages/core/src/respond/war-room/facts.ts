import type { Fact, Id, Instant } from '../../kernel/index.ts';
import type { PlaybookContent } from '../../prepare/playbooks/index.ts';

export type NoteId = Id<'not'>;

/** A playbook as it was when the room took it up: later versions change nothing here. */
export interface PlaybookOpened extends PlaybookContent {
  readonly key: string;
  /** Version of one's own playbook, or the edition of a shipped one. */
  readonly version: string;
  /** Why this one: the archetype it was chosen for, or what a person said. */
  readonly because: string;
}

/** Two times: `occurredAt` is when it happened as the writer says, the fact's `at` when it was recorded. */
export type RoomFact =
  | Fact<'note.written', { note: NoteId; text: string; occurredAt: Instant | null }>
  | Fact<'decision.recorded', { note: NoteId; text: string; reason: string; occurredAt: Instant | null }>
  | Fact<'playbook.opened', PlaybookOpened>
  | Fact<'step.ticked', { step: string; text?: string }>
  | Fact<'step.unticked', { step: string; text?: string }>;
