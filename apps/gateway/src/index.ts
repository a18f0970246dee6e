export type { Gateway, GatewayStats } from './gateway.ts';
export { createGateway } from './gateway.ts';
export type { Interaction } from './interaction.ts';
export type { GatewayGuard, GatewayOptions, Upstream } from './options.ts';
export type { Recorder, RecorderOptions, RecorderStats } from './recorder.ts';
export { createRecorder } from './recorder.ts';
