import type { Instant } from '../../kernel/index.ts';
import { PHASES, type PlaybookContent, type PlaybookStep, type StepCommand } from '../playbooks/index.ts';
import { EXTENSION, EXTENSION_DEFINITION, extensionOfPlaybook, extensionOfStep, FIREBREAK } from './extension.ts';
import type { Json, JsonObject } from './json.ts';
import { COMMANDS } from './shapes.ts';
import { ENCODED } from './to-steps.ts';
import { uuidOf } from './uuid.ts';

const ACTIVITY: Readonly<Record<PlaybookStep['phase'], string>> = {
  triage: 'analyze-collected-data',
  contain: 'restrict-access',
  communicate: 'compose-content',
  document: 'compose-content',
  containment: 'restrict-access',
  assess: 'analyze-collected-data',
  remediate: 'eliminate-risk',
  learn: 'compose-content',
};

/** Kinds that need more than a text come out as something a person does. */
function commandOf({ kind, text }: StepCommand): JsonObject {
  const needs = (Object.hasOwn(COMMANDS, kind) ? COMMANDS[kind] : undefined)?.required ?? [];
  if (needs.length === 1 && needs[0] === 'command_b64' && text.startsWith(ENCODED))
    return { type: kind, command_b64: text.slice(ENCODED.length) };
  const plain = needs.every((name) => name === 'command');
  return plain ? { type: kind, command: text } : { type: 'manual', command: `${kind}: ${text}` };
}

/** A playbook as a CACAO 2.0 document: its steps one after another, each done by a group of people. */
export function documentOf(
  named: { readonly key: string; readonly id: string | null; readonly created: Instant; readonly modified: Instant },
  content: PlaybookContent,
): JsonObject {
  const space = uuidOf(named.id ?? named.key);
  const idOf = (kind: string, name: string) => `${kind}--${uuidOf(name, space)}`;
  const stepId = (step: PlaybookStep) => idOf('action', step.key);
  const end = idOf('end', 'end');
  const start = idOf('start', 'start');
  const agents: Record<string, Json> = {};
  const workflow: Record<string, Json> = {
    [start]: { type: 'start', name: 'Start', on_completion: content.steps[0] ? stepId(content.steps[0]) : end },
  };
  content.steps.forEach((step, i) => {
    const next = content.steps[i + 1];
    const owner = step.owner ?? 'responders';
    const agent = idOf('group', owner);
    agents[agent] = { type: 'group', name: owner };
    const activity = ACTIVITY[step.phase];
    const commands = [
      { type: 'manual', command: step.text, playbook_activity: activity },
      ...step.commands.map(commandOf),
    ];
    workflow[stepId(step)] = {
      type: 'action',
      name: step.text,
      ...(step.detail && { description: step.detail }),
      commands,
      agent,
      on_completion: next ? stepId(next) : end,
      step_extensions: { [EXTENSION]: extensionOfStep(step) },
    };
  });
  workflow[end] = { type: 'end', name: 'End' };
  const labels = content.archetype === 'any' ? [] : [content.archetype];
  return {
    type: 'playbook',
    spec_version: 'cacao-2.0',
    id: named.id ?? `playbook--${uuidOf(named.key)}`,
    name: content.name,
    ...(content.summary && { description: content.summary }),
    playbook_types: ['mitigation', 'remediation'],
    playbook_activities: [...new Set(content.steps.map((step) => ACTIVITY[step.phase]))],
    created_by: FIREBREAK,
    created: named.created,
    modified: named.modified,
    labels: [
      'ai-incident',
      ...labels,
      ...PHASES.filter((p) => content.steps.some((s) => s.phase === p.key)).map((p) => `phase:${p.key}`),
    ],
    workflow_start: start,
    workflow,
    playbook_extensions: { [EXTENSION]: extensionOfPlaybook(content) },
    agent_definitions: agents,
    extension_definitions: { [EXTENSION]: EXTENSION_DEFINITION },
  };
}
