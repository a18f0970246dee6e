import type { Manifest } from '@firebreak/core/respond/containment';
import type { Sql } from '../../platform/index.ts';

/** How far the telemetry of a system had come in. */
export async function telemetryMarks(_sql: Sql, _system: string): Promise<Manifest['telemetry']> {
  return {};
}

export interface FeatureTraffic {
  readonly feature: string | null;
  readonly requests: number;
}

/** Interactions since an instant, by feature; null where nothing of the system is recorded. */
export async function trafficSince(_sql: Sql, _system: string, _since: string): Promise<FeatureTraffic[] | null> {
  return null;
}
