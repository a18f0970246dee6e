import {
  type PhaseKey,
  PLAYBOOK_LIMITS,
  type PlaybookStep,
  STEP_OWNERS,
  type StepCommand,
  type StepOwner,
} from '../playbooks/index.ts';
import { EXTENSION, stepFromExtension, stepKey } from './extension.ts';
import { ordered } from './flow.ts';
import { type JsonObject, listOf, objectOf, textOf } from './json.ts';

/** Before the text of a command that came encoded, and stays so. */
export const ENCODED = 'base64: ';

/** The phase an activity of CACAO belongs to. What is looked into before anything was stopped is triage, after it assessment. */
const PHASE_OF: Readonly<Record<string, PhaseKey>> = {
  'restrict-access': 'contain',
  'disconnect-system': 'contain',
  'compose-content': 'communicate',
  'deliver-content': 'communicate',
  'identify-audience': 'communicate',
  'identify-channel': 'communicate',
  'eliminate-risk': 'remediate',
  'revert-system': 'remediate',
  'configure-systems': 'remediate',
  'restore-data': 'remediate',
  'restore-capabilities': 'remediate',
};
const LOOKING = [
  'scan-system',
  'match-indicator',
  'analyze-collected-data',
  'identify-indicators',
  'scan-vulnerabilities',
];

/** The steps of a checked workflow in the order somebody would meet them, each once, with the condition it hangs on. */
export function stepsOf(document: JsonObject): PlaybookStep[] {
  const workflow = objectOf(document.workflow);
  const agents = objectOf(document.agent_definitions);
  const steps: PlaybookStep[] = [];
  const keys = new Set<string>();
  let phase: PhaseKey = 'triage';
  let contained = false;
  for (const { id, when } of ordered(workflow, textOf(document.workflow_start), textOf(document.workflow_exception))) {
    const step = objectOf(workflow[id]);
    const name = textOf(step.name);
    const extension = objectOf(objectOf(step.step_extensions)[EXTENSION]);
    if (step.type !== 'start' && step.type !== 'end' && step.type !== 'parallel') {
      const commands = commandsOf(step);
      phase = phaseOf(step, phase, contained);
      contained ||= phase === 'contain';
      const carried = stepFromExtension(extension);
      phase = carried.phase ?? phase;
      const made: PlaybookStep = {
        key: stepKey(id),
        phase,
        text: wordsOf(step, name || id).slice(0, PLAYBOOK_LIMITS.text),
        detail: detailOf(step).slice(0, PLAYBOOK_LIMITS.detail),
        owner: ownerOf(textOf(objectOf(agents[textOf(step.agent)]).name)),
        mayRun: 'room.write',
        control: null,
        doneBy: null,
        withinMinutes: null,
        condition: when.join(', ').slice(0, 500),
        commands:
          carried.phase && commands[0]?.kind === 'manual' && commands[0].text === name ? commands.slice(1) : commands,
        ...carried,
      };
      steps.push({ ...made, key: fresh(made.key, keys) });
    }
  }
  return steps;
}

function fresh(key: string, taken: Set<string>): string {
  let made = key;
  for (let n = 2; taken.has(made); n++) made = `${key.slice(0, 58)}-${n}`;
  taken.add(made);
  return made;
}

function phaseOf(step: JsonObject, before: PhaseKey, contained: boolean): PhaseKey {
  for (const command of listOf(step.commands)) {
    const activity = textOf(objectOf(command).playbook_activity);
    if (LOOKING.includes(activity)) return contained ? 'assess' : 'triage';
    const phase = PHASE_OF[activity];
    if (phase) return phase;
  }
  return before;
}

function wordsOf(step: JsonObject, name: string): string {
  switch (step.type) {
    case 'if-condition':
    case 'switch-condition':
      return `Decide: ${name}`;
    case 'while-condition':
      return `Repeat while it holds: ${name}`;
    case 'playbook-action':
      return `Follow the playbook ${name === '' ? textOf(step.playbook_id) : name}`;
    default:
      return name;
  }
}

function detailOf(step: JsonObject): string {
  const more = textOf(step.condition) || textOf(step.switch) || textOf(step.playbook_id);
  return [textOf(step.description), more].filter(Boolean).join('\n');
}

/** What a command says, as text. It is never decoded, filled in or run. */
function commandsOf(step: JsonObject): StepCommand[] {
  return listOf(step.commands)
    .slice(0, PLAYBOOK_LIMITS.commands)
    .map((each) => {
      const command = objectOf(each);
      const plain = textOf(command.command);
      const content = textOf(command.content);
      const encoded = textOf(command.command_b64) || textOf(command.content_b64);
      const text =
        [plain, content, encoded && `${ENCODED}${encoded}`].filter(Boolean).join('\n') || textOf(command.description);
      return { kind: textOf(command.type), text: text.slice(0, PLAYBOOK_LIMITS.commandText) };
    });
}

function ownerOf(agent: string): StepOwner | null {
  const plain = stepKey(agent);
  return (
    STEP_OWNERS.find((owner) => plain === owner || plain === `${owner}-lead` || plain === owner.replace('-lead', '')) ??
    null
  );
}
