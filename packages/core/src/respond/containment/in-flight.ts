import type { ControlBase, Fault } from './control.ts';
import { type Control, controlFaults, isKnownControl } from './kinds/registry.ts';

/** What becomes of answers and calls that run when an order comes: they are ended with an error, or left to finish. */
export const IN_FLIGHT = ['abort', 'drain'] as const;
export type InFlightPolicy = (typeof IN_FLIGHT)[number];

/** Whether a control of this kind ends what runs, so that it can be told to let it finish instead. */
export function endsWhatRuns(control: ControlBase): boolean {
  if (!isKnownControl(control)) return false;
  const { kind } = control;
  return (
    kind === 'disable' ||
    kind === 'fence' ||
    kind === 'input' ||
    kind === 'revoke' ||
    // Words of an answer are judged as they come, whenever the question was asked.
    (kind === 'block' && control.direction === 'input')
  );
}

/** The control with another policy for what runs; undefined leaves it as it was wired. */
export function withInFlight<C extends ControlBase>(control: C, policy: InFlightPolicy | undefined): C {
  if (policy === undefined) return control;
  const { inFlight: _, ...rest } = control;
  return (policy === 'drain' ? { ...rest, inFlight: policy } : rest) as C;
}

/** Bad parameters of a control that is to be wired, ordered or signed ahead of time; none means that it can be. */
export function orderFaults(control: ControlBase): readonly Fault[] {
  const faults = controlFaults(control);
  const pointer = '/inFlight';
  if (control.inFlight === undefined) return faults;
  if (control.inFlight !== 'drain')
    return [...faults, { pointer, why: 'say "drain" to let what runs finish, or leave it out to have it ended' }];
  if (faults.length > 0 || endsWhatRuns(control)) return faults;
  const why =
    (control as Control).kind === 'block'
      ? 'words of answers are judged as they come: say "direction": "input" with it, or leave it out'
      : `a control of the kind ${control.kind} ends nothing that runs: leave it out`;
  return [{ pointer, why }];
}
