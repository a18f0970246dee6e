import type { SystemType } from '../../inventory/index.ts';
import type { PlaybookStep } from '../playbook.ts';
import { step } from './step.ts';

/** What a kind of system asks for, whatever failed in it. */
export const BY_SYSTEM_TYPE: Readonly<Record<SystemType, readonly PlaybookStep[]>> = {
  generative: [
    step(
      'gen-versions',
      'triage',
      'technical-lead',
      'Compare the live prompt, model and index with the last ones known to be good',
      'A change of the last days is the first suspect; a vendor may change a model without telling.',
    ),
    step(
      'gen-fallback',
      'containment',
      'application-owner',
      'A plain answer stands in for the feature: fixed text, search, or a person',
      '',
      { control: 'route' },
    ),
    step(
      'gen-regression',
      'remediate',
      'technical-lead',
      'Every bad answer of this incident is a test case the next prompt or model must pass',
    ),
  ],
  agent: [
    step(
      'agent-running',
      'contain',
      'technical-lead',
      'Stop what runs now: queued jobs, schedules, open sessions',
      'Disabling new requests leaves a running agent running. Name the runs and stop each.',
      { withinMinutes: 15, control: 'disable', mayRun: 'containment.order' },
    ),
    step(
      'agent-rights',
      'contain',
      'security',
      'Take away tools and credentials the agent does not need to stand still',
      'Rotate what it could read. Read-only first, then nothing.',
      { mayRun: 'containment.order' },
    ),
    step(
      'agent-ledger',
      'assess',
      'technical-lead',
      'List every action it took since the first sign: undone, cannot be undone, unknown',
    ),
    step(
      'agent-approval',
      'remediate',
      'application-owner',
      'Actions that cannot be undone ask a person before they happen',
    ),
  ],
  predictive: [
    step(
      'pred-decisions',
      'contain',
      'application-owner',
      'Hold decisions that rest on the score; a person or the last good model decides',
      '',
      { control: 'route', mayRun: 'containment.order' },
    ),
    step(
      'pred-inputs',
      'triage',
      'technical-lead',
      'Look at the inputs first: missing fields, shifted ranges, a broken feed',
    ),
    step(
      'pred-groups',
      'assess',
      'application-owner',
      'Compare outcomes between groups, before and since; state sample sizes',
    ),
    step('pred-redecide', 'remediate', 'application-owner', 'Decide again for everyone wrongly decided, and tell them'),
  ],
  voice: [
    step(
      'voice-handover',
      'contain',
      'application-owner',
      'Calls go to people or to a recorded notice; nobody is left in silence',
      '',
      { withinMinutes: 20, control: 'route', mayRun: 'containment.order' },
    ),
    step(
      'voice-figures',
      'triage',
      'technical-lead',
      'Read latency at the 90th percentile and the share of tasks completed',
      'A voice agent that answers slowly fails even where every word is right.',
    ),
    step(
      'voice-recordings',
      'document',
      'privacy',
      'Keep recordings and transcripts of affected calls, as consent allows',
    ),
    step(
      'voice-callbacks',
      'remediate',
      'communications-lead',
      'Call back the people whose call failed or misled them',
    ),
  ],
};
