import type { IncidentDeadlines } from '@firebreak/contract/respond/tasks';
import type { IncidentRole, IncidentState, NamedTime } from '@firebreak/core/respond/incidents';
import { ago } from '../../ui/durations.ts';

export const STATE_WORDS: Record<IncidentState, string> = {
  open: 'open',
  contained: 'contained',
  resolved: 'resolved',
  closed: 'closed',
};

export const ROLE_TITLES: Record<IncidentRole, string> = {
  commander: 'Commander',
  scribe: 'Scribe',
  'technical-lead': 'Technical lead',
  'communications-lead': 'Communications lead',
  legal: 'Legal',
  privacy: 'Privacy',
  security: 'Security',
  'application-owner': 'Application owner',
  'executive-sponsor': 'Executive sponsor',
};

export const ROLE_DUTIES: Record<IncidentRole, string> = {
  commander: 'decides, and is the one everybody reports to',
  scribe: 'writes down what the room sees and decides',
  'technical-lead': 'finds the cause and proposes what to stop',
  'communications-lead': 'tells the team, the users and the press',
  legal: 'answers whether a legal clock runs',
  privacy: 'answers whether personal data is involved',
  security: 'looks for an attacker',
  'application-owner': 'answers for the system and its users',
  'executive-sponsor': 'clears the way',
};

/** Seats that should never be empty while an incident runs. */
export const NEEDED_ROLES = [
  'commander',
  'technical-lead',
  'communications-lead',
] as const satisfies readonly IncidentRole[];

export const TIME_TITLES: Record<NamedTime, string> = {
  started: 'Started',
  detected: 'Detected',
  declared: 'Declared',
  contained: 'Contained',
};
export const TIME_MEANINGS: Record<NamedTime, string> = {
  started: 'the first wrong thing it did',
  detected: 'the first time anybody or anything noticed',
  declared: 'when somebody called it an incident',
  contained: 'when it could do no further harm',
};

/** What an incident is late with, and what falls due next, in a line each; null where there is nothing to say. */
export function deadlineWords(
  { late, latest, next }: Pick<IncidentDeadlines, 'late' | 'latest' | 'next'>,
  now: number,
): { readonly late: string | null; readonly next: string | null } {
  return {
    late:
      latest === null || late === 0
        ? null
        : late === 1
          ? `late since ${ago(latest.dueAt, now).replace(/ ago$/, '')}: ${latest.text}`
          : `${late} steps late, first: ${latest.text}`,
    next: next === null ? null : `next ${ago(next.dueAt, now)}: ${next.text}`,
  };
}
