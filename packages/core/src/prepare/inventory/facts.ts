import type { Fact, Id, Instant } from '../../kernel/index.ts';
import type { Budget, BudgetMeasure } from './budget.ts';

export type SystemId = Id<'sys'>;
export type DeploymentId = Id<'dep'>;

export const SYSTEM_TYPES = ['generative', 'agent', 'predictive', 'voice'] as const;
export type SystemType = (typeof SYSTEM_TYPES)[number];

/** Area of Annex III to Regulation (EU) 2024/1689, or none. The legal reading is the owner's, not the product's. */
export const RISK_CLASSES = [
  'none',
  'limited',
  'annex-iii-1',
  'annex-iii-2',
  'annex-iii-3',
  'annex-iii-4',
  'annex-iii-5',
  'annex-iii-6',
  'annex-iii-7',
  'annex-iii-8',
  'unassessed',
] as const;
export type RiskClass = (typeof RISK_CLASSES)[number];

/** What the system is built of. It decides which orders make sense for it. */
export const ARCHITECTURES = ['unsaid', 'plain-llm', 'with-memory', 'rag', 'agentic', 'predictive', 'voice'] as const;
export type Architecture = (typeof ARCHITECTURES)[number];

/** How far it acts before a person looks. */
export const AUTONOMY = ['unsaid', 'suggests', 'acts-after-approval', 'acts-within-limits', 'acts-alone'] as const;
export type Autonomy = (typeof AUTONOMY)[number];

/** What stops when it stops. */
export const CRITICALITY = ['unsaid', 'low', 'medium', 'high', 'critical'] as const;
export type Criticality = (typeof CRITICALITY)[number];

/** Where what it was asked and what it answered can be read afterwards. */
export const LOGGING = ['unsaid', 'opentelemetry', 'gateway', 'interactions', 'elsewhere', 'none'] as const;
export type Logging = (typeof LOGGING)[number];

export interface SystemDescription {
  readonly name: string;
  readonly type: SystemType;
  readonly purpose: string;
  /** Team or person answerable for it, in words. */
  readonly owner: string;
  readonly riskClass: RiskClass;
  readonly population: string;
  readonly regions: readonly string[];
  readonly vendor: string;
  readonly architecture: Architecture;
  readonly autonomy: Autonomy;
  readonly criticality: Criticality;
  readonly logging: Logging;
}

/** Facts written before these members existed read as if nothing had been said. */
export const UNSAID = { architecture: 'unsaid', autonomy: 'unsaid', criticality: 'unsaid', logging: 'unsaid' } as const;
type Described = Omit<SystemDescription, keyof typeof UNSAID> & Partial<Pick<SystemDescription, keyof typeof UNSAID>>;

/** What a call of a tool does to the world. */
export const TOOL_EFFECTS = ['reads', 'writes', 'destroys', 'sends', 'pays', 'grants'] as const;
export type ToolEffect = (typeof TOOL_EFFECTS)[number];

/** What a tool hands to the assistant: text that anybody may have written, or data that is nobody else's business. */
export const TOOL_READS = ['nothing', 'untrusted', 'private'] as const;
export type ToolReads = (typeof TOOL_READS)[number];

/** What an argument may be. A call beyond it proves itself. */
export interface ToolLimit {
  /** Name of the argument; members joined by dots. */
  readonly argument: string;
  /** Largest number; null: no number, or any. */
  readonly most: number | null;
  /** The only values there may be; empty: any. */
  readonly among: readonly string[];
  /** Smallest number. */
  readonly least?: number | undefined;
  /** Most characters of a text, or members of a list. */
  readonly longest?: number | undefined;
  /** What the text has to fit, searched anywhere unless it says `^` and `$`; of the linear engine. */
  readonly pattern?: string | undefined;
}

/** So many calls in so many seconds, counted where they pass. */
export interface ToolRate {
  readonly calls: number;
  readonly seconds: number;
}

/** How a call is undone. */
export interface ToolUndo {
  /** The tool that undoes it; empty: a person follows the instruction. */
  readonly tool: string;
  /** Arguments of that tool, and where each comes from: `arguments.order`, `result.id`, or a text after `=`. */
  readonly arguments: Readonly<Record<string, string>>;
  readonly instruction: string;
}

/** What calls of a tool are held against. Members that are left out: nobody has said. */
export interface ToolManifest {
  readonly effect: ToolEffect;
  readonly reads: ToolReads;
  readonly limits: readonly ToolLimit[];
  /** The MCP server it is of; another server’s tool of the same name is not meant. */
  readonly server?: string | undefined;
  /** The only agents that may call it. */
  readonly agents?: readonly string[] | undefined;
  /** Every call needs a person. */
  readonly approval?: boolean | undefined;
  readonly rate?: ToolRate | undefined;
  readonly reversible?: 'yes' | 'no' | undefined;
  readonly undo?: ToolUndo | undefined;
}

export interface Tool {
  readonly name: string;
  /** What it may do, in the words of whoever grants it: `orders:read`, `refund up to 50 EUR`. */
  readonly permissions: readonly string[];
  readonly note: string;
  /** Left out: nobody has said. */
  readonly manifest?: ToolManifest | undefined;
}

export interface Guardrail {
  readonly name: string;
  readonly active: boolean;
  readonly note: string;
}

/** Somebody allowed the system to be used for something, until a day or for good. */
export interface Approval {
  readonly useCase: string;
  readonly approvedBy: string;
  readonly approvedAt: Instant;
  readonly until: Instant | null;
}

export const DEPENDENCY_KINDS = ['system', 'vendor', 'service', 'data'] as const;
export type DependencyKind = (typeof DEPENDENCY_KINDS)[number];

/** What passes along a dependency. `calls`: one asks the other, and nothing stays. */
export const PASSES = ['unsaid', 'calls', 'writes', 'feeds', 'notifies'] as const;
export type Passes = (typeof PASSES)[number];

/** `up`: this system needs it. `down`: it needs this system. A dependency of kind `system` is named by its key. */
export interface Dependency {
  readonly direction: 'up' | 'down';
  readonly kind: DependencyKind;
  readonly on: string;
  readonly note: string;
  /**
   * What passes. This system writes into, feeds or notifies the other; only of one it needs, `feeds` means that the other
   * feeds this system. Absent: nobody has said.
   */
  readonly flow?: Passes | undefined;
  /** Who approves before anything passes, where a person does and that is confirmed. Absent or empty: nobody. */
  readonly approval?: string | undefined;
}

/** The six ways in which a failure is noticed. */
export const DETECTION_CHANNELS = [
  'output-filter',
  'telemetry',
  'feedback',
  'external',
  'golden-set',
  'probe',
] as const;
export type DetectionChannel = (typeof DETECTION_CHANNELS)[number];
export const CHANNEL_NAMES: Readonly<Record<DetectionChannel, string>> = {
  'output-filter': 'Output filters',
  telemetry: 'Telemetry',
  feedback: 'Feedback of people served',
  external: 'Reports from outside',
  'golden-set': 'Golden set',
  probe: 'Probes',
};

export interface ChannelRoute {
  readonly channel: DetectionChannel;
  /** Who is told, in words; empty: nobody. */
  readonly to: string;
}

/** Everything about a system that a file can hold. */
export interface SystemParts {
  readonly features: readonly Feature[];
  readonly tools: readonly Tool[];
  readonly guardrails: readonly Guardrail[];
  readonly dependencies: readonly Dependency[];
  readonly routes: readonly ChannelRoute[];
  readonly budgets: readonly Budget[];
}
/** Facts written before there were budgets leave them as they are. */
type Furnished = Omit<SystemParts, 'budgets'> & Partial<Pick<SystemParts, 'budgets'>>;

export const CHANGE_KINDS = ['deploy', 'prompt', 'model', 'index', 'tool', 'config', 'guardrail', 'vendor'] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

export type ChangeId = Id<'chg'>;

export interface ChangeRecorded {
  readonly change: ChangeId;
  /** The same key twice is the same change, and is kept once. */
  readonly key: string;
  readonly kind: ChangeKind;
  /** What changed, where a system has several of them: the name of a prompt, a tool, a repository. */
  readonly subject: string;
  readonly from: string | null;
  readonly to: string | null;
  /** The deployment whose versions it moved, or null. */
  readonly deployment: DeploymentId | null;
  /** The text as it now is, or null where it is not known. */
  readonly text: string | null;
  /** Lines that begin with `+`, `-` or a space; null where there is nothing to compare with. */
  readonly diff: string | null;
  readonly note: string;
  /** `api`, `hand`, `cloudevents`, `langfuse`, `github`, `gitlab`, `ci`, `telemetry`. */
  readonly source: string;
  readonly link: string;
  /** When it happened, as whoever reports it says. */
  readonly occurredAt: Instant;
}

export interface Feature {
  /** As guards and telemetry name it: `policy-answers`. */
  readonly key: string;
  readonly name: string;
}

/** What runs. A member that is absent is not known, which is not the same as none. */
export interface Versions {
  readonly model?: string;
  readonly prompt?: string;
  readonly index?: string;
  readonly tools?: string;
}

export interface VersionDeployed {
  readonly deployment: DeploymentId;
  /** `production`, `staging`, `eu-production` … */
  readonly name: string;
  readonly versions: Versions;
  /** When it went live, as whoever reports it says. */
  readonly occurredAt: Instant;
  readonly note: string;
}

export type InventoryFact =
  | Fact<'system.registered', { system: SystemId; key: string } & Described>
  | Fact<'system.described', Described>
  /** Replaces every part at once, as a file says. */
  | Fact<'system.furnished', Furnished>
  | Fact<'tool.granted', Tool>
  | Fact<'tool.withdrawn', { name: string }>
  | Fact<'guardrail.set', Guardrail>
  | Fact<'guardrail.removed', { name: string }>
  | Fact<'approval.given', Approval>
  | Fact<'approval.withdrawn', { useCase: string; reason: string }>
  | Fact<'dependency.declared', Dependency>
  | Fact<'dependency.dropped', Pick<Dependency, 'direction' | 'kind' | 'on'>>
  | Fact<'channel.routed', ChannelRoute>
  | Fact<'budget.set', Budget>
  | Fact<'budget.removed', { measure: BudgetMeasure }>
  | Fact<'change.recorded', ChangeRecorded>
  | Fact<'feature.added', Feature>
  | Fact<'feature.retired', { key: string }>
  | Fact<'version.deployed', VersionDeployed>
  | Fact<'system.retired', { reason: string }>;
