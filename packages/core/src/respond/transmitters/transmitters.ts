import {
  type Actor,
  type Decision,
  type Fact,
  type Id,
  type Instant,
  ofTypes,
  type Recorded,
  refuse,
} from '../../kernel/index.ts';
import { plainAddress } from '../links/index.ts';
import { type PublicKey, publicKeysIn } from './events.ts';

export type TransmitterId = Id<'trm'>;

export interface TransmitterSaid {
  readonly name: string;
  /** `iss` of its tokens. */
  readonly issuer: string;
  /** `aud` of its tokens: how it names this installation. */
  readonly audience: string;
  /** Where its keys stand, or the keys. */
  readonly keys: { readonly url: string } | { readonly set: readonly PublicKey[] };
  /** Systems whose agents it may speak of; none named: all of them. */
  readonly systems: readonly string[];
}

/** On the stream of the transmitter. What it said stands with the tokens that ended by it. */
export type TransmitterFact =
  | Fact<'transmitter.made', { readonly transmitter: TransmitterId } & TransmitterSaid>
  | Fact<'transmitter.ended', { readonly transmitter: TransmitterId; readonly reason: string }>;
export const TRANSMITTER_FACTS = [
  'transmitter.made',
  'transmitter.ended',
] as const satisfies readonly TransmitterFact['type'][];

export interface Transmitter extends TransmitterSaid {
  readonly id: TransmitterId;
  readonly madeAt: Instant;
  readonly madeBy: Actor;
  readonly ended: { readonly at: Instant; readonly by: Actor; readonly reason: string } | null;
}

export function foldTransmitter(facts: readonly Recorded[]): Transmitter | null {
  let held = null as Transmitter | null;
  for (const { type, data, at, by } of ofTypes<TransmitterFact>(facts, TRANSMITTER_FACTS)) {
    if (type === 'transmitter.made') {
      const { transmitter: id, ...said } = data as { transmitter: TransmitterId } & TransmitterSaid;
      held = { id, ...said, madeAt: at, madeBy: by, ended: null };
    } else held = held && { ...held, ended: { at, by, reason: (data as { reason: string }).reason } };
  }
  return held;
}

/** `keys`: an address, or a JWK set as it was pasted. Refuses what nothing could be verified with. */
export function makeTransmitter(
  state: Transmitter | null,
  {
    keys,
    ...want
  }: { readonly transmitter: TransmitterId } & Omit<TransmitterSaid, 'keys'> & {
      readonly keys: { readonly url: string } | { readonly set: unknown };
    },
): Decision<TransmitterFact> {
  if (state !== null) return [];
  if ('url' in keys) {
    const url = plainAddress(keys.url);
    if (url === null)
      return refuse('link.bad-address', 'Use a whole http or https address without a password in it.', '/keysUrl');
    return [{ type: 'transmitter.made', data: { ...want, keys: { url } } }];
  }
  const set = publicKeysIn(keys.set);
  if (typeof set === 'string') return refuse('transmitter.bad-keys', set, '/keys');
  return [{ type: 'transmitter.made', data: { ...want, keys: { set } } }];
}

export function endTransmitter(state: Transmitter | null, reason: string): Decision<TransmitterFact> {
  if (state === null)
    return refuse('transmitter.unknown', 'There is no such transmitter. List them to see the ones there are.');
  return state.ended !== null ? [] : [{ type: 'transmitter.ended', data: { transmitter: state.id, reason } }];
}
