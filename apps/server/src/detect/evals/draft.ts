import { CASE_LIMITS, type EvalCase } from '@firebreak/core/detect/evals';
import type { Interaction } from '@firebreak/core/detect/signals';

/**
 * A case that asks again what somebody asked: the messages up to the last question, and the passages the answer rested on.
 * What is right is for a person to say, so nothing is checked yet except that it answers. Null: no question was captured.
 */
export function draftFrom(
  it: Interaction,
): { system: string; feature: string | null; answered: string | null; case: EvalCase } | null {
  const messages = it.input ?? [];
  const last = messages.findLastIndex(({ role }) => role === 'user');
  if (last === -1) return null;
  const input = messages
    .slice(0, last + 1)
    .filter(({ role }) => role === 'user' || role === 'assistant')
    .slice(-CASE_LIMITS.messages)
    .map(({ role, content }) => ({ role, content: content.slice(0, 4_000) }));
  return {
    system: it.system,
    feature: it.feature,
    answered: it.output,
    case: {
      id: it.id,
      title: '',
      input,
      expect: 'answer',
      checks: [],
      judge: null,
      cluster: null,
      tags: [],
      sources: (it.retrieved ?? [])
        .slice(0, CASE_LIMITS.sources)
        .flatMap(({ text }) => (text === '' ? [] : [text.slice(0, 20_000)])),
      from: it.id,
      probe: null,
    },
  };
}
