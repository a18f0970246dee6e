import type { Role, Scope } from '@firebreak/core/prepare/people';

/** What each role is for, in words. Exactly what it may do stands in the core. */
export const ROLE_WORDS: Record<Role, string> = {
  viewer: 'reads everything',
  reporter: 'raises signals and declares incidents',
  responder: 'works in the war room and may stop a system',
  lead: 'leads incidents, lifts holds, wires controls and edits systems',
  counsel: 'answers legal questions, files and publishes',
  administrator: 'everything, people and keys included',
};

export const SCOPE_WORDS: Record<Scope, string> = {
  'signals:write': 'raise signals',
  'telemetry:write': 'send interactions and traces',
  'feedback:write': 'send what users say',
  guard: 'read orders and acknowledge them',
  gateway: 'ask models through the gateway',
  flags: 'evaluate flags (OpenFeature)',
  gate: 'ask the launch gate',
  runner: 'run scripts of its machine when a control is held',
  read: 'read everything',
  respond: 'declare and contain',
  admin: 'everything',
};
