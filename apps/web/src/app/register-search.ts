import { CALLABLE_ARCHETYPES, type CalledArchetype } from '@firebreak/core/detect/signals';
import { INCIDENT_KINDS, type IncidentKind } from '@firebreak/core/respond/incidents';

interface RegisterSearch {
  readonly show?: 'all' | undefined;
  readonly kind?: IncidentKind | undefined;
  readonly system?: string | undefined;
  readonly archetype?: CalledArchetype | undefined;
}

/** The filters of the register as the address carries them; what it does not understand is left out. */
export function registerSearch(search: Record<string, unknown>): RegisterSearch {
  const kind = INCIDENT_KINDS.find((each) => each === search.kind);
  const archetype = CALLABLE_ARCHETYPES.find((each) => each === search.archetype);
  return {
    ...(search.show === 'all' && { show: 'all' as const }),
    ...(kind && { kind }),
    ...(typeof search.system === 'string' && search.system !== '' && { system: search.system }),
    ...(archetype && { archetype }),
  };
}
