import { warRoom } from '@firebreak/contract/respond/war-room';
import type { Recorded } from '@firebreak/core/kernel';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { client } from '../../app/api.ts';
import { onFact, onResync } from '../../app/live.ts';
import { mergeFacts } from './merge-facts.ts';

/** More facts than any incident has; beyond, the room says so instead of loading for ever. */
const MOST_FACTS = 20_000;

interface Loaded {
  /** The incident's id: the name of its stream. */
  readonly stream: string;
  readonly facts: readonly Recorded[];
  readonly cut: boolean;
}

async function load(
  incident: string,
  after: number,
  signal?: AbortSignal,
): Promise<{ facts: Recorded[]; cut: boolean }> {
  const facts: Recorded[] = [];
  let from = after;
  for (;;) {
    const page = await client.call(
      warRoom.facts,
      { params: { incident }, query: { after: from } },
      signal ? { signal } : {},
    );
    facts.push(...(page.facts as unknown as Recorded[]));
    if (!page.more || page.facts.length === 0) return { facts, cut: false };
    if (facts.length >= MOST_FACTS) return { facts, cut: true };
    from = page.facts.at(-1)!.seq;
  }
}

/** All facts of an incident, kept whole by the live stream: what is missed is noticed and fetched. */
export function useFactsOf(incident: string) {
  const cache = useQueryClient();
  const loaded = useQuery<Loaded>({
    queryKey: ['room', incident],
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
    queryFn: async ({ signal }) => {
      const { facts, cut } = await load(incident, 0, signal);
      return { facts, cut, stream: facts.find((fact) => fact.type === 'incident.declared')?.stream ?? incident };
    },
  });
  const stream = loaded.data?.stream;
  useEffect(() => {
    if (stream === undefined) return;
    let ended = false;
    const take = (heard: readonly Recorded[]): boolean => {
      let gap = false;
      cache.setQueryData<Loaded>(['room', incident], (have) => {
        if (!have) return have;
        const merged = mergeFacts(have.facts, heard, have.stream);
        gap = merged.gap;
        return merged.facts === have.facts ? have : { ...have, facts: merged.facts };
      });
      return gap;
    };
    const catchUp = async (): Promise<void> => {
      try {
        const { facts } = await load(incident, 0);
        if (!ended) take(facts);
      } catch {
        // The stale banner says that the server is out of reach; the next resync tries again.
      }
    };
    const ends = [
      onFact((fact) => {
        if (fact.stream !== stream && fact.incident !== stream) return;
        if (take([fact])) void catchUp();
      }),
      onResync(() => void catchUp()),
    ];
    void catchUp();
    return () => {
      ended = true;
      for (const end of ends) end();
    };
  }, [cache, incident, stream]);
  return loaded;
}
