import { Settings } from '../prepare/people/Settings.tsx';
import { GatewayList } from '../respond/gateways/index.ts';
import { Subscriptions } from '../respond/links/Subscriptions.tsx';

/** Settings, with the tools that are told what happens, and the gateways. */
export function SettingsPage() {
  return (
    <Settings>
      <Subscriptions />
      <GatewayList />
    </Settings>
  );
}
