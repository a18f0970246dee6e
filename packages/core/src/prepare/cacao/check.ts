import type { Finding } from './finding.ts';
import { edgesOf, walk } from './flow.ts';
import { isObject, type Json, type JsonObject, listOf, objectOf, part, textOf, textsOf } from './json.ts';
import {
  AGENT_TYPES,
  CACAO_LIMITS,
  COMMANDS,
  kindOfId,
  PLAYBOOK,
  PLAYBOOK_REQUIRED,
  STEPS,
  VARIABLE_NAME,
} from './shapes.ts';

type Members = Readonly<Record<string, readonly [(value: Json) => boolean, string]>>;

/**
 * Whether a document is CACAO 2.0: the members the published schemas name, and what those schemas cannot say: that
 * references lead somewhere, every path ends, nothing runs in a circle, and agents and variables exist. Contact and
 * address blocks of agents are not looked into.
 */
export function checkCacao(document: Json): Finding[] {
  const found: Finding[] = [];
  const error = (pointer: string, what: string) => found.push({ level: 'error', pointer, what });
  if (!isObject(document)) {
    error('', 'A CACAO playbook is one JSON object; this is not.');
    return found;
  }
  if (document.type !== 'playbook') error('/type', 'The type of a playbook is “playbook”.');
  if (document.spec_version !== 'cacao-2.0') error('/spec_version', 'Only “cacao-2.0” is read as it stands.');
  members(document, PLAYBOOK, PLAYBOOK_REQUIRED, '', error);
  if (kindOfId(document.id) !== null && kindOfId(document.id) !== 'playbook')
    error('/id', 'The id of a playbook begins with playbook--.');
  if (textOf(document.modified) < textOf(document.created))
    error('/modified', 'It was modified before it was created.');
  listOf(document.external_references).forEach((each, i) => {
    if (textOf(objectOf(each).name) === '') error(`/external_references/${i}/name`, 'A reference needs a name.');
  });
  variables(document.playbook_variables, '/playbook_variables', error);
  agents(document.agent_definitions, '/agent_definitions', error);
  agents(document.target_definitions, '/target_definitions', error);
  if (!isObject(document.workflow)) return found;
  const count = Object.keys(document.workflow).length;
  if (count > CACAO_LIMITS.workflow) {
    error('/workflow', `The workflow has ${count} steps; at most ${CACAO_LIMITS.workflow} are read.`);
    return found;
  }
  for (const [id, step] of Object.entries(document.workflow)) checkStep(document, id, objectOf(step), error);
  checkFlow(document, document.workflow, error);
  const used = new Set(
    Object.values(document.workflow).flatMap((step) =>
      listOf(objectOf(step).commands).map((c) => textOf(objectOf(c).playbook_activity)),
    ),
  );
  textsOf(document.playbook_activities).forEach((activity, i) => {
    if (!used.has(activity)) error(`/playbook_activities/${i}`, `No step does “${activity}”.`);
  });
  return found;
}

type Report = (pointer: string, what: string) => void;

function members(object: JsonObject, known: Members, required: readonly string[], at: string, error: Report): void {
  for (const name of required) if (object[name] === undefined) error(`${at}/${name}`, `“${name}” is missing.`);
  for (const [name, value] of Object.entries(object)) {
    const shape = Object.hasOwn(known, name) ? known[name] : undefined;
    if (!shape) error(`${at}/${part(name)}`, `“${name}” is not a member CACAO 2.0 knows here.`);
    else if (!shape[0](value)) error(`${at}/${part(name)}`, `“${name}” should be ${shape[1]}.`);
  }
}

function variables(value: Json | undefined, at: string, error: Report): void {
  for (const [name, each] of Object.entries(objectOf(value))) {
    const pointer = `${at}/${part(name)}`;
    if (!VARIABLE_NAME.test(name)) error(pointer, `The name of a variable has the form __name__, not “${name}”.`);
    const { type, value: held } = objectOf(each);
    if (typeof type !== 'string') error(`${pointer}/type`, 'A variable needs a type.');
    if (held !== undefined && held !== null && typeof held !== 'string')
      error(`${pointer}/value`, 'The value of a variable is written as a text.');
  }
}

function agents(value: Json | undefined, at: string, error: Report): void {
  for (const [id, each] of Object.entries(objectOf(value))) {
    const { type, name } = objectOf(each);
    const pointer = `${at}/${part(id)}`;
    if (typeof name !== 'string') error(`${pointer}/name`, 'An agent or target needs a name.');
    if (!AGENT_TYPES.includes(textOf(type)))
      error(`${pointer}/type`, `“${textOf(type)}” is not an agent type of CACAO 2.0.`);
    else if (kindOfId(id) !== type)
      error(pointer, `The id of this ${textOf(type)} should begin with ${textOf(type)}--.`);
  }
}

function checkStep(document: JsonObject, id: string, step: JsonObject, error: Report): void {
  const at = `/workflow/${part(id)}`;
  const type = textOf(step.type);
  const shape = Object.hasOwn(STEPS, type) ? STEPS[type] : undefined;
  if (!shape) {
    error(`${at}/type`, `“${type}” is not a type of step CACAO 2.0 knows.`);
    return;
  }
  if (kindOfId(id) !== type) error(at, `The id of this step should be ${type}-- and a UUID.`);
  members(step, shape.members, shape.required, at, error);
  if (step.on_completion !== undefined && (step.on_success !== undefined || step.on_failure !== undefined))
    error(`${at}/on_completion`, 'A step goes on by on_completion, or by on_success and on_failure, not both.');
  variables(step.step_variables, `${at}/step_variables`, error);
  if (step.agent !== undefined && objectOf(document.agent_definitions)[textOf(step.agent)] === undefined)
    error(`${at}/agent`, `The agent ${textOf(step.agent)} is not defined.`);
  textsOf(step.targets).forEach((target, i) => {
    if (objectOf(document.target_definitions)[target] === undefined)
      error(`${at}/targets/${i}`, `The target ${target} is not defined.`);
  });
  for (const [pointer, name] of variablesUsed(step))
    if (objectOf(document.playbook_variables)[name] === undefined && objectOf(step.step_variables)[name] === undefined)
      error(`${at}${pointer}`, `The variable ${name} is not declared.`);
  listOf(step.commands).forEach((each, i) => {
    const command = objectOf(each);
    const kind = COMMANDS[textOf(command.type)];
    if (typeof command.type !== 'string') error(`${at}/commands/${i}/type`, 'A command needs a type.');
    for (const name of kind?.required ?? [])
      if (command[name] === undefined)
        error(`${at}/commands/${i}/${name}`, `A command of the kind ${textOf(command.type)} needs “${name}”.`);
    for (const name of kind ? Object.keys(command) : [])
      if (!kind!.members.includes(name))
        error(
          `${at}/commands/${i}/${part(name)}`,
          `“${name}” is not a member of a command of the kind ${textOf(command.type)}.`,
        );
  });
}

/** Variables a step names outside its commands, with where. */
function variablesUsed(step: JsonObject): [pointer: string, name: string][] {
  const used: [string, string][] = [];
  for (const list of ['in_args', 'out_args'])
    textsOf(step[list]).forEach((name, i) => {
      used.push([`/${list}/${i}`, name]);
    });
  for (const text of ['condition', 'switch'])
    for (const [name] of textOf(step[text]).matchAll(/__[a-zA-Z_][a-zA-Z0-9_-]{0,199}?__/g))
      used.push([`/${text}`, name]);
  return used;
}

function checkFlow(document: JsonObject, workflow: JsonObject, error: Report): void {
  const start = textOf(document.workflow_start);
  const exception = textOf(document.workflow_exception);
  if (textOf(objectOf(workflow[start]).type) !== 'start')
    error('/workflow_start', 'The workflow begins at a start step; this is none.');
  if (exception !== '' && workflow[exception] === undefined) error('/workflow_exception', 'There is no such step.');
  const starts = Object.entries(workflow).filter(([, step]) => objectOf(step).type === 'start');
  if (starts.length > 1) error('/workflow', `A workflow has one start step; this has ${starts.length}.`);
  for (const [id, value] of Object.entries(workflow)) {
    const step = objectOf(value);
    const edges = edgesOf(step);
    for (const { at, to } of edges)
      if (workflow[to] === undefined)
        error(`/workflow/${part(id)}${at}`, `This leads to “${to}”, which is not a step.`);
    const ends = ['end', 'if-condition', 'switch-condition', 'parallel'].includes(textOf(step.type));
    if (!ends && edges.length === 0) error(`/workflow/${part(id)}`, 'The path stops here without an end step.');
  }
  const { reached, circle } = walk(workflow, [start, exception]);
  if (circle) {
    const names = circle.map((id) => textOf(objectOf(workflow[id]).name) || id).slice(0, 12);
    error(
      `/workflow/${part(circle[0]!)}`,
      `The steps run in a circle: ${names.join(' → ')}. Only a while-condition may repeat steps.`,
    );
  } else
    for (const id of Object.keys(workflow))
      if (!reached.has(id)) error(`/workflow/${part(id)}`, 'No path from the start leads to this step.');
}
