import {
  type Asking,
  baseFaults,
  type ControlKind,
  type Fault,
  faultsIfSaid,
  listFaults,
  nameFaults,
  type Ordering,
} from '../control.ts';
import { disableInstead } from './disable.ts';

/**
 * Takes from an agent its ability to act: the tools listed, or all of them; by every agent, or one. A credential that is
 * named is refused in whatever is done with it. A tool call that does not say its agent or credential is taken to be theirs.
 */
export interface Revoke {
  readonly kind: 'revoke';
  readonly feature?: string;
  readonly message?: string;
  readonly inFlight?: 'drain';
  readonly agent?: string;
  readonly tools?: readonly string[];
  readonly credential?: string;
}

export const TOOL_LIMIT = 200;

/** Faults of a list of tools. */
export const toolFaults = (pointer: string, tools: unknown): Fault[] =>
  listFaults(pointer, tools, TOOL_LIMIT, 'names', nameFaults);

function describe({ agent, tools, credential, feature }: Revoke): string {
  const what = tools === undefined ? 'all tools' : tools.join(', ');
  const whose = agent === undefined ? '' : ` of ${agent}`;
  const by = credential === undefined ? '' : ` under ${credential}`;
  return `revoke ${what}${whose}${by}${feature === undefined ? '' : ` for ${feature}`}`;
}

function check(control: Revoke): readonly Fault[] {
  const { agent, tools, credential } = control;
  return [
    ...baseFaults(control),
    ...faultsIfSaid('/agent', agent, nameFaults),
    ...faultsIfSaid('/tools', tools, toolFaults),
    ...faultsIfSaid('/credential', credential, nameFaults),
  ];
}

const may = (named: string | undefined, said: string | undefined) =>
  named === undefined || said === undefined || named === said;

function apply(control: Revoke, request: Asking): 'deny' | undefined {
  const { tool } = request;
  if (tool === undefined) {
    const credential = control.tools === undefined ? control.credential : undefined;
    return credential !== undefined && request.credential === credential && may(control.agent, request.agent)
      ? 'deny'
      : undefined;
  }
  if (!may(control.agent, request.agent) || !may(control.credential, request.credential)) return undefined;
  return control.tools === undefined || control.tools.includes(tool) ? 'deny' : undefined;
}

export const revoke: ControlKind<Revoke> = { kind: 'revoke', check, apply };
export const orderingRevoke: Ordering<Revoke> = { describe, safeSuperset: disableInstead };
