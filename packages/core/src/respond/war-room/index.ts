export type { Room, WriteNote } from './commands.ts';
export { foldRoom, openPlaybook, recordDecision, tickStep, writeNote } from './commands.ts';
export type { NoteId, PlaybookOpened, RoomFact } from './facts.ts';
export type { Deadline, Deadlines, Guide, GuideStep } from './guide.ts';
export { deadlinesOf, guideAt, openedPlaybook, stepsOfRoom } from './guide.ts';
export type { Entry, EntryKind } from './timeline.ts';
export { ENTRY_KINDS, timeline } from './timeline.ts';
