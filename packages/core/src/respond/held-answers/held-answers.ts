import {
  type Asked,
  addMs,
  type Decision,
  type Fact,
  type Id,
  type Instant,
  type Recorded,
  refuse,
} from '../../kernel/index.ts';

export type HeldId = Id<'hda'>;

/** An answer before it is given, or a call before it is made, as the application submitted it. */
export interface Submitted {
  readonly system: string;
  readonly instance: string;
  readonly feature: string | null;
  /** The hold that asks for a person, where the application says which. */
  readonly hold: string | null;
  /** Which reviewers; empty: those of the system. */
  readonly queue: string;
  /** What was asked of the system. */
  readonly question: string | null;
  readonly text: string | null;
  readonly tool: string | null;
  /** JSON text of the arguments. */
  readonly arguments: string | null;
}

export const DECISIONS = ['approved', 'edited', 'declined'] as const;
export type HeldDecision = (typeof DECISIONS)[number];
export type HeldState = 'pending' | HeldDecision | 'timed-out';

/** Each on a stream of its own. Question, text and arguments may be personal. */
export type HeldFact =
  | Fact<'answer.held', Submitted & { readonly held: HeldId }>
  | Fact<
      'answer.decided',
      { readonly held: HeldId; readonly as: HeldDecision; readonly text: string | null; readonly reason: string | null }
    >
  /** Nobody decided while the application waited. It was given no approval. */
  | Fact<'answer.lapsed', { readonly held: HeldId }>;
export const HELD_FACTS = ['answer.held', 'answer.decided', 'answer.lapsed'] as const satisfies HeldFact['type'][];

export interface HeldAnswer extends Submitted {
  readonly held: HeldId;
  readonly state: HeldState;
  readonly at: Instant;
  readonly decidedAt: Instant | null;
  readonly decidedBy: Asked['by'] | null;
  /** What is said instead, where it was edited. */
  readonly instead: string | null;
  readonly reason: string | null;
}

export function stepHeld(before: HeldAnswer | undefined, recorded: Recorded): HeldAnswer | undefined {
  const fact = recorded as Recorded<HeldFact>;
  switch (fact.type) {
    case 'answer.held':
      return {
        ...fact.data,
        state: 'pending',
        at: fact.at,
        decidedAt: null,
        decidedBy: null,
        instead: null,
        reason: null,
      };
    case 'answer.decided':
      return (
        before && {
          ...before,
          state: fact.data.as,
          decidedAt: fact.at,
          decidedBy: fact.by,
          instead: fact.data.text,
          reason: fact.data.reason,
        }
      );
    case 'answer.lapsed':
      return before && { ...before, state: 'timed-out', decidedAt: fact.at };
    default:
      return before;
  }
}

export const foldHeld = (facts: readonly Recorded[]): HeldAnswer | undefined =>
  facts.reduce<HeldAnswer | undefined>(stepHeld, undefined);

/** An application asks at least every 25 s while it waits; who has not for this long waits no more. */
export const UNASKED_MS = 60_000;
/** An answer that has waited for so long, or was given up undecided, is told to whoever is paged. */
export const LATE_MS = 120_000;
/** Of one system people are told no oftener than this. */
export const TOLD_AGAIN_MS = 15 * 60_000;
/** Answers of one system that may wait at a time. */
export const MOST_WAITING = 200;

export function holdAnswer(held: HeldId, submitted: Submitted, waiting: number): Decision<HeldFact> {
  if (waiting >= MOST_WAITING)
    return refuse(
      'held-answer.full',
      `${waiting} answers of ${submitted.system} wait for a person already. This one was not taken: it is not approved.`,
    );
  if (submitted.text === null && submitted.tool === null)
    return refuse('held-answer.empty', 'Submit the answer as `text`, or the call as `tool` with `arguments`.');
  return [{ type: 'answer.held', data: { ...submitted, held } }];
}

/** `text`: what is said instead; only and always with `edited`. A call cannot be edited. */
export function decideHeld(
  before: HeldAnswer | undefined,
  { as, text, reason }: { readonly as: HeldDecision; readonly text: string | null; readonly reason: string | null },
): Decision<HeldFact> {
  if (before === undefined) return unknownHeld();
  if (before.state === 'timed-out')
    return refuse(
      'held-answer.decided',
      'Nobody waits for this answer any more: the application gave up, without an approval.',
    );
  if (before.state !== 'pending') return refuse('held-answer.decided', 'Somebody else has decided this already.');
  if (as === 'edited' && before.text === null)
    return refuse('held-answer.cannot-edit', 'A call is approved or declined as it is. Decline it, and say why.');
  if (as === 'edited' && (text === null || text.trim() === ''))
    return refuse('held-answer.cannot-edit', 'Say what the answer is to be instead.');
  return [{ type: 'answer.decided', data: { held: before.held, as, text: as === 'edited' ? text : null, reason } }];
}

export const unknownHeld = () =>
  refuse('held-answer.unknown', 'No answer that waits, or has waited, has this id. List them to see those there are.');

/** `waitedFor`: when the application last asked. */
export function lapseHeld(before: HeldAnswer | undefined, waitedFor: Instant, now: Instant): readonly HeldFact[] {
  if (before?.state !== 'pending' || addMs(waitedFor, UNASKED_MS) > now) return [];
  return [{ type: 'answer.lapsed', data: { held: before.held } }];
}
