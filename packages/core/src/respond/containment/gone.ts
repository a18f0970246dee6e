import { type Asked, type Decision, type Id, refuse } from '../../kernel/index.ts';
import type { Containment } from './containment.ts';
import type { ContainmentFact, SaidGone } from './facts.ts';

/** An instance that does not answer, of which somebody says that it is gone. */
export interface Unanswering {
  readonly hold: Id<'hld'>;
  readonly system: string;
  readonly instance: string;
  readonly host: string;
}

/**
 * A person says that an instance is gone, and answers for it: no order waits for it until it is heard. The same once more
 * records nothing. Refuses `hold.unknown`, `hold.already-lifted`, `hold.person-needed`.
 */
export function sayGone(
  state: Containment,
  want: Unanswering & { readonly reason: string },
  asked: Asked,
): Decision<ContainmentFact> {
  const hold = state.holds.get(want.hold);
  if (hold === undefined) return refuse('hold.unknown', 'This incident has no such hold.', '/hold');
  if (hold.state !== 'active')
    return refuse('hold.already-lifted', `This hold was ${hold.state}: it waits for nobody.`);
  if (asked.by.kind !== 'person')
    return refuse('hold.person-needed', 'A person has to say that an instance is gone, signed in; an API key cannot.');
  if (hold.gone?.some(({ instance }) => instance === want.instance)) return [];
  return [{ type: 'containment.written-off', data: want }];
}

/** It was heard all the same. Also once the hold is over: what somebody said was not so. Once for each time it was said. */
export function hearAgain(state: Containment, want: Unanswering, _asked: Asked): Decision<ContainmentFact> {
  const said = state.holds.get(want.hold)?.gone?.find(({ instance }) => instance === want.instance);
  if (said === undefined) return [];
  return [{ type: 'containment.heard-again', data: { ...want, saidAt: said.at, saidBy: said.by } }];
}

const NAMED = 5;

/** `1 instance is said to be gone: bot-7 (“its host was switched off”).`; empty: of none is it said. */
export function goneWords(gone: readonly Pick<SaidGone, 'instance' | 'reason'>[]): string {
  if (gone.length === 0) return '';
  const named = gone.slice(0, NAMED).map(({ instance, reason }) => `${instance} (“${reason}”)`);
  const more = gone.length > NAMED ? ` and ${gone.length - NAMED} more` : '';
  return `${gone.length} ${gone.length === 1 ? 'instance is' : 'instances are'} said to be gone: ${named.join(', ')}${more}.`;
}
