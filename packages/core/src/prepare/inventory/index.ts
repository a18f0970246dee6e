export type { ApplyPlan, HeldSystem, NumberedRow, PlannedRow, RowProblem, WantedSystem } from './apply.ts';
export { applyRow, asFile, planApply } from './apply.ts';
export type { Budget, BudgetMeasure, TokenPrice } from './budget.ts';
export { BUDGET_MEASURES, budgetFault } from './budget.ts';
export type { RecordChange, TimeLineEntry } from './changes.ts';
export { recordChange, timeLineOf } from './changes.ts';
export type { DeployVersion, RegisterSystem } from './commands.ts';
export { addFeature, deployVersion, describeSystem, registerSystem, retireFeature, retireSystem } from './commands.ts';
export type { DeliveredChange, Delivery } from './deliveries/delivery.ts';
export { readGithub } from './deliveries/github.ts';
export { readGitlab } from './deliveries/gitlab.ts';
export { readLangfuse } from './deliveries/langfuse.ts';
export type { Edge, Flow, GraphNode, GraphSnippet } from './dependencies.ts';
export { cycleWith, edgeOf, findCycle, flowsOf, snippetAround } from './dependencies.ts';
export type {
  Approval,
  Architecture,
  Autonomy,
  ChangeId,
  ChangeKind,
  ChangeRecorded,
  ChannelRoute,
  Criticality,
  Dependency,
  DependencyKind,
  DeploymentId,
  DetectionChannel,
  Feature,
  Guardrail,
  InventoryFact,
  Logging,
  Passes,
  RiskClass,
  SystemDescription,
  SystemId,
  SystemParts,
  SystemType,
  Tool,
  ToolEffect,
  ToolLimit,
  ToolManifest,
  ToolRate,
  ToolUndo,
  VersionDeployed,
  Versions,
} from './facts.ts';
export {
  ARCHITECTURES,
  AUTONOMY,
  CHANGE_KINDS,
  CHANNEL_NAMES,
  CRITICALITY,
  DEPENDENCY_KINDS,
  DETECTION_CHANNELS,
  LOGGING,
  PASSES,
  RISK_CLASSES,
  SYSTEM_TYPES,
  TOOL_EFFECTS,
  TOOL_READS,
} from './facts.ts';
export {
  declareDependency,
  dropDependency,
  giveApproval,
  grantTool,
  MOST_PARTS,
  partsOf,
  removeBudget,
  removeGuardrail,
  routeChannel,
  setBudget,
  setGuardrail,
  withdrawApproval,
  withdrawTool,
} from './parts.ts';
export type { Breach, BreachRule, CallAsked, PermissionState, Reversal, UndoKnown } from './permission.ts';
export { BREACHES, breachesOf, REVERSALS, readPermissions, reversalOf, toolMeant, undoOf } from './permission.ts';
export type { AiSystem, Deployment, Inventory } from './system.ts';
export { foldSystem, INVENTORY_TYPES } from './system.ts';
export { textDiff } from './text-diff.ts';
export { limitIn, limitsIn, sayLimits, sayUndoLine, undoIn } from './tool-lines.ts';
