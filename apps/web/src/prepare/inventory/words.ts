import type {
  Architecture,
  Autonomy,
  ChangeKind,
  Criticality,
  DependencyKind,
  Logging,
  Passes,
  RiskClass,
  SystemType,
} from '@firebreak/core/prepare/inventory';

/** Versions as the wire has them: absent and undefined both read "not known". */
export type Versions = Readonly<Partial<Record<'model' | 'prompt' | 'index' | 'tools', string | undefined>>>;

export const TYPE_WORDS: Record<SystemType, string> = {
  generative: 'Generative: writes text or images',
  agent: 'Agent: acts through tools',
  predictive: 'Predictive: scores or classifies',
  voice: 'Voice: speaks with people',
};
export const TYPE_WORD: Record<SystemType, string> = {
  generative: 'generative',
  agent: 'agent',
  predictive: 'predictive',
  voice: 'voice',
};

export const RISK_WORDS: Record<RiskClass, string> = {
  none: 'no duties of the EU AI Act beyond the general ones',
  limited: 'limited risk: people must know that they talk to a machine (Art. 50)',
  'annex-iii-1': 'high risk: biometrics (Annex III, 1)',
  'annex-iii-2': 'high risk: critical infrastructure (Annex III, 2)',
  'annex-iii-3': 'high risk: education (Annex III, 3)',
  'annex-iii-4': 'high risk: employment (Annex III, 4)',
  'annex-iii-5': 'high risk: essential services and benefits (Annex III, 5)',
  'annex-iii-6': 'high risk: law enforcement (Annex III, 6)',
  'annex-iii-7': 'high risk: migration and borders (Annex III, 7)',
  'annex-iii-8': 'high risk: justice and democracy (Annex III, 8)',
  unassessed: 'not assessed yet',
};
export const RISK_SHORT: Record<RiskClass, string> = {
  none: 'no special risk class',
  limited: 'limited risk',
  'annex-iii-1': 'high risk · biometrics',
  'annex-iii-2': 'high risk · infrastructure',
  'annex-iii-3': 'high risk · education',
  'annex-iii-4': 'high risk · employment',
  'annex-iii-5': 'high risk · essential services',
  'annex-iii-6': 'high risk · law enforcement',
  'annex-iii-7': 'high risk · migration',
  'annex-iii-8': 'high risk · justice',
  unassessed: 'risk not assessed',
};

const KINDS = ['model', 'prompt', 'index', 'tools'] as const;

/** What runs, in one line: `gpt-4.1-mini · prompt v41`. */
export function versionsLine(versions: Versions): string {
  const parts = KINDS.flatMap((kind) => {
    const value = versions[kind];
    return value === undefined ? [] : [kind === 'model' ? value : `${kind} ${value}`];
  });
  return parts.length > 0 ? parts.join(' · ') : 'no version known';
}

/** What one change did to a deployment: `prompt v40 → v41`. The first one says what it began with. */
function changeLine(before: Versions | undefined, after: Versions): string {
  if (before === undefined) return `first version recorded: ${versionsLine(after)}`;
  const parts = KINDS.flatMap((kind) => {
    const [from, to] = [before[kind], after[kind]];
    return from === to ? [] : [`${kind} ${from ?? 'unknown'} → ${to ?? 'unknown'}`];
  });
  return parts.length > 0 ? parts.join(', ') : 'the same versions again';
}

export interface Change {
  readonly deployment: string;
  readonly name: string;
  readonly versions: Versions;
  readonly occurredAt: string;
  readonly note: string;
}

/** Changes newest first, each with what it changed in its own deployment. `changes` come oldest first. */
export function changeLines<C extends Change>(changes: readonly C[]): (C & { readonly says: string })[] {
  const before = new Map<string, Versions>();
  return changes
    .map((change) => {
      const says = changeLine(before.get(change.deployment), change.versions);
      before.set(change.deployment, change.versions);
      return { ...change, says };
    })
    .reverse();
}

/** A key from a name, as people would write it: “Support Bot (EU)” → `support-bot-eu`. */
export function keyFrom(name: string): string {
  return name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 64);
}

export const ARCHITECTURE_WORDS: Record<Architecture, string> = {
  unsaid: 'not said',
  'plain-llm': 'language model alone',
  'with-memory': 'language model with memory',
  rag: 'retrieval-augmented (RAG)',
  agentic: 'agentic: plans and uses tools',
  predictive: 'predictive model',
  voice: 'voice',
};
export const AUTONOMY_WORDS: Record<Autonomy, string> = {
  unsaid: 'not said',
  suggests: 'suggests; a person decides',
  'acts-after-approval': 'acts after a person approved',
  'acts-within-limits': 'acts alone within limits',
  'acts-alone': 'acts alone',
};
export const CRITICALITY_WORDS: Record<Criticality, string> = {
  unsaid: 'not said',
  low: 'low: an inconvenience',
  medium: 'medium: work slows down',
  high: 'high: customers or staff are stuck',
  critical: 'critical: people or the business are in danger',
};
export const LOGGING_WORDS: Record<Logging, string> = {
  unsaid: 'not said',
  opentelemetry: 'OpenTelemetry traces, sent here',
  gateway: 'through the Firebreak gateway',
  interactions: 'its own code sends interactions here',
  elsewhere: 'logs of its own, not sent here',
  none: 'it keeps no log',
};
export const DEPENDENCY_WORDS: Record<DependencyKind, string> = {
  system: 'AI system',
  vendor: 'vendor',
  service: 'service',
  data: 'data',
};
export const CHANGE_WORDS: Record<ChangeKind, string> = {
  deploy: 'deployed',
  prompt: 'prompt',
  model: 'model',
  index: 'index',
  tool: 'tools',
  config: 'configuration',
  guardrail: 'guardrail',
  vendor: 'vendor',
};
export const SOURCE_WORDS: Readonly<Record<string, string>> = {
  api: 'by API',
  hand: 'by hand',
  recorded: 'recorded',
  cloudevents: 'CloudEvents',
  langfuse: 'Langfuse',
  github: 'GitHub',
  gitlab: 'GitLab',
  ci: 'CI',
  telemetry: 'seen in telemetry',
};

/** One entry of the time line in a line: `prompt v40 → v41`, `deployed v1.4 (acme/bot)`. */
export function sayEntry({
  kind,
  subject,
  from,
  to,
}: {
  readonly kind: ChangeKind;
  readonly subject: string;
  readonly from: string | null;
  readonly to: string | null;
}): string {
  const what = subject === '' ? '' : ` (${subject})`;
  if (from !== null && to !== null) return `${CHANGE_WORDS[kind]} ${from} → ${to}${what}`;
  if (to !== null) return `${CHANGE_WORDS[kind]} ${to}${what}`;
  return from !== null ? `${CHANGE_WORDS[kind]} ${from} removed${what}` : `${CHANGE_WORDS[kind]} changed${what}`;
}

/** What passes along a dependency, as a person would say it of this system. */
export function passesWords(passes: Passes, direction: 'up' | 'down', system: string): string {
  switch (passes) {
    case 'unsaid':
      return 'Not said';
    case 'calls':
      return 'One asks the other, and nothing stays';
    case 'writes':
      return `${system} writes into it`;
    case 'feeds':
      return direction === 'up' ? `It feeds ${system}` : `${system} feeds it`;
    case 'notifies':
      return `${system} notifies it`;
  }
}
