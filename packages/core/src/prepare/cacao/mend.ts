import { type Instant, later } from '../../kernel/index.ts';
import { type Bench, namedReferences } from './bench.ts';
import type { Finding } from './finding.ts';
import { isObject, type Json, type JsonObject, listOf, objectOf, part, textOf, textsOf } from './json.ts';
import { addEnds, repairFlow } from './mend-flow.ts';
import { mendStep } from './mend-step.ts';
import { AGENT_TYPES, CACAO_LIMITS, kindOfId, PLAYBOOK, VARIABLE_NAME } from './shapes.ts';
import { uuidOf } from './uuid.ts';

const STEP_TYPES = [
  'start',
  'end',
  'action',
  'playbook-action',
  'parallel',
  'if-condition',
  'while-condition',
  'switch-condition',
];

/** The type a step has after mending: decisions become conditions, what is unknown becomes something a person does. */
function typeOfStep(step: JsonObject): string {
  const type = textOf(step.type);
  if (STEP_TYPES.includes(type)) return type;
  if (type !== 'decision') return 'action';
  const answers = Object.keys(objectOf(step.conditions)).map((answer) => answer.toLowerCase());
  const yesNo = answers.length > 0 && answers.every((answer) => ['yes', 'no', 'true', 'false'].includes(answer));
  return yesNo && answers.some((a) => a === 'yes' || a === 'true') ? 'if-condition' : 'switch-condition';
}

/**
 * Reads what is nearly CACAO: the dialect of the CoSAI framework, agents of one vendor, missing and unknown members.
 * Everything it does is a warning with a pointer; what cannot be mended is left for the check to refuse.
 */
export function mendCacao(read: JsonObject, readAt: Instant): { document: JsonObject; findings: Finding[] } {
  const findings: Finding[] = [];
  const warn = (pointer: string, what: string) => findings.push({ level: 'warning', pointer, what });
  const name = textOf(read.name) || 'Unnamed playbook';
  const space = uuidOf(textOf(read.id) || name);
  const idOf = (kind: string, given: string) => (kindOfId(given) === kind ? given : `${kind}--${uuidOf(given, space)}`);
  const workflow = objectOf(read.workflow);
  if (Object.keys(workflow).length > CACAO_LIMITS.workflow) return { document: read, findings };

  const out: Record<string, Json> = { ...headOf(read, name, idOf, readAt, warn) };
  const agents = new Map<string, JsonObject>();
  const agentIds = new Map<string, string>();
  for (const [id, each] of Object.entries(objectOf(read.agent_definitions)))
    agentIds.set(id, addAgent(agents, id, objectOf(each), `/agent_definitions/${part(id)}`, idOf, warn));
  const targets = new Map<string, JsonObject>();
  const targetIds = new Map<string, string>();
  for (const [id, each] of Object.entries(objectOf(read.target_definitions)))
    targetIds.set(id, addAgent(targets, id, objectOf(each), `/target_definitions/${part(id)}`, idOf, warn));

  const bench: Bench = {
    warn,
    idOf,
    steps: new Map(Object.entries(workflow).map(([id, step]) => [id, idOf(typeOfStep(objectOf(step)), id)])),
    agents,
    agent: (id) => agentIds.get(id) ?? id,
    variables: new Map(),
  };
  mendVariables(read.playbook_variables, '/playbook_variables', bench);
  const mended: Record<string, JsonObject> = {};
  for (const [id, value] of Object.entries(workflow)) {
    const step = objectOf(value);
    const done = mendStep(id, step, typeOfStep(step), bench);
    const goals = textsOf(done.targets).map((target) => targetIds.get(target) ?? target);
    const known = goals.filter((target) => targets.has(target));
    if (known.length < goals.length)
      warn(`/workflow/${part(id)}/targets`, 'A target that is not defined was left out.');
    const { targets: _targets, ...rest } = done;
    mended[bench.steps.get(id)!] = known.length > 0 ? { ...rest, targets: known } : rest;
  }
  repairFlow(mended, read, bench, out);
  addEnds(mended, bench);
  out.workflow = mended;
  if (bench.variables.size > 0) out.playbook_variables = Object.fromEntries(bench.variables);
  if (agents.size > 0) out.agent_definitions = Object.fromEntries(agents);
  if (targets.size > 0) out.target_definitions = Object.fromEntries(targets);
  keepActivities(out, mended, warn);
  return { document: out, findings };
}

type Warn = Bench['warn'];

function headOf(read: JsonObject, name: string, idOf: Bench['idOf'], readAt: Instant, warn: Warn): JsonObject {
  const out: Record<string, Json> = {};
  for (const [member, value] of Object.entries(read)) {
    const shape = Object.hasOwn(PLAYBOOK, member) ? PLAYBOOK[member] : undefined;
    if (!shape) warn(`/${part(member)}`, `“${member}” is not a member CACAO 2.0 knows; it was left out.`);
    else if (shape[0](value)) out[member] = value;
  }
  const put = (member: string, value: string, why: string) => {
    if (out[member] !== value) warn(`/${member}`, why);
    out[member] = value;
  };
  out.type = 'playbook';
  if (read.spec_version !== 'cacao-2.0')
    put('spec_version', 'cacao-2.0', 'No version of CACAO was given; it is read as 2.0.');
  put('name', name, 'The playbook had no name.');
  const id = idOf('playbook', textOf(read.id) || name);
  put('id', id, `The id was no id of CACAO; it became ${id}.`);
  const author = textOf(read.created_by) || 'unknown';
  const by = kindOfId(author) === null ? `identity--${uuidOf(author)}` : author;
  put('created_by', by, `“${author.slice(0, 80)}” is no identity; it became ${by}.`);
  const created = (textOf(out.created) || readAt) as Instant;
  put('created', created, 'No good time of creation was given; the time of reading stands in.');
  const modified = later(textOf(out.modified) as Instant, created);
  put('modified', modified, 'No good time of change was given; that of creation stands in.');
  for (const member of Object.keys(read))
    if (Object.hasOwn(PLAYBOOK, member) && out[member] === undefined)
      warn(`/${member}`, `“${member}” should be ${PLAYBOOK[member]![1]}; it was left out.`);
  const references = namedReferences(out.external_references, '/external_references', warn);
  if (references) out.external_references = references;
  for (const rebuilt of ['workflow', 'playbook_variables', 'agent_definitions', 'target_definitions'])
    delete out[rebuilt];
  return out;
}

function addAgent(
  into: Map<string, JsonObject>,
  id: string,
  agent: JsonObject,
  at: string,
  idOf: Bench['idOf'],
  warn: Warn,
): string {
  const type = textOf(agent.type);
  const known = AGENT_TYPES.includes(type);
  const name = textOf(agent.name) || type || id;
  const kind = known ? type : 'group';
  const made = idOf(kind, id);
  if (!known) warn(`${at}/type`, `“${type}” is an agent of one vendor; “${name}” is kept as a group of people.`);
  else if (made !== id) warn(at, `The id was no id of CACAO; it became ${made}.`);
  const description = textOf(agent.description);
  into.set(made, known ? { ...agent, name } : { type: 'group', name, ...(description && { description }) });
  return made;
}

/** Names take the form `__name__`, values become texts; what is no object goes. */
function mendVariables(value: Json | undefined, at: string, bench: Bench): void {
  for (const [name, each] of Object.entries(objectOf(value))) {
    const pointer = `${at}/${part(name)}`;
    if (!isObject(each)) {
      bench.warn(pointer, 'A variable is an object; this was left out.');
      continue;
    }
    const good = VARIABLE_NAME.test(name)
      ? name
      : `__${name.replace(/[^a-zA-Z0-9_-]+/g, '_').replace(/^_+|_+$/g, '') || 'variable'}__`;
    if (good !== name) bench.warn(pointer, `The name became ${good}.`);
    const { value: held, ...rest } = each;
    const text = held === undefined || held === null || typeof held === 'string' ? held : JSON.stringify(held);
    if (text !== held) bench.warn(`${pointer}/value`, 'The value was made a text.');
    bench.variables.set(good, {
      ...rest,
      type: textOf(each.type) || 'string',
      ...(text !== undefined && { value: text }),
    });
  }
}

function keepActivities(out: Record<string, Json>, workflow: JsonObject, warn: Warn): void {
  const used = new Set(
    Object.values(workflow).flatMap((step) =>
      listOf(objectOf(step).commands).map((each) => textOf(objectOf(each).playbook_activity)),
    ),
  );
  const listed = textsOf(out.playbook_activities);
  const kept = listed.filter((activity) => used.has(activity));
  if (kept.length === listed.length) return;
  warn('/playbook_activities', `No step does ${listed.filter((a) => !used.has(a)).join(', ')}; left out.`);
  if (kept.length > 0) out.playbook_activities = kept;
  else delete out.playbook_activities;
}
