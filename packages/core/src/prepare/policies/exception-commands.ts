import {
  type Actor,
  type Asked,
  addMs,
  type Decision,
  type Instant,
  type Refusal,
  refuse,
} from '../../kernel/index.ts';
import {
  type ExceptionFact,
  type ExceptionId,
  endOf,
  exceptionState,
  LONGEST_EXCEPTION_DAYS,
  MOST_OPEN_EXCEPTIONS,
  type PolicyException,
} from './exceptions.ts';
import { isBound, livePolicy, type Policy } from './policy.ts';

const LONGEST_MS = LONGEST_EXCEPTION_DAYS * 86_400_000;

const badEnd = (until: Instant, now: Instant): Refusal | null =>
  until > now && until <= addMs(now, LONGEST_MS)
    ? null
    : refuse(
        'exception.bad-expiry',
        `An exception ends, at most ${LONGEST_EXCEPTION_DAYS} days from now. Choose a later day than today within that; it can be renewed with a reason.`,
        '/until',
      );

type AskException = Extract<ExceptionFact, { type: 'exception.asked' }>['data'];

/** Asks for an exception. It is none until somebody else has approved it. */
export function askException(state: Policy | null, want: AskException, asked: Asked): Decision<ExceptionFact> {
  const policy = livePolicy(state);
  if ('refused' in policy) return policy;
  if (policy.exceptions.some(({ id }) => id === want.exception)) return [];
  if (!isBound(policy, want.system))
    return refuse(
      'exception.not-bound',
      `This policy does not bind ${want.system}, so no exception is needed.`,
      '/system',
    );
  const open = policy.exceptions.filter((each) => ['asked', 'in-force'].includes(exceptionState(each, asked.at)));
  if (open.length >= MOST_OPEN_EXCEPTIONS)
    return refuse(
      'exception.too-many',
      `${MOST_OPEN_EXCEPTIONS} exceptions to this policy are open already. End some, or change the policy.`,
    );
  return badEnd(want.until, asked.at) ?? [{ type: 'exception.asked', data: want }];
}

/** Names the person somebody acts for, so that an API key is not a second person. */
export type Behind = (actor: Actor) => string;

function openException(state: Policy | null, id: string, now: Instant): PolicyException | Refusal {
  if (state === null) return refuse('policy.unknown', 'There is no such policy. List the policies to see them.');
  const it = state.exceptions.find((each) => each.id === id);
  if (it === undefined) return refuse('exception.unknown', 'This policy has no such exception.');
  const is = exceptionState(it, now);
  if (is !== 'asked' && is !== 'in-force')
    return refuse(
      'exception.over',
      `This exception is over: ${is} on ${endOf(it).slice(0, 10)}. Ask for a new one if it is needed again.`,
    );
  return it;
}

const samePerson = (what: string) =>
  refuse('exception.same-person', `You asked for this exception. Somebody else has to ${what} it.`);

export function approveException(
  state: Policy | null,
  want: { readonly exception: ExceptionId; readonly note: string },
  asked: Asked,
  behind: Behind,
): Decision<ExceptionFact> {
  const it = openException(state, want.exception, asked.at);
  if ('refused' in it) return it;
  if (it.approved !== null) return [];
  if (behind(it.asked.by) === behind(asked.by)) return samePerson('approve');
  return [{ type: 'exception.approved', data: want }];
}

/** Says no to what was asked for. Whoever asked may take it back this way as well. */
export function declineException(
  state: Policy | null,
  want: { readonly exception: ExceptionId; readonly reason: string },
  asked: Asked,
): Decision<ExceptionFact> {
  const it = openException(state, want.exception, asked.at);
  if ('refused' in it) return it;
  if (it.approved !== null)
    return refuse('exception.over', 'This exception was approved already. End it early instead.');
  return [{ type: 'exception.declined', data: want }];
}

/** Makes one in force last longer. That is approving it again, so it takes somebody else than who asked for it. */
export function renewException(
  state: Policy | null,
  want: { readonly exception: ExceptionId; readonly until: Instant; readonly reason: string },
  asked: Asked,
  behind: Behind,
): Decision<ExceptionFact> {
  const it = openException(state, want.exception, asked.at);
  if ('refused' in it) return it;
  if (it.approved === null)
    return refuse('exception.not-approved', 'Nobody has approved this exception yet, so there is nothing to renew.');
  if (behind(it.asked.by) === behind(asked.by)) return samePerson('renew');
  if (want.until === it.until) return [];
  if (want.until < it.until)
    return refuse('exception.bad-expiry', 'Renewing makes it last longer. To stop it sooner, end it.', '/until');
  return badEnd(want.until, asked.at) ?? [{ type: 'exception.renewed', data: want }];
}

/** Ends one in force before its time. Restricting takes one person: anybody who may edit policies. */
export function endException(
  state: Policy | null,
  want: { readonly exception: ExceptionId; readonly reason: string },
  asked: Asked,
): Decision<ExceptionFact> {
  const it = openException(state, want.exception, asked.at);
  if ('refused' in it) return it;
  return [{ type: it.approved === null ? 'exception.declined' : 'exception.ended', data: want }];
}

/** Exceptions whose time has run out, each once. */
export function lapsesDue(state: Policy | null, asked: Pick<Asked, 'at'>): ExceptionFact[] {
  return (state?.exceptions ?? [])
    .filter(({ ended, until }) => ended === null && until <= asked.at)
    .map(({ id }) => ({ type: 'exception.lapsed', data: { exception: id } }));
}
