export type { Room, WriteNote } from './commands.ts';
export { foldRoom, recordDecision, tickStep, writeNote } from './commands.ts';
export type { NoteId, RoomFact } from './facts.ts';
export type { Guide, GuideStep, PhaseKey } from './guide.ts';
export { guideAt, PHASES, STEPS } from './guide.ts';
export type { Entry, EntryKind } from './timeline.ts';
export { ENTRY_KINDS, timeline } from './timeline.ts';
