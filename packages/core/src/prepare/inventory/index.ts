export type { DeployVersion, RegisterSystem } from './commands.ts';
export { addFeature, deployVersion, describeSystem, registerSystem, retireFeature, retireSystem } from './commands.ts';
export type {
  DeploymentId,
  Feature,
  InventoryFact,
  RiskClass,
  SystemDescription,
  SystemId,
  SystemType,
  VersionDeployed,
  Versions,
} from './facts.ts';
export { RISK_CLASSES, SYSTEM_TYPES } from './facts.ts';
export type { AiSystem, Deployment, Inventory } from './system.ts';
export { foldSystem } from './system.ts';
