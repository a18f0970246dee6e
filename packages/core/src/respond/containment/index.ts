export type { LinearPattern } from '../../patterns/index.ts';
export { compilePattern, compilePatterns, literalPattern } from '../../patterns/index.ts';
export { Allowances } from './allowances.ts';
export type { Capsule } from './capsule.ts';
export {
  CAPSULE_HOLDS,
  CAPSULE_SCHEMA,
  CAPSULES_APPLIED,
  isCapsuleKind,
  readCapsule,
  readCapsuleBy,
} from './capsule.ts';
export type { Compiled } from './compiled.ts';
export { compile } from './compiled.ts';
export type { Confirmation, Containment, Hold, ProofKept, ProofsKept, Pull } from './containment.ts';
export { describeHold, foldContainment, inForce, stepHold, stepPull } from './containment.ts';
export type {
  Asking,
  ControlBase,
  ControlKind,
  Effect,
  Fault,
  Overridable,
  RateLimit,
  RequestContext,
  Settings,
  Versions,
} from './control.ts';
export { MESSAGE_LIMIT, OVERRIDABLE } from './control.ts';
export type { MissingControl, WiredControl } from './control-coverage.ts';
export { missingControls } from './control-coverage.ts';
export type { Controls, DeclaredControl } from './controls.ts';
export {
  CONTROL_LIMIT,
  declareControl,
  foldControls,
  planControl,
  retireControl,
  standingOf,
  USUAL_STANDING,
} from './controls.ts';
export type { Examined, Surface, SurfaceVerdict, SystemHealth } from './doctor.ts';
export { examine, PROVEN_MS, SURFACE_VERDICTS, surfaceWord } from './doctor.ts';
export type {
  Adoption,
  Canary,
  ContainmentFact,
  ControlFact,
  Declared,
  Expiry,
  ExpiryDefault,
  Gate,
  Missing,
  PullAsked,
  SaidGone,
  Standing,
  TestPlan,
} from './facts.ts';
export { CONTAINMENT_FACTS, CONTROL_FACTS } from './facts.ts';
export type { Fit, FittingLever, LeverName } from './fit.ts';
export { fitOf, fitOfControl, fittingLevers, LEVERS, leversOf, worthWiring } from './fit.ts';
export { goneWords, hearAgain, sayGone, type Unanswering } from './gone.ts';
export type { ConfirmHold, FailHold } from './hold-life.ts';
export { adoptHold, confirmHold, expiriesDue, extendHold, failHold, liftHold } from './hold-life.ts';
export { endsWhatRuns, IN_FLIGHT, type InFlightPolicy, orderFaults, withInFlight } from './in-flight.ts';
export { PATTERN_LIMIT, PHRASE_LIMIT } from './kinds/block.ts';
export type { Disable } from './kinds/disable.ts';
export type { Fence } from './kinds/fence.ts';
export { COUNTRY_LIMIT } from './kinds/fence.ts';
export { describeControl, supersetOf } from './kinds/ordering.ts';
export type { Control, InTest, KindName } from './kinds/registry.ts';
export { controlFaults, isEnforced, isKnownControl, KIND_NAMES, kindOf } from './kinds/registry.ts';
export { TOOL_LIMIT } from './kinds/revoke.ts';
export type { Route } from './kinds/route.ts';
export type { Manifest } from './manifest.ts';
export type { OrderHold } from './order.ts';
export { AUTOMATIC_MINUTES, HOLDS_PER_INCIDENT, orderHold, overriddenBy, untilAdopted } from './order.ts';
export type { CheckedState, Probe, Rules } from './probe.ts';
export { CHECKED_STATES, checkHold, isMet, probeOf } from './probe.ts';
export { escalateProof, noteProofs, proofsChanged } from './proof-life.ts';
export type { ProofName, ProofTimes } from './proof-names.ts';
export { PROOF_NAMES, USUAL_PROOF_TIMES } from './proof-names.ts';
export type {
  InstanceTraffic,
  Proof,
  ProofState,
  Proving,
  ProvingInstance,
  SurfaceKind,
  TrafficFigures,
} from './proofs.ts';
export {
  LEVELS,
  levelOf,
  levelSays,
  PROOF_STATES,
  proofsOf,
  QUIET_MS,
  SURFACES,
  settledAt,
} from './proofs.ts';
export type { PullSaid } from './pulls.ts';
export { approvePull, askPull, pullsLapsing, SECOND_MINUTES, withdrawPull } from './pulls.ts';
export type { Release } from './release.ts';
export { isReleased, mixed, placeOf } from './release.ts';
export type { SeenAs, SeenRequest, TrafficShows } from './seen.ts';
export { callsPast, seenAs, trafficShows } from './seen.ts';
export type { Delta, Nack, Signed, Snapshot } from './snapshot.ts';
export {
  applyMessage,
  deltaBetween,
  HOLD_LIMIT,
  holdsFault,
  isDelta,
  isNack,
  readMessage,
  stateText,
} from './snapshot.ts';
export type { Action, HoldInForce, LimitInForce, Verdict } from './verdict.ts';
export { DEFAULT_MESSAGE, verdictFor } from './verdict.ts';
export type { Width } from './width.ts';
export { widthOf } from './width.ts';
