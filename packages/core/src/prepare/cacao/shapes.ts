import { isObject, type Json } from './json.ts';

const UUID = '[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-5][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}';
const IDENTIFIER = new RegExp(`^([a-z][a-z0-9-]+[a-z0-9])--${UUID}$`);
export const VARIABLE_NAME = /^__[a-zA-Z_][a-zA-Z0-9_-]{0,199}__$/;
const MOMENT = /^\d{4}-(0[1-9]|1[012])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?Z$/;

/** The kind of an id, `action` in `action--…`, or null where it is not one. */
export const kindOfId = (value: Json | undefined): string | null =>
  typeof value === 'string' ? (IDENTIFIER.exec(value)?.[1] ?? null) : null;

type Shape = readonly [fits: (value: Json) => boolean, wants: string];
const isText = (value: Json): value is string => typeof value === 'string';
const isList = (value: Json): value is readonly Json[] => Array.isArray(value);
const isId = (value: Json): boolean => kindOfId(value) !== null;
const id: Shape = [isId, 'an id of the form kind--UUID'];
const text: Shape = [isText, 'a text'];
const flag: Shape = [(value) => typeof value === 'boolean', 'true or false'];
const whole: Shape = [(value) => Number.isInteger(value), 'a whole number'];
const percent: Shape = [
  (v) => Number.isInteger(v) && Number(v) >= 0 && Number(v) <= 100,
  'a whole number from 0 to 100',
];
const moment: Shape = [(v) => isText(v) && MOMENT.test(v), 'a time in UTC that ends in Z'];
const ids: Shape = [(v) => isList(v) && v.length > 0 && v.every(isId), 'a list of ids'];
const texts: Shape = [(v) => isList(v) && v.every(isText), 'a list of texts'];
const someTexts: Shape = [(v) => isList(v) && v.length > 0 && v.every(isText), 'a list of at least one text'];
const object: Shape = [isObject, 'an object'];
const objects: Shape = [(v) => isList(v) && v.length > 0 && v.every(isObject), 'a list of at least one object'];

/** Members of a playbook object (CACAO 2.0, 3.1). */
export const PLAYBOOK: Readonly<Record<string, Shape>> = {
  type: text,
  spec_version: text,
  id,
  name: text,
  description: text,
  playbook_types: texts,
  playbook_activities: someTexts,
  playbook_processing_summary: object,
  created_by: id,
  created: moment,
  modified: moment,
  revoked: flag,
  valid_from: moment,
  valid_until: moment,
  derived_from: ids,
  related_to: ids,
  priority: percent,
  severity: percent,
  impact: percent,
  industry_sectors: someTexts,
  labels: someTexts,
  external_references: objects,
  markings: ids,
  playbook_variables: object,
  workflow_start: id,
  workflow_exception: id,
  workflow: object,
  playbook_extensions: object,
  authentication_info_definitions: object,
  agent_definitions: object,
  target_definitions: object,
  extension_definitions: object,
  data_marking_definitions: object,
  signatures: objects,
};
export const PLAYBOOK_REQUIRED = ['id', 'name', 'created_by', 'created', 'modified', 'workflow_start', 'workflow'];

const STEP: Readonly<Record<string, Shape>> = {
  type: text,
  name: text,
  description: text,
  external_references: objects,
  delay: whole,
  timeout: whole,
  step_variables: object,
  owner: id,
  on_completion: id,
  on_success: id,
  on_failure: id,
  step_extensions: object,
};

interface StepShape {
  readonly members: Readonly<Record<string, Shape>>;
  readonly required: readonly string[];
}
const stepShape = (required: readonly string[], own: Readonly<Record<string, Shape>>): StepShape => ({
  members: { ...STEP, ...own },
  required,
});
const { on_completion: _c, on_success: _s, on_failure: _f, ...ENDING } = STEP;
const { on_success: _s2, on_failure: _f2, ...STARTING } = STEP;

/** Members of each type of step (CACAO 2.0, 4). */
export const STEPS: Readonly<Record<string, StepShape>> = {
  start: { members: STARTING, required: ['on_completion'] },
  end: { members: ENDING, required: [] },
  action: stepShape(['commands', 'agent'], {
    commands: objects,
    agent: id,
    targets: ids,
    in_args: someTexts,
    out_args: someTexts,
  }),
  'playbook-action': stepShape(['playbook_id'], {
    playbook_id: id,
    playbook_version: moment,
    in_args: someTexts,
    out_args: someTexts,
  }),
  parallel: stepShape(['next_steps'], {
    next_steps: [(v) => isList(v) && v.length > 1 && v.every(isId), 'a list of at least two ids'],
  }),
  'if-condition': stepShape(['condition', 'on_true'], { condition: text, on_true: id, on_false: id }),
  'while-condition': stepShape(['condition', 'on_true'], { condition: text, on_true: id }),
  'switch-condition': stepShape(['switch', 'cases'], {
    switch: text,
    cases: [(v) => isObject(v) && Object.values(v).every(isId), 'an object of ids'],
  }),
};

const COMMAND = ['type', 'description', 'version', 'playbook_activity', 'external_references'];
const plain = { members: [...COMMAND, 'command', 'command_b64'], required: [] };
const encoded = { members: [...COMMAND, 'command_b64'], required: ['command_b64'] };

/** Members of each kind of command (CACAO 2.0, 5). The vocabulary is open: other kinds are taken as they are. */
export const COMMANDS: Readonly<Record<string, { members: readonly string[]; required: readonly string[] }>> = {
  manual: plain,
  bash: plain,
  'caldera-cmd': plain,
  powershell: plain,
  ssh: plain,
  elastic: encoded,
  jupyter: encoded,
  kestrel: encoded,
  sigma: encoded,
  yara: encoded,
  'http-api': { members: [...COMMAND, 'command', 'headers', 'content', 'content_b64'], required: ['command'] },
  'openc2-http': { members: [...COMMAND, 'command', 'content_b64', 'headers'], required: ['command', 'content_b64'] },
};

export const AGENT_TYPES = [
  'group',
  'individual',
  'location',
  'organization',
  'sector',
  'http-api',
  'linux',
  'net-address',
  'security-category',
  'ssh',
];

/** What is kept of a file at most. */
export const CACAO_LIMITS = { bytes: 512 * 1024, depth: 64, workflow: 400 } as const;
