export type { Archetype } from './archetype.ts';
export { ARCHETYPES } from './archetype.ts';
export type {
  AppliedVerdict,
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
export { fillFrom, interactionKey, SOURCES } from './interaction.ts';
export type {
  Channel,
  EvidenceClass,
  Feedback,
  FeedbackId,
  FeedbackKind,
  Quote,
  Signal,
  SignalId,
} from './signal.ts';
export { CHANNELS, EVIDENCE_CLASSES, FEEDBACK_KINDS } from './signal.ts';
