import type { ChannelCoverage, DetectorState, Heartbeat } from '@firebreak/contract/detect/channels';
import { CHANNEL_NAMES } from '@firebreak/core/prepare/inventory';
import type { Tone } from '../../ui/Marks.tsx';

type State = ChannelCoverage['state'];

export const STATE_WORDS: Record<State, string> = {
  ready: 'routed',
  unrouted: 'nobody is told',
  silent: 'silent',
  missing: 'not heard yet',
};
export const STATE_TONES: Record<State, Tone> = { ready: 'moss', unrouted: 'amber', silent: 'amber', missing: 'plain' };

/** The channels of a system in a phrase: `2 of 6 channels routed`. */
export function channelsLine(channels: readonly { readonly state: State }[]): string {
  const ready = channels.filter(({ state }) => state === 'ready').length;
  return `${ready} of ${channels.length} channels routed`;
}

/** What of the channels would fail tonight: somebody speaks and nobody is told, or a channel fell silent. */
export function channelGaps(channels: readonly ChannelCoverage[]): string[] {
  const named = (state: State) =>
    channels.filter((each) => each.state === state).map(({ channel }) => CHANNEL_NAMES[channel].toLowerCase());
  const [unrouted, silent] = [named('unrouted'), named('silent')];
  return [
    ...(unrouted.length > 0 ? [`tells nobody of ${unrouted.join(', ')}`] : []),
    ...(silent.length > 0 ? [`has not been heard lately by ${silent.join(', ')}`] : []),
  ];
}

export const BEAT_WORDS: Readonly<Record<Heartbeat['state'], string>> = {
  heard: 'heard',
  new: 'not heard yet',
  silent: 'silent',
  rare: 'may be rare',
  paused: 'paused',
};
export const BEAT_TONES: Readonly<Record<Heartbeat['state'], Tone>> = {
  heard: 'moss',
  new: 'blue',
  silent: 'ember',
  rare: 'plain',
  paused: 'plain',
};

export const everyWords = (minutes: number | null): string =>
  minutes === null
    ? 'not expected regularly'
    : minutes < 120
      ? `expected every ${minutes === 1 ? 'minute' : `${minutes} min`}`
      : `expected every ${Number((minutes / 60).toFixed(1))} h`;

export const RESULT_WORDS: Readonly<Record<DetectorState['result'], string>> = {
  found: 'found something',
  nothing: 'found nothing',
  failed: 'failed',
  skipped: 'was kept from it by another detector',
};

/** `1,204 read in 24 h, 3 found, 1 failed`. */
export const dayWords = ({ ran, found, failed }: Pick<DetectorState, 'ran' | 'found' | 'failed'>): string =>
  `in 24 h ${ran.toLocaleString('en')} read, ${found.toLocaleString('en')} with a finding, ${failed === 0 ? 'none failed' : `${failed.toLocaleString('en')} failed`}`;

/** `in 24 h 1,204 looked at, 3 failed`. */
export const lookedWords = ({ ran, failed }: Pick<DetectorState, 'ran' | 'failed'>): string =>
  `in 24 h ${ran.toLocaleString('en')} looked at, ${failed === 0 ? 'none failed' : `${failed.toLocaleString('en')} failed`}`;
