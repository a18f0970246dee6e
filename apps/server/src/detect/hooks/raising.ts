import {
  type Alert,
  type AlertSeverity,
  type Channel,
  duty,
  systemOfAlert,
  UNNAMED_SYSTEM,
} from '@firebreak/core/detect/signals';
import type { SourceProduct } from '@firebreak/core/prepare/sources';
import type { Sql } from '../../platform/index.ts';
import { registeredAmong } from '../../prepare/inventory/index.ts';
import type { Raising } from '../signals/index.ts';

const KINDS: Readonly<Partial<Record<SourceProduct, { readonly channel: Channel; readonly kind: string }>>> = {
  statuspage: { channel: 'external', kind: 'supplier-status' },
  promptfoo: { channel: 'probe', kind: 'probe-result' },
};
const HINTS: Readonly<Record<AlertSeverity, 1 | 2 | 3 | 4>> = { critical: 1, high: 2, warning: 3, info: 4, low: 4 };

export interface Origin {
  readonly product: SourceProduct;
  /** Name of the source, or the product where there is none. */
  readonly name: string;
  readonly system: string | null;
  readonly label: string;
  /** A source that proved itself, and was told to page with what it calls critical. */
  readonly pages: boolean;
}

/** The system an alert would be about; null: it does not say, and no registered system goes by what it names. */
export async function systemFor(
  sql: Sql,
  alert: Alert,
  origin: Pick<Origin, 'system' | 'label'>,
): Promise<string | null> {
  const { named, maybe } = systemOfAlert(alert, origin);
  if (named !== null || maybe.length === 0) return named;
  const known = await registeredAmong(sql, maybe);
  return maybe.find((key) => known.has(key)) ?? null;
}

export async function raisingOf(sql: Sql, alert: Alert, origin: Origin): Promise<Raising> {
  const told = [alert.title, alert.text === alert.title ? '' : alert.text].filter((part) => part !== '').join(' — ');
  return {
    ...(KINDS[origin.product] ?? { channel: 'telemetry', kind: 'monitor-alert' }),
    detector: origin.name,
    rule: origin.product,
    evidenceClass:
      alert.severityGiven && (alert.severity === 'critical' || alert.severity === 'high') ? 'strong' : 'weak',
    system: (await systemFor(sql, alert, origin)) ?? UNNAMED_SYSTEM,
    severityHint: alert.severityGiven ? HINTS[alert.severity] : null,
    text: `${told.slice(0, 1_700)}${alert.url === null || alert.url.length > 280 ? '' : ` (${alert.url})`}`,
    at: alert.at as Raising['at'],
    ...(origin.pages &&
      alert.severityGiven &&
      alert.severity === 'critical' && {
        pagesAlone: duty(`“${origin.name}” calls it critical, and was told to page with that`),
      }),
  };
}
