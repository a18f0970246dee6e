import { type Asked, addMs, type Decision, type Instant, ofTypes, type Recorded, refuse } from '../../kernel/index.ts';
import type { NoteId, PlaybookOpened, RoomFact } from './facts.ts';
import { openedPlaybook, stepsOfRoom } from './guide.ts';

const SKEW_MS = 5 * 60_000;

export interface Room {
  readonly open: boolean;
  readonly notes: ReadonlySet<NoteId>;
  readonly ticked: ReadonlySet<string>;
  /** The steps the room follows: their texts by their keys. */
  readonly steps: ReadonlyMap<string, string>;
  readonly playbook: PlaybookOpened | null;
}

export function foldRoom(facts: readonly Recorded[]): Room {
  const notes = new Set<NoteId>();
  const ticked = new Set<string>();
  for (const fact of ofTypes<Exclude<RoomFact, { type: 'playbook.opened' }>>(facts, [
    'note.written',
    'decision.recorded',
    'step.ticked',
    'step.unticked',
  ])) {
    if (fact.type === 'step.ticked') ticked.add(fact.data.step);
    else if (fact.type === 'step.unticked') ticked.delete(fact.data.step);
    else notes.add(fact.data.note);
  }
  return {
    open: facts.some((fact) => fact.type === 'incident.declared'),
    notes,
    ticked,
    steps: new Map(stepsOfRoom(facts).map((step) => [step.key, step.text])),
    playbook: openedPlaybook(facts),
  };
}

export interface WriteNote {
  readonly note: NoteId;
  readonly text: string;
  readonly occurredAt: Instant | null;
}

const unknown = () => refuse('incident.unknown', 'There is no such incident. Check the id or the label.');
const tooNew = (want: { readonly occurredAt: Instant | null }, asked: Asked) =>
  want.occurredAt !== null && want.occurredAt > addMs(asked.at, SKEW_MS);
const future = () =>
  refuse('time.in-future', 'This time lies in the future. Check the time and its zone.', '/occurredAt');

/** A note may be added to a closed incident too: late knowledge belongs to the record. */
export function writeNote(room: Room, want: WriteNote, asked: Asked): Decision<RoomFact> {
  if (!room.open) return unknown();
  if (tooNew(want, asked)) return future();
  return room.notes.has(want.note) ? [] : [{ type: 'note.written', data: want }];
}

export function recordDecision(
  room: Room,
  want: WriteNote & { readonly reason: string },
  asked: Asked,
): Decision<RoomFact> {
  if (!room.open) return unknown();
  if (tooNew(want, asked)) return future();
  return room.notes.has(want.note) ? [] : [{ type: 'decision.recorded', data: want }];
}

export function tickStep(room: Room, want: { readonly step: string; readonly done: boolean }): Decision<RoomFact> {
  if (!room.open) return unknown();
  const text = room.steps.get(want.step);
  if (text === undefined)
    return refuse('step.unknown', 'The guide has no such step. Reload the page to see the present guide.', '/step');
  if (room.ticked.has(want.step) === want.done) return [];
  return [{ type: want.done ? 'step.ticked' : 'step.unticked', data: { step: want.step, text } }];
}

/** Another playbook may be opened at any time; ticks stay with their steps, so that what is in both stays done. */
export function openPlaybook(room: Room, want: PlaybookOpened): Decision<RoomFact> {
  if (!room.open) return unknown();
  if (room.playbook?.key === want.key && room.playbook.version === want.version) return [];
  return [{ type: 'playbook.opened', data: want }];
}
