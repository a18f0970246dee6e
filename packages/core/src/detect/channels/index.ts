export type { ChannelCoverage, ChannelState } from './channels.ts';
export { channelCoverage } from './channels.ts';
export type { Beat, BeatKind, BeatState, DetectorState, Heartbeat } from './heartbeats.ts';
export {
  BEAT_FACTS,
  BEAT_KINDS,
  detectorHeardAt,
  expectBeat,
  foldExpected,
  heartbeatOf,
  silenceText,
} from './heartbeats.ts';
export type { Sighting } from './sightings.ts';
export { isRecorded, sightingsIn } from './sightings.ts';
