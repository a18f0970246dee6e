export type { ChannelCoverage, ChannelState } from './channels.ts';
export { channelCoverage } from './channels.ts';
export type { Sighting } from './sightings.ts';
export { isRecorded, sightingsIn } from './sightings.ts';
