import { type Bench, namedReferences } from './bench.ts';
import { isObject, type Json, type JsonObject, listOf, objectOf, part, textOf, textsOf } from './json.ts';
import { COMMANDS, STEPS, VARIABLE_NAME } from './shapes.ts';

/** What the CoSAI dialect calls an action, as an activity of CACAO. */
const ACTIVITIES: Readonly<Record<string, string>> = {
  detection: 'scan-system',
  investigation: 'analyze-collected-data',
  containment: 'restrict-access',
  notification: 'compose-content',
  remediation: 'eliminate-risk',
  mitigation: 'eliminate-risk',
  recovery: 'restore-capabilities',
  logging: 'compose-content',
  documentation: 'compose-content',
};
const DIALECT = ['next_step', 'conditions', 'action_type', 'implemented_by'];
const TO_STEPS = ['on_completion', 'on_success', 'on_failure', 'on_true', 'on_false'];

/** One step as CACAO 2.0 has it, its references to other steps translated. Loose ends are tied later. */
export function mendStep(id: string, step: JsonObject, type: string, bench: Bench): JsonObject {
  const at = `/workflow/${part(id)}`;
  const to = (value: Json | undefined): string => bench.steps.get(textOf(value)) ?? textOf(value);
  const out: Record<string, Json> = { type };
  const was = textOf(step.type);
  if (was !== type) {
    const how = was === 'decision' ? `became a ${type}` : 'is kept as something a person does';
    bench.warn(
      `${at}/type`,
      `The step “${textOf(step.name) || id}” is of the type “${was}”, which CACAO 2.0 does not know; it ${how}.`,
    );
  }
  if (bench.steps.get(id) !== id) bench.warn(at, `The id was no id of CACAO; it became ${bench.steps.get(id)}.`);
  const shape = STEPS[type]!;
  for (const [member, value] of Object.entries(step)) {
    if (member === 'type' || DIALECT.includes(member)) continue;
    const fits = Object.hasOwn(shape.members, member) ? shape.members[member] : undefined;
    if (TO_STEPS.includes(member) && fits && typeof value === 'string') out[member] = to(value);
    else if (member === 'next_steps' && fits) out.next_steps = listOf(value).map(to);
    else if (member === 'cases' && fits && isObject(value))
      out.cases = Object.fromEntries(Object.entries(value).map(([answer, goal]) => [answer, to(goal)]));
    else if (member === 'agent' && fits) out.agent = bench.agent(textOf(value));
    else if (member === 'targets' && fits) out.targets = textsOf(value);
    else if (fits?.[0](value)) out[member] = value;
    else
      bench.warn(
        `${at}/${part(member)}`,
        `“${member}” ${fits ? `should be ${fits[1]}` : 'is not a member CACAO 2.0 knows here'}; it was left out.`,
      );
  }
  const references = namedReferences(out.external_references, `${at}/external_references`, bench.warn);
  if (references) out.external_references = references;
  if (step.next_step !== undefined && shape.members.on_completion) out.on_completion ??= to(step.next_step);
  if (out.on_completion !== undefined && (out.on_success !== undefined || out.on_failure !== undefined)) {
    bench.warn(`${at}/on_completion`, 'It gave two ways on; on_success and on_failure are kept.');
    delete out.on_completion;
  }
  if (was === 'decision') decide(id, step, type, out, to, bench);
  if (type === 'action') act(id, step, out, bench);
  for (const list of ['in_args', 'out_args']) {
    if (out[list] === undefined) continue;
    const names = textsOf(out[list]);
    const good = names.filter((name) => VARIABLE_NAME.test(name));
    if (good.length < names.length) bench.warn(`${at}/${list}`, 'A name that is none of a variable was left out.');
    if (good.length > 0) out[list] = good;
    else delete out[list];
    for (const name of good) declare(name, `${at}/${list}`, objectOf(step.step_variables), bench);
  }
  for (const member of ['condition', 'switch'])
    for (const [name] of textOf(out[member]).matchAll(/__[a-zA-Z_][a-zA-Z0-9_-]{0,199}?__/g))
      declare(name, `${at}/${member}`, objectOf(step.step_variables), bench);
  return out;
}

/** A question of the CoSAI dialect: answers lead to steps. Who follows the playbook answers it. */
function decide(
  id: string,
  step: JsonObject,
  type: string,
  out: Record<string, Json>,
  to: (v: Json) => string,
  bench: Bench,
): void {
  const variable = `__${id.replace(/[^a-zA-Z0-9_]+/g, '_').slice(0, 80)}__`;
  bench.variables.set(variable, { type: 'string', external: true, description: textOf(step.name) || id });
  const answers = Object.entries(objectOf(step.conditions));
  if (type === 'if-condition') {
    const yes = answers.find(([answer]) => /^(yes|true)$/i.test(answer))!;
    const no = answers.find(([answer]) => /^(no|false)$/i.test(answer));
    out.condition = `${variable}:value = '${yes[0]}'`;
    out.on_true = to(yes[1]);
    if (no) out.on_false = to(no[1]);
  } else {
    out.switch = `${variable}:value`;
    out.cases = Object.fromEntries(answers.map(([answer, goal]) => [answer, to(goal)]));
  }
}

function act(id: string, step: JsonObject, out: Record<string, Json>, bench: Bench): void {
  const at = `/workflow/${part(id)}`;
  const commands = listOf(step.commands).filter(isObject);
  const activity = ACTIVITIES[textOf(step.action_type)];
  if (commands.length === 0) {
    bench.warn(`${at}/commands`, 'The step had no command; its words became one for a person.');
    const command = textOf(step.description) || textOf(step.name) || id;
    out.commands = [{ type: 'manual', command, ...(activity && { playbook_activity: activity }) }];
  } else out.commands = commands.map((each, i) => mendCommand(each, `${at}/commands/${i}`, bench));
  if (out.agent !== undefined && bench.agents.has(textOf(out.agent))) return;
  const software = objectOf(step.implemented_by);
  const name = textOf(software.name) || 'Responders';
  const agent = bench.idOf('group', `agent:${name}`);
  if (out.agent !== undefined)
    bench.warn(`${at}/agent`, `The agent ${textOf(out.agent)} is not defined; “${name}” stands in.`);
  else bench.warn(`${at}/agent`, `Nobody was named to do this; “${name}” stands in.`);
  bench.agents.set(agent, { type: 'group', name });
  out.agent = agent;
}

function mendCommand(command: JsonObject, at: string, bench: Bench): JsonObject {
  const kind = textOf(command.type) || 'manual';
  const known = Object.hasOwn(COMMANDS, kind) ? COMMANDS[kind] : undefined;
  if (!known) {
    bench.warn(`${at}/type`, `“${kind}” is not a kind of command CACAO 2.0 lists. It is kept as text; nothing is run.`);
    return { ...command, type: kind };
  }
  const missing = known.required.filter((name) => command[name] === undefined);
  if (missing.length > 0) {
    bench.warn(
      at,
      `A command of the kind ${kind} needs ${missing.join(' and ')}; what is there became a task for a person.`,
    );
    return {
      type: 'manual',
      command: `${kind}: ${textOf(command.command) || textOf(command.description) || 'no text'}`,
    };
  }
  const out: Record<string, Json> = { type: kind };
  for (const [name, value] of Object.entries(command))
    if (known.members.includes(name)) out[name] = value;
    else
      bench.warn(`${at}/${part(name)}`, `“${name}” is not a member of a command of the kind ${kind}; it was left out.`);
  return out;
}

function declare(name: string, at: string, own: JsonObject, bench: Bench): void {
  if (bench.variables.has(name) || own[name] !== undefined || !VARIABLE_NAME.test(name)) return;
  bench.warn(at, `The variable ${name} was not declared; it is read as a text from outside.`);
  bench.variables.set(name, { type: 'string', external: true });
}
