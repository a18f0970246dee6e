import { flagsmith } from './flagsmith.ts';
import { github } from './github.ts';
import type { Kind, Settings } from './kind.ts';
import { kubernetesAnnotate } from './kubernetes-annotate.ts';
import { kubernetesScale } from './kubernetes-scale.ts';
import { launchdarkly } from './launchdarkly.ts';
import { goodParameters, script } from './script.ts';
import { unleash } from './unleash.ts';
import { webhook } from './webhook.ts';

/** Every kind of executor there is. A new kind is one file beside these and one line here. */
const KINDS = {
  unleash,
  launchdarkly,
  flagsmith,
  github,
  'kubernetes-scale': kubernetesScale,
  'kubernetes-annotate': kubernetesAnnotate,
  webhook,
  script,
} as const satisfies Record<string, Kind>;

export type ExecutorKind = keyof typeof KINDS;
export const EXECUTOR_KINDS = Object.keys(KINDS) as [ExecutorKind, ...ExecutorKind[]];
export const kindOf = (kind: ExecutorKind): Kind => KINDS[kind];

export interface SettingFault {
  readonly name: string;
  readonly why: string;
}

/** Settings with what stands where nothing was said, or the first that is wrong. Names the kind does not know are wrong too. */
export function settingsFor(kind: ExecutorKind, said: Settings): Settings | SettingFault {
  const { fields } = kindOf(kind);
  const stranger = Object.keys(said).find((name) => !fields.some((field) => field.name === name));
  if (stranger !== undefined)
    return {
      name: stranger,
      why: `${KINDS[kind].title} has no such setting; it has ${fields.map(({ name }) => name).join(', ')}`,
    };
  const settings: Record<string, string> = {};
  for (const { name, label, otherwise, fits, options, most = 300 } of fields) {
    const value = (said[name] ?? '').trim() || (otherwise ?? '');
    if (value === '' && otherwise === undefined) return { name, why: `${label} is missing` };
    if (value.length > most) return { name, why: `${label} is longer than ${most} characters` };
    if (options !== undefined && !options.includes(value))
      return { name, why: `${label} is one of ${options.join(', ')}` };
    if (value !== '' && fits !== undefined && !fits.test(value))
      return { name, why: `${label} cannot be “${value.slice(0, 80)}”` };
    settings[name] = value;
  }
  if (kind === 'script' && !goodParameters(settings.parameters!))
    return { name: 'parameters', why: 'write NAME=value, one a line, names in capitals, at most 20' };
  return settings;
}
export const isSettingFault = (it: Settings | SettingFault): it is SettingFault => 'why' in it;
