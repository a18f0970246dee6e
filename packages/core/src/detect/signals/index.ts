export type { AlertStep, FollowedAlert } from './alert-life.ts';
export { followAlert } from './alert-life.ts';
export type { Archetype, CalledArchetype } from './archetype.ts';
export { ARCHETYPES, CALLABLE_ARCHETYPES } from './archetype.ts';
export { CAVEATS, withoutCaveats } from './caveats.ts';
export type { Evaluation, EvaluationId, EvaluationSaid, Outcome } from './evaluation.ts';
export { evaluationKey, OUTCOMES, outcomeOf, signalOfEvaluation } from './evaluation.ts';
export type {
  AppliedVerdict,
  Counted,
  Interaction,
  InteractionId,
  Message,
  Passage,
  Source,
  TokenCount,
  ToolCall,
  Versions,
  Witnessed,
} from './interaction.ts';
export {
  COUNTED,
  fillFrom,
  gained,
  interactionKey,
  SOURCES,
  VERDICT_ACTIONS,
  type VerdictAction,
} from './interaction.ts';
export type { Mark, MarkKind } from './mark.ts';
export { MARK_KINDS, markKind, markOf } from './mark.ts';
export type { PagesAlone } from './pages-alone.ts';
export { ALONE_GROUNDS, duty, promised } from './pages-alone.ts';
export { isPraise } from './praise.ts';
export { isReadable } from './readable.ts';
export type { TelemetryFact, TelemetryKind } from './sealing.ts';
export { foldSealed, recordDeletion, sealTelemetry, TELEMETRY_KINDS, telemetryStream } from './sealing.ts';
export type {
  Channel,
  EvidenceClass,
  Feedback,
  FeedbackId,
  FeedbackKind,
  HarmSaid,
  Quote,
  ReportSaid,
  Signal,
  SignalId,
} from './signal.ts';
export {
  CHANNELS,
  EVIDENCE_CLASSES,
  FEEDBACK_KINDS,
  HARM_SAID,
  SENT_FEEDBACK_KINDS,
  UNNAMED_SYSTEM,
} from './signal.ts';
export type { Alert, AlertReading } from './sources/alerts/alert.ts';
export { isMembers } from './sources/alerts/alert.ts';
export { faultsOfEvent, keyOfEvent } from './sources/alerts/dialects/pagerduty.ts';
export { MAPPED_MEMBERS, readMapped } from './sources/alerts/mapped.ts';
export { ALERT_DIALECTS, readAlerts } from './sources/alerts/registry.ts';
export { systemOfAlert } from './sources/alerts/system-of.ts';
export type { AlertSeverity, AlertStatus } from './sources/alerts/words.ts';
export { ALERT_SEVERITIES, ALERT_STATUSES, severityOf, statusOf } from './sources/alerts/words.ts';
export type { Read } from './sources/otlp/dialects/registry.ts';
export { DIALECTS, readSpan } from './sources/otlp/dialects/registry.ts';
export type { EvaluationsReading } from './sources/otlp/evaluations.ts';
export { evaluationsFromLogs, evaluationsFromSpans } from './sources/otlp/evaluations.ts';
export type { LoggedError } from './sources/otlp/from-logs.ts';
export { errorsInLogs, interactionsFromLogs } from './sources/otlp/from-logs.ts';
export type { ToldBySpans } from './sources/otlp/interactions.ts';
export { interactionsFromSpans, systemKeyOf, toldBySpans } from './sources/otlp/interactions.ts';
export { readOtlpJson } from './sources/otlp/json.ts';
export type { LogRecord, LogsReading } from './sources/otlp/log.ts';
export { readLogsJson } from './sources/otlp/logs-json.ts';
export { readLogsProtobuf } from './sources/otlp/logs-wire.ts';
export type {
  Buckets,
  ExponentialPoint,
  HistogramPoint,
  Metric,
  MetricsReading,
  NumberPoint,
  SummaryPoint,
  Temporality,
} from './sources/otlp/metric.ts';
export { METRIC_LIMITS } from './sources/otlp/metric.ts';
export { readMetricsJson } from './sources/otlp/metrics-json.ts';
export { readMetricsProtobuf } from './sources/otlp/metrics-wire.ts';
export { toolsText } from './sources/otlp/offered.ts';
export type { ReadText } from './sources/otlp/protobuf.ts';
export type { Attributes, AttributeValue, LeftOut, OtlpReading, Span } from './sources/otlp/span.ts';
export { isError, OTLP_LIMITS } from './sources/otlp/span.ts';
export type { UnreadSpans } from './sources/otlp/unread.ts';
export { unreadSpans } from './sources/otlp/unread.ts';
export { readOtlpProtobuf } from './sources/otlp/wire.ts';
export type { Asker } from './tool-calls.ts';
export { isOneCall, placeCall } from './tool-calls.ts';
