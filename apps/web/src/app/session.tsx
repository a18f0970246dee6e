import { people } from '@firebreak/contract/prepare/people';
import type { Actor } from '@firebreak/core/kernel';
import type { Capability } from '@firebreak/core/prepare/people';
import { useCallback } from 'react';
import { useAsk } from './ask.ts';

export function useMe() {
  return useAsk(people.me, {});
}

/** Whether the person here may do this. False until known. */
export function useMay(capability: Capability): boolean {
  return useMe().data?.may.includes(capability) ?? false;
}

/** Names behind the ids of facts. An id nobody knows is shown as it is, never guessed. */
export function useNames(): (actor: Actor | string | null | undefined) => string {
  const names = useAsk(people.directory, {}).data?.names;
  return useCallback(
    (actor) => {
      if (actor === null || actor === undefined) return 'nobody';
      if (typeof actor !== 'string' && actor.kind === 'system') return 'Firebreak';
      const id = typeof actor === 'string' ? actor : actor.id;
      return names?.[id] ?? id;
    },
    [names],
  );
}

export const firstName = (name: string): string => name.split(' ')[0] ?? name;
