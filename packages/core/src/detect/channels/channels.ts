import { type Instant, msBetween } from '../../kernel/index.ts';
import { type ChannelRoute, DETECTION_CHANNELS, type DetectionChannel } from '../../prepare/inventory/index.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A channel that is used and has not been heard for longer than this has gone silent. */
const SILENT_AFTER_MS: Record<DetectionChannel, number> = {
  'output-filter': HOUR_MS,
  telemetry: HOUR_MS,
  feedback: 30 * DAY_MS,
  external: 90 * DAY_MS,
  'golden-set': 2 * DAY_MS,
  probe: 2 * DAY_MS,
};

/** `ready`: heard and somebody is told. `unrouted`: heard, nobody is told. `silent`: once heard, not lately. `missing`: never heard. */
export type ChannelState = 'ready' | 'unrouted' | 'silent' | 'missing';

export interface ChannelCoverage {
  readonly channel: DetectionChannel;
  readonly state: ChannelState;
  readonly heardAt: Instant | null;
  /** Who is told, in words; null: nobody. */
  readonly routedTo: string | null;
}

/**
 * The six channels of one system: which speak, which have somebody who listens. Feedback and reports may be rare. Channels
 * in `deaf` cannot listen at the moment, whenever they were heard.
 */
export function channelCoverage(
  routes: readonly ChannelRoute[],
  heard: Readonly<Partial<Record<DetectionChannel, Instant>>>,
  now: Instant,
  deaf: readonly DetectionChannel[] = [],
): readonly ChannelCoverage[] {
  return DETECTION_CHANNELS.map((channel) => {
    const heardAt = heard[channel] ?? null;
    const routedTo = routes.find((each) => each.channel === channel)?.to || null;
    return {
      channel,
      heardAt,
      routedTo,
      state: deaf.includes(channel) ? 'silent' : stateOf(channel, heardAt, routedTo, now),
    };
  });
}

function stateOf(
  channel: DetectionChannel,
  heardAt: Instant | null,
  routedTo: string | null,
  now: Instant,
): ChannelState {
  if (heardAt === null) return 'missing';
  if (msBetween(heardAt, now) > SILENT_AFTER_MS[channel]) return 'silent';
  return routedTo === null ? 'unrouted' : 'ready';
}
