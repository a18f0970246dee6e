import type { Instant, Recorded } from '@firebreak/core/kernel';
import type { Effect, JobHandler } from '../../platform/index.ts';
import { telemetryOf } from '../signals/index.ts';
import { takeSignIns } from './sign-ins.ts';

/** Under this key Firebreak tells of itself. */
const ITSELF = 'firebreak';

interface OwnSignIn {
  readonly fact: number;
  readonly at: Instant;
  readonly who: string;
  readonly let: boolean;
  readonly reason: string | null;
}

/** Firebreak's own sign-ins and refused keys are looked at as those of any other system. */
export function ownSignIns({ type, stream, seq, at, data }: Recorded): Effect[] {
  const said = data as { from?: unknown; because?: unknown; door?: unknown; who?: { id?: unknown } | null };
  const from = typeof said.from === 'string' ? said.from : 'unknown';
  const person = stream.startsWith('usr_') ? stream : null;
  const payload = (it: Pick<OwnSignIn, 'who' | 'let' | 'reason'>): Effect[] => [
    { kind: 'access.own', payload: { fact: seq, at, ...it } satisfies OwnSignIn },
  ];
  if (type === 'session.opened') return payload({ who: person ?? from, let: true, reason: null });
  if (type === 'session.refused')
    return payload({ who: person ?? from, let: false, reason: String(said.because ?? '').slice(0, 200) });
  if (type === 'access.refused') {
    const id = said.who?.id;
    return payload({
      who: typeof id === 'string' ? id : from,
      let: false,
      reason: String(said.door ?? '').slice(0, 200),
    });
  }
  return [];
}

export const own: JobHandler = {
  async within(tx, { fact, at, who, let: inside, reason }: OwnSignIn, deps) {
    const { digest } = await telemetryOf(deps).aids();
    await takeSignIns(tx, deps, [
      {
        system: ITSELF,
        given: `fact ${fact}`,
        at,
        who: digest(`subject|${who}`),
        let: inside,
        country: null,
        key: null,
        reason,
        interaction: null,
      },
    ]);
  },
};
