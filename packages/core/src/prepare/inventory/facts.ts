import type { Fact, Id, Instant } from '../../kernel/index.ts';

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
  | Fact<'system.registered', { system: SystemId; key: string } & SystemDescription>
  | Fact<'system.described', SystemDescription>
  | Fact<'feature.added', Feature>
  | Fact<'feature.retired', { key: string }>
  | Fact<'version.deployed', VersionDeployed>
  | Fact<'system.retired', { reason: string }>;
