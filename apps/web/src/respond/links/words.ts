import type { LinkKind } from '@firebreak/core/respond/links';

export const LINK_WORDS: Record<LinkKind, string> = {
  ticket: 'Ticket',
  alert: 'Page or alert',
  chat: 'Chat channel',
  bridge: 'Video bridge',
  document: 'Document',
};
export const EVENT_WORDS = {
  'incident.declared': 'An incident is declared',
  'incident.severity-changed': 'Its severity changes',
  'incident.systems-named': 'It is said which AI systems it is about',
  'incident.contained': 'It is contained',
  'incident.closed': 'It is closed',
  'candidate.paged': 'Somebody has to look: a candidate pages',
  'executor.given-up': 'A switch of another product did not obey',
  'containment.unproven': 'An order lacks a proof that it holds',
  'containment.wide': 'A whole system is stopped or changed',
  'answers.waiting': 'Answers wait too long for a person',
  'glass.broken': 'One person let a hold go by breaking the glass',
  'tripwire.tripped': 'A tripwire ordered something, or could not',
  'agent.revoked': 'An agent loses its tools',
  'agent.restored': 'An agent has them again',
  'token.revoked': 'A token of an agent is revoked',
  verification: 'A test',
} as const;
