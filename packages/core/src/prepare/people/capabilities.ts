/** Everything somebody may be allowed to do. Roles and API key scopes are sets of these; `act` asks for one by name. */
export const CAPABILITIES = [
  'read',
  'signal.raise',
  'telemetry.send',
  'feedback.send',
  'change.report',
  'guard.obey',
  'gateway.use',
  'flags.read',
  'gate.ask',
  'incident.declare',
  'incident.lead',
  'candidate.judge',
  'room.write',
  'containment.order',
  'containment.lift',
  'containment.declare',
  'containment.break-glass',
  'answer.decide',
  'update.publish',
  'filing.file',
  'system.edit',
  'rubric.adopt',
  'roles.assign',
  'risk.edit',
  'policy.edit',
  'exception.ask',
  'exception.approve',
  'vendor.edit',
  'monitor.edit',
  'eval.edit',
  'eval.run',
  'evidence.export',
  'executor.run',
  'people.administer',
] as const;
export type Capability = (typeof CAPABILITIES)[number];

const RESPONDER = [
  'read',
  'signal.raise',
  'feedback.send',
  'change.report',
  'incident.declare',
  'candidate.judge',
  'room.write',
  'containment.order',
  'answer.decide',
  'exception.ask',
  'eval.run',
  'evidence.export',
] as const satisfies readonly Capability[];
const LEAD = [
  ...RESPONDER,
  'incident.lead',
  'containment.lift',
  'containment.declare',
  'containment.break-glass',
  'system.edit',
  'rubric.adopt',
  'roles.assign',
  'risk.edit',
  'policy.edit',
  'exception.approve',
  'vendor.edit',
  'monitor.edit',
  'eval.edit',
  'update.publish',
] as const satisfies readonly Capability[];

/** Roles as sets of capabilities. Restricting is cheap and so wide-spread; lifting, publishing and filing are not. */
export const ROLES = {
  viewer: ['read'],
  reporter: ['read', 'signal.raise', 'feedback.send', 'incident.declare'],
  responder: RESPONDER,
  lead: LEAD,
  counsel: [
    'read',
    'room.write',
    'incident.declare',
    'evidence.export',
    'filing.file',
    'update.publish',
    'policy.edit',
    'exception.ask',
    'exception.approve',
  ],
  administrator: CAPABILITIES,
} as const satisfies Record<string, readonly Capability[]>;
export type Role = keyof typeof ROLES;
export const ROLE_NAMES = Object.keys(ROLES) as Role[];

/** API key scopes (the names are promises, see the CLI's `keys create --scope`). */
export const SCOPES = {
  'signals:write': ['signal.raise', 'change.report'],
  'telemetry:write': ['telemetry.send'],
  'feedback:write': ['feedback.send'],
  guard: ['guard.obey'],
  gateway: ['gateway.use'],
  flags: ['flags.read'],
  gate: ['gate.ask', 'eval.run'],
  runner: ['executor.run'],
  read: ['read'],
  respond: [
    'read',
    'signal.raise',
    'change.report',
    'incident.declare',
    'incident.lead',
    'candidate.judge',
    'room.write',
    'containment.order',
    'answer.decide',
    'eval.run',
    'evidence.export',
  ],
  admin: CAPABILITIES,
} as const satisfies Record<string, readonly Capability[]>;
export type Scope = keyof typeof SCOPES;
export const SCOPE_NAMES = Object.keys(SCOPES) as Scope[];

export function capabilitiesOfRoles(roles: readonly Role[]): ReadonlySet<Capability> {
  return new Set(roles.flatMap((role) => [...ROLES[role]]));
}

export function capabilitiesOfScopes(scopes: readonly Scope[]): ReadonlySet<Capability> {
  return new Set(scopes.flatMap((scope) => [...SCOPES[scope]]));
}
