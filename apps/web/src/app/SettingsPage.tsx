import { PublicForm } from '../detect/reports/index.ts';
import { Settings } from '../prepare/people/Settings.tsx';
import { GatewayList } from '../respond/gateways/index.ts';
import { Subscriptions } from '../respond/links/Subscriptions.tsx';
import { Transmitters } from '../respond/transmitters/index.ts';

/** Settings, with the public form, the tools that are told what happens, whoever tells us, and the gateways. */
export function SettingsPage() {
  return (
    <Settings>
      <PublicForm />
      <Subscriptions />
      <Transmitters />
      <GatewayList />
    </Settings>
  );
}
