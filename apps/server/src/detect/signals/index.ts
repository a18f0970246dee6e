import type { Slice } from '../../platform/index.ts';
import { detectorBeats } from './detector-beats.ts';
import { evaluations } from './evaluations.ts';
import { inspectionWith } from './inspect.ts';
import type { KeptBounds, ReadKept } from './kept.ts';
import { logCalls } from './log-calls.ts';
import type { Onlookers } from './onlooker.ts';
import { retentionWith } from './retention.ts';
import { routes } from './routes.ts';
import { sealing, telemetryBoard } from './seal.ts';

/**
 * What comes in: interactions, signals, feedback. Rows with retention, looked at by the detectors, sealed into the log.
 * `onlookers` are told of what they looked at; `readKept` says what is deleted by no rule, within `bounds`.
 */
export const signalsWith = (onlookers: Onlookers, readKept: ReadKept, bounds: KeptBounds): Slice => ({
  name: 'signals',
  routes,
  boards: [telemetryBoard],
  watches: [inspectionWith(onlookers), detectorBeats, logCalls, evaluations, sealing, retentionWith(readKept, bounds)],
});

export type { Batch } from './body.ts';
export { mediaType, membersOf, plainBody } from './body.ts';
export { sessionsOfTraces } from './calls-told-later.ts';
export { detectorsHeard, onlookersHeard, talliesOf } from './detector-beats.ts';
export type { Accepted } from './door.ts';
export { answerBatch, intakeDoor } from './door.ts';
export { evalTrace } from './eval-mark.ts';
export type { Exhibit } from './exhibits.ts';
export { countExhibits, exhibitsOf } from './exhibits.ts';
export { storable } from './given.ts';
export type { Heard, HeardSystem } from './heard.ts';
export {
  channelsHeard,
  feedbackHeard,
  oldestWaiting,
  regularSystems,
  sightingsOf,
  systemsHeard,
  systemsWaiting,
} from './heard.ts';
export { signalsWithLife } from './life.ts';
export type { FeatureTraffic, TelemetryMarks } from './marks.ts';
export { telemetryMarks, trafficSince } from './marks.ts';
export type { Onlooker, Seen } from './onlooker.ts';
export type { OnlookerName } from './onlooker-names.ts';
export { answerOtlp, readOtlp } from './otlp.ts';
export { type PassedRequest, passedLately, passedWithWords, wentWrong } from './passed.ts';
export {
  expire,
  expireLoose,
  forgetMoves,
  forgetTrouble,
  hasNewSignals,
  joiningSignals,
  joinSignals,
  loosen,
  looseSignals,
  movedFrom,
  moveSignals,
  newSignals,
  noteTrouble,
  placeSignals,
  recentSignals,
  signalsAside,
  signalsOf,
  tryAgain,
} from './placement.ts';
export { interactionsWithCalls, readInteraction } from './rows.ts';
export { sealing as sealTelemetry } from './seal.ts';
export type { Look, Scope } from './served.ts';
export { hitsByMinute, lookAtServed, requestsByMinute, toolCallsOf } from './served.ts';
export { stateOf as telemetryOf } from './state.ts';
export type { Raising } from './store-alerts.ts';
export { storeAlerts } from './store-alerts.ts';
export { type Raised, storeFeedback, storeSignals } from './store-signals.ts';
export { type TakingOut, takingOut } from './take-out.ts';
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
export type { SignalMatch } from './weighing.ts';
export {
  candidatesHearing,
  countSignals,
  firstByMark,
  matchingSignals,
  observedOf,
  overOf,
  placementOf,
  signalsToWeigh,
  timesOfSignals,
} from './weighing.ts';
