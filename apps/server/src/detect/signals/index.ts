import type { Slice } from '../../platform/index.ts';
import { inspection } from './inspect.ts';
import { routes } from './routes.ts';
import { retention, sealing, telemetryBoard } from './seal.ts';

/** What comes in: interactions, signals, feedback. Rows with retention, looked at by the detectors, sealed into the log. */
export const signals: Slice = {
  name: 'signals',
  routes,
  boards: [telemetryBoard],
  watches: [inspection, sealing, retention],
};

export { plainBody } from './body.ts';
export type { Exhibit } from './exhibits.ts';
export { countExhibits, exhibitsOf } from './exhibits.ts';
export type { Heard, HeardSystem } from './heard.ts';
export { channelsHeard, sightingsOf, systemsHeard } from './heard.ts';
export { signalsWithLife } from './life.ts';
export type { FeatureTraffic, TelemetryMarks } from './marks.ts';
export { telemetryMarks, trafficSince } from './marks.ts';
export {
  expire,
  expireLoose,
  hasNewSignals,
  joiningSignals,
  joinSignals,
  loosen,
  looseSignals,
  moveSignals,
  newSignals,
  placeSignals,
  recentSignals,
  signalsOf,
} from './placement.ts';
export { sealing as sealTelemetry } from './seal.ts';
export type { Look, Scope } from './served.ts';
export { hitsByMinute, lookAtServed, requestsByMinute, toolCallsOf } from './served.ts';
export { stateOf as telemetryOf } from './state.ts';
export type { Raising } from './store-alerts.ts';
export { storeAlerts } from './store-alerts.ts';
export { type Raised, storeSignals } from './store-signals.ts';
export type { ToReview } from './to-review.ts';
export {
  alikeToReview,
  confirmFeedback,
  feedbackById,
  feedbackToReview,
  promiseBroken,
  promiseTold,
  reviewBacklog,
  reviewedFeedback,
  stillToReview,
} from './to-review.ts';
