import {
  type Actor,
  addMs,
  type Decision,
  type Fact,
  type Id,
  type Instant,
  ofTypes,
  type Recorded,
  refuse,
} from '../../kernel/index.ts';
import type { Archetype, Channel, Signal } from '../signals/index.ts';

export type SilenceId = Id<'sil'>;

/** What a silence is about; null matches everything. At least one is said. */
export interface Matchers {
  readonly system: string | null;
  readonly detector: string | null;
  readonly archetype: Archetype | null;
  readonly channel: Channel | null;
  /** Contained in the text of the signal, in any case. */
  readonly text: string | null;
}

export interface SilenceSaid extends Matchers {
  readonly reason: string;
  /** Who answers for it, in words. */
  readonly owner: string;
  readonly until: Instant;
  /** Whether it holds back even a finding that proves itself and reads as Sev 1. */
  readonly holdsSevOne: boolean;
}

/** On a stream of its own. */
export type SilenceFact =
  | Fact<'silence.set', { readonly silence: SilenceId } & SilenceSaid>
  | Fact<'silence.extended', { readonly silence: SilenceId; readonly until: Instant; readonly reason: string }>
  | Fact<'silence.ended', { readonly silence: SilenceId; readonly reason: string; readonly silenced: number }>
  /** Its time came; `silenced`: signals it held back. */
  | Fact<'silence.expired', { readonly silence: SilenceId; readonly silenced: number }>;
export const SILENCE_FACTS = [
  'silence.set',
  'silence.extended',
  'silence.ended',
  'silence.expired',
] as const satisfies readonly SilenceFact['type'][];

export interface Silence extends SilenceSaid {
  readonly id: SilenceId;
  readonly setAt: Instant;
  readonly setBy: Actor;
  readonly over: {
    readonly at: Instant;
    readonly by: Actor;
    readonly reason: string;
    readonly silenced: number;
  } | null;
}

/** Nothing is silent for longer than this without somebody saying so again. */
export const LONGEST_SILENCE_MS = 7 * 86_400_000;
export const MOST_SILENCES = 200;

export function foldSilence(facts: readonly Recorded[]): Silence | null {
  return ofTypes<SilenceFact>(facts, SILENCE_FACTS).reduce<Silence | null>((held, fact) => {
    const { at, by } = fact;
    if (fact.type === 'silence.set') {
      const { silence: id, ...said } = fact.data;
      return { id, ...said, setAt: at, setBy: by, over: null };
    }
    if (held === null) return null;
    switch (fact.type) {
      case 'silence.extended':
        return { ...held, until: fact.data.until };
      case 'silence.ended':
        return { ...held, over: { at, by, reason: fact.data.reason, silenced: fact.data.silenced } };
      default:
        return { ...held, over: { at, by, reason: 'its time came', silenced: fact.data.silenced } };
    }
  }, null);
}

const badExpiry = (until: Instant, now: Instant) =>
  until <= now || until > addMs(now, LONGEST_SILENCE_MS)
    ? refuse(
        'silence.bad-expiry',
        'A silence ends in the future, within seven days. It can be extended then.',
        '/until',
      )
    : null;

export function setSilence(
  state: Silence | null,
  want: { readonly silence: SilenceId } & SilenceSaid,
  now: Instant,
  inForce: number,
): Decision<SilenceFact> {
  if (state !== null) return [];
  if (inForce >= MOST_SILENCES)
    return refuse('silence.too-many', `${MOST_SILENCES} silences are in force. End some of them first.`);
  if ([want.system, want.detector, want.archetype, want.channel, want.text].every((it) => it === null))
    return refuse('silence.matches-all', 'Say what is silenced: a system, a detector, a kind, a channel or words.');
  return badExpiry(want.until, now) ?? [{ type: 'silence.set', data: want }];
}

const unknown = () =>
  refuse('silence.unknown', 'There is no such silence. List the silences to see the ones there are.');
const over = () => refuse('silence.over', 'This silence is over. Set a new one if it is still wanted.');

export function extendSilence(
  state: Silence | null,
  want: { readonly until: Instant; readonly reason: string },
  now: Instant,
): Decision<SilenceFact> {
  if (state === null) return unknown();
  if (state.over !== null) return over();
  if (state.until === want.until) return [];
  return badExpiry(want.until, now) ?? [{ type: 'silence.extended', data: { silence: state.id, ...want } }];
}

/** `silenced`: how many signals it held back, counted before. */
export function endSilence(
  state: Silence | null,
  want: { readonly reason: string; readonly silenced: number },
): Decision<SilenceFact> {
  if (state === null) return unknown();
  return state.over !== null ? [] : [{ type: 'silence.ended', data: { silence: state.id, ...want } }];
}

/** What time alone does to a silence. */
export function expireSilence(state: Silence | null, now: Instant, silenced: number): Decision<SilenceFact> {
  if (state === null || state.over !== null || state.until > now) return [];
  return [{ type: 'silence.expired', data: { silence: state.id, silenced } }];
}

/** When it stopped, or will stop, to hold signals back. */
export const silentUntil = (silence: Pick<Silence, 'until' | 'over'>): Instant =>
  silence.over !== null && silence.over.at < silence.until ? silence.over.at : silence.until;

/** Whether it holds back a signal: all of its matchers agree, and it was in force when the signal came in. */
export function isSilenced(signal: Signal, silence: Silence): boolean {
  if (signal.receivedAt < silence.setAt || signal.receivedAt >= silentUntil(silence)) return false;
  const agrees = (said: string | null, held: string | null) => said === null || said === held;
  return (
    agrees(silence.system, signal.system) &&
    agrees(silence.detector, signal.detector) &&
    agrees(silence.archetype, signal.archetype) &&
    agrees(silence.channel, signal.channel) &&
    (silence.text === null || signal.text.toLowerCase().includes(silence.text.toLowerCase()))
  );
}

/** `system support-bot, words “known test”`. */
export function sayMatchers(it: Matchers): string {
  return [
    it.system === null ? null : `system ${it.system}`,
    it.detector === null ? null : `detector ${it.detector}`,
    it.archetype === null ? null : `kind of failure ${it.archetype}`,
    it.channel === null ? null : `channel ${it.channel}`,
    it.text === null ? null : `words “${it.text}”`,
  ]
    .filter((part) => part !== null)
    .join(', ');
}
