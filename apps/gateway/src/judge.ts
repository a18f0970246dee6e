import type { Verdict } from '@firebreak/core/respond/containment';
import type { Question } from '@firebreak/guard';
import { callsIn, streamReader, wordsOf } from '@firebreak/guard/calls';
import type { GatewayGuard } from './options.ts';

/** What the words of an answer and the tool calls it asks for meet: the verdict that stops it, if one does. */
function judgeParts(guard: GatewayGuard, question: Question, text: string, calls: readonly string[]) {
  const said: Question = { ...question, text, attachments: undefined, direction: 'output', running: true };
  const words = text === '' ? undefined : guard.peek(said);
  if (words?.action === 'deny') return guard.check(said);
  for (const tool of calls) {
    const asked: Question = { ...question, text: undefined, attachments: undefined, tool };
    const { action } = guard.peek(asked);
    if (action === 'deny' || action === 'review') return guard.check(asked);
  }
  return undefined;
}

/** Judges a whole answer; what is no JSON is judged as it stands. */
export function judgeWhole(guard: GatewayGuard, question: Question, text: string): Verdict | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return judgeParts(guard, question, text, []);
  }
  return judgeParts(guard, question, wordsOf(value), callsIn(value));
}

/** Judges a streamed answer event by event. An event is judged before any of it is passed on. */
export const streamJudge = (guard: GatewayGuard, question: Question): ((chunk: Uint8Array) => Verdict | undefined) =>
  streamReader((text, calls) => judgeParts(guard, question, text, calls));
