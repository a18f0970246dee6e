import {
  baseFaults,
  type ControlKind,
  countFaults,
  type Fault,
  faultsIfSaid,
  type Settings as Generation,
  nameFaults,
  type Ordering,
} from '../control.ts';

/** Has answers generated otherwise: less varied, shorter, or by settings of the application's own, such as a threshold. */
export interface Settings extends Generation {
  readonly kind: 'settings';
  readonly feature?: string;
  readonly message?: string;
  readonly inFlight?: 'drain';
}

const VALUE_LIMIT = 20;
const VALUE_LENGTH = 200;

function withinFaults(pointer: string, value: unknown, most: number): Fault[] {
  const good = typeof value === 'number' && value >= 0 && value <= most;
  return good ? [] : [{ pointer, why: `use a number from 0 to ${most}` }];
}

function valueFaults(at: string, values: unknown): Fault[] {
  if (typeof values !== 'object' || values === null || Array.isArray(values))
    return [{ pointer: at, why: 'give names and values' }];
  const entries = Object.entries(values);
  if (entries.length === 0 || entries.length > VALUE_LIMIT)
    return [{ pointer: at, why: `give 1 to ${VALUE_LIMIT} values` }];
  return entries.flatMap(([name, value]) => {
    const pointer = `${at}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    const good =
      typeof value === 'boolean' ||
      (typeof value === 'number' && Number.isFinite(value)) ||
      (typeof value === 'string' && value.length <= VALUE_LENGTH);
    const faults = nameFaults(pointer, name, 100);
    return good
      ? faults
      : [...faults, { pointer, why: `use a number, true, false, or at most ${VALUE_LENGTH} characters` }];
  });
}

function check(control: Settings): readonly Fault[] {
  const { temperature, topP, maxTokens, values } = control;
  const faults = [
    ...baseFaults(control),
    ...faultsIfSaid('/temperature', temperature, (at, value) => withinFaults(at, value, 2)),
    ...faultsIfSaid('/topP', topP, (at, value) => withinFaults(at, value, 1)),
    ...faultsIfSaid('/maxTokens', maxTokens, (at, value) => countFaults(at, value, 1, 10_000_000)),
    ...faultsIfSaid('/values', values, valueFaults),
  ];
  const says = temperature !== undefined || topP !== undefined || maxTokens !== undefined || values !== undefined;
  return says
    ? faults
    : [...faults, { pointer: '', why: 'say what is to be set: temperature, topP, maxTokens or values' }];
}

function describe({ temperature, topP, maxTokens, values, feature }: Settings): string {
  const parts = [
    ...(temperature === undefined ? [] : [`temperature at most ${temperature}`]),
    ...(topP === undefined ? [] : [`top-p at most ${topP}`]),
    ...(maxTokens === undefined ? [] : [`at most ${maxTokens} tokens`]),
    ...Object.entries(values ?? {}).map(([name, value]) => `${name} = ${value}`),
  ];
  return `generate with ${parts.join(', ')}${feature === undefined ? '' : ` for ${feature}`}`;
}

export const settings: ControlKind<Settings> = {
  kind: 'settings',
  check,
  apply: (control) => ({ settings: control }),
};
export const orderingSettings: Ordering<Settings> = { describe };

const least = (a: number | undefined, b: number | undefined) =>
  a === undefined ? b : b === undefined ? a : Math.min(a, b);

/** Both at once: of two bounds the lower, of two values the later. */
export function bothSettings(a: Generation | undefined, b: Generation): Generation {
  const temperature = least(a?.temperature, b.temperature);
  const topP = least(a?.topP, b.topP);
  const maxTokens = least(a?.maxTokens, b.maxTokens);
  const values = a?.values === undefined ? b.values : { ...a.values, ...b.values };
  return {
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { topP }),
    ...(maxTokens === undefined ? {} : { maxTokens }),
    ...(values === undefined ? {} : { values }),
  };
}
