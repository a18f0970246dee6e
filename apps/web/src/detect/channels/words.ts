import type { ChannelCoverage } from '@firebreak/contract/detect/channels';
import type { Tone } from '../../ui/Marks.tsx';

type Named = ChannelCoverage['channel'];
type State = ChannelCoverage['state'];

export const CHANNEL_WORDS: Record<Named, string> = {
  'output-filter': 'Output filters',
  telemetry: 'Telemetry',
  feedback: 'Feedback of people served',
  external: 'Reports from outside',
  'golden-set': 'Golden set',
  probe: 'Probes',
};
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
    channels.filter((each) => each.state === state).map(({ channel }) => CHANNEL_WORDS[channel].toLowerCase());
  const [unrouted, silent] = [named('unrouted'), named('silent')];
  return [
    ...(unrouted.length > 0 ? [`tells nobody of ${unrouted.join(', ')}`] : []),
    ...(silent.length > 0 ? [`has not been heard lately by ${silent.join(', ')}`] : []),
  ];
}
