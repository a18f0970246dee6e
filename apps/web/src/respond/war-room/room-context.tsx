import type { Recorded } from '@firebreak/core/kernel';
import type { Incident } from '@firebreak/core/respond/incidents';
import { createContext, useContext } from 'react';

export interface RoomView {
  readonly incident: Incident;
  readonly facts: readonly Recorded[];
}

export const RoomContext = createContext<RoomView | null>(null);

export function useRoom(): RoomView {
  const room = useContext(RoomContext);
  if (room === null) throw new Error('no war room around this');
  return room;
}
