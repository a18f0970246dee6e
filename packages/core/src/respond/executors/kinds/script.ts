import type { Kind } from './kind.ts';

const MOST_PARAMETERS = 20;
export const SCRIPT_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const PARAMETER = /^[A-Z][A-Z0-9_]{0,39}=.*$/;

/** `NAME=value` lines as members; lines that are empty are left out. */
export function parametersOf(text: string): Readonly<Record<string, string>> {
  const pairs = text.split('\n').flatMap((line) => {
    const place = line.indexOf('=');
    return place <= 0 ? [] : [[line.slice(0, place).trim(), line.slice(place + 1).trim()] as const];
  });
  return Object.fromEntries(pairs);
}
export const goodParameters = (text: string): boolean => {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.length <= MOST_PARAMETERS && lines.every((line) => PARAMETER.test(line.trim()));
};

/** A script that lies with a runner, by its name. The server never runs a command, and never sends one. */
export const script: Kind = {
  title: 'Script on a runner',
  api: 'firebreak runner',
  fields: [
    { name: 'runner', label: 'Runner', hint: 'The name it was started with', fits: SCRIPT_NAME },
    { name: 'script', label: 'Script', hint: 'Its file name in the folder of the runner', fits: SCRIPT_NAME },
    {
      name: 'parameters',
      label: 'Parameters',
      hint: 'NAME=value, one a line; the script finds them in its environment',
      otherwise: '',
      most: 4_000,
      long: true,
    },
    {
      name: 'seconds',
      label: 'Seconds it may take',
      hint: '1 to 600; then it is ended',
      otherwise: '60',
      fits: /^([1-9]|[1-9]\d|[1-5]\d\d|600)$/,
    },
  ],
  secret: null,
  patience: ({ seconds }) => Number(seconds) + 30,
  reports: true,
  says: ({ script: name, runner }, way) => `run ${name} on ${runner} with state ${way}`,
  untried: 'the script itself is not run: it cannot be tried without its effect',
  look: () => null,
  saw: () => ({ value: {}, says: '' }),
  stands: () => 'under-way',
  change: () => [],
};
